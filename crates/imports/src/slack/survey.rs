//! The first pass: reads every entry, checks it, and learns who and what occurs.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use weft_kernel::{Fault, Micros};

use super::{
    Slack, convert,
    shape::{Channel, Message, User},
};
use crate::model::{Person, PersonKind, Space, SpaceKind, Survey};
use crate::{archive::broken, json};

/// The lists of conversations, each with its kind and whether an export must have it.
const LISTS: [(&str, SpaceKind, bool); 4] = [
    ("channels.json", SpaceKind::Channel, true),
    ("groups.json", SpaceKind::PrivateChannel, false),
    ("mpims.json", SpaceKind::Group, false),
    ("dms.json", SpaceKind::Direct, false),
];
/// Entries at the root that are known and not carried over.
const OTHER_LISTS: [&str; 5] = [
    "integration_logs.json",
    "canvases.json",
    "file_conversations.json",
    "lists.json",
    "huddle_transcripts.json",
];

/// Everybody by outside id, in the order in which they turned up.
#[derive(Default)]
struct People {
    list: Vec<Person>,
    known: FxHashSet<String>,
    teams: BTreeMap<String, usize>,
}

pub(super) fn run(slack: &mut Slack) -> Result<Survey, Fault> {
    let mut people = People::default();
    json::each_element("users.json", slack.archive.entry("users.json")?, |user: User| people.user(user))?;
    let (mut spaces, mut general) = (Vec::new(), None);
    for (list, kind, required) in LISTS {
        if !required && !slack.archive.has(list) {
            continue;
        }
        let pins = &mut slack.pins;
        json::each_element(list, slack.archive.entry(list)?, |channel: Channel| {
            let key = (!channel.is_general, channel.created, channel.id.clone());
            if kind == SpaceKind::Channel && general.as_ref().is_none_or(|g| key < *g) {
                general = Some(key);
            }
            pins.push(pins_of(&channel));
            spaces.push(space(list, kind, channel)?);
            Ok(())
        })?;
    }
    check_distinct(&spaces)?;
    slack.days = days(slack, &spaces)?;
    let (mut posts, mut newest) = (0, 0);
    for (index, space) in spaces.iter_mut().enumerate() {
        let read = read_days(slack, index, space, &mut people)?;
        posts += read.0;
        newest = newest.max(read.1);
        let creator = space.1.creator.iter();
        for id in space.1.members.iter().chain(creator) {
            people.stranger(id, None);
        }
    }
    let source = source_name(&people, general);
    let folders = spaces.into_iter().map(|(_, space)| space);
    Ok(Survey { source, people: people.list, spaces: folders.collect(), posts, newest, complete: true })
}

/// The folder of a conversation's days, and the conversation.
type Foldered = (String, Space);

fn space(list: &str, kind: SpaceKind, channel: Channel) -> Result<Foldered, Fault> {
    if channel.id.is_empty() || channel.id.len() > 64 {
        return Err(broken(format!("{list}: a conversation has no usable id.")));
    }
    let folder = match kind {
        SpaceKind::Direct => channel.id.clone(),
        _ if channel.name.is_empty() => channel.id.clone(),
        _ => channel.name.clone(),
    };
    let mut members = channel.members;
    members.sort_unstable();
    members.dedup();
    let space = Space {
        outside: channel.id,
        kind,
        name: if kind.is_named() { channel.name } else { String::new() },
        topic: super::mrkdwn::decode(&channel.topic.value),
        purpose: super::mrkdwn::decode(&channel.purpose.value),
        created_at: channel.created.clamp(0, 7_258_118_400) * 1_000_000,
        first_at: None,
        creator: channel.creator.filter(|c| !c.is_empty()),
        archived: channel.is_archived,
        default: channel.is_general,
        members,
        roots: FxHashSet::default(),
    };
    Ok((folder, space))
}

fn pins_of(channel: &Channel) -> FxHashMap<String, (String, i64)> {
    let pins = channel.pins.iter();
    pins.map(|pin| (pin.id.clone(), (pin.user.clone(), pin.created.clamp(0, 7_258_118_400) * 1_000_000)))
        .collect()
}

fn check_distinct(spaces: &[Foldered]) -> Result<(), Fault> {
    let (mut ids, mut folders) = (FxHashSet::default(), FxHashSet::default());
    for (folder, space) in spaces {
        if !ids.insert(&space.outside) {
            return Err(broken(format!("Two conversations have the id {}.", space.outside)));
        }
        if !folders.insert(folder) {
            return Err(broken(format!("Two conversations are named “{}”.", folder.escape_debug())));
        }
    }
    Ok(())
}

/// Per conversation its day files in order.
fn days(slack: &mut Slack, spaces: &[Foldered]) -> Result<Vec<Vec<String>>, Fault> {
    let by_folder: FxHashMap<&str, usize> =
        spaces.iter().enumerate().map(|(i, (folder, _))| (folder.as_str(), i)).collect();
    let mut days = vec![Vec::new(); spaces.len()];
    for name in slack.archive.names() {
        match name.split_once('/') {
            None if name == "users.json" || LISTS.iter().any(|(list, ..)| *list == name) => {}
            None => slack.unread.skip(match OTHER_LISTS.contains(&name) {
                true => format!("entry:{name}"),
                false => "entry:unknown".to_owned(),
            }),
            Some((folder, day)) => match by_folder.get(folder) {
                Some(space) if is_day(day) => days[*space].push(name.to_owned()),
                // Slack's own folders for comments on files, and what packing tools add.
                None if is_day(day) && !folder.starts_with("FC:") && !folder.starts_with("__") => {
                    return Err(broken(format!(
                        "The folder “{}” is in none of the archive's lists of conversations: the archive is incomplete.",
                        folder.escape_debug()
                    )));
                }
                _ => slack.unread.skip("entry:unknown"),
            },
        }
    }
    for _ in 0..slack.archive.others {
        slack.unread.skip("entry:not_json");
    }
    days.iter_mut().for_each(|list| list.sort_unstable());
    Ok(days)
}

fn is_day(name: &str) -> bool {
    let date = name.strip_suffix(".json").unwrap_or_default().as_bytes();
    date.len() == 10
        && date
            .iter()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() })
}

/// Reads a conversation's days; returns how many messages they hold, and the newest one's time.
fn read_days(
    slack: &mut Slack,
    index: usize,
    (_, space): &mut Foldered,
    people: &mut People,
) -> Result<(u64, Micros), Fault> {
    let (mut posts, mut newest) = (0, 0);
    for entry in slack.days[index].clone() {
        json::each_element(&entry, slack.archive.entry(&entry)?, |message: Message| {
            posts += 1;
            let at = convert::time(&entry, &message.ts)?;
            newest = newest.max(at);
            space.first_at = Some(space.first_at.map_or(at, |first| first.min(at)));
            if let Some(edited) = &message.edited {
                convert::time(&entry, &edited.ts)?;
            }
            if let Some(root) = message.thread_ts.as_ref().filter(|t| **t != message.ts) {
                convert::time(&entry, root)?;
                space.roots.insert(convert::nonce(root));
            }
            if let Some(author) = message.author() {
                people.stranger(&author, Some(&message));
            }
            Ok(())
        })?;
    }
    Ok((posts, newest))
}

/// Names the workspace, the same in each of its exports: by its id where users carry it, else by
/// the general (else the oldest) channel, which stays.
fn source_name(people: &People, general: Option<(bool, i64, String)>) -> String {
    let team = people.teams.iter().max_by_key(|(_, count)| **count).map(|(team, _)| team.clone());
    let name = team.or(general.map(|(_, _, id)| id)).unwrap_or_else(|| "empty".to_owned());
    format!("slack:{}", name.chars().take(64).collect::<String>())
}

impl People {
    fn user(&mut self, user: User) -> Result<(), Fault> {
        if user.id.is_empty() || user.id.len() > 64 {
            return Err(broken("users.json: a user has no usable id."));
        }
        if !self.known.insert(user.id.clone()) {
            return Err(broken(format!("users.json lists the id {} twice.", user.id.escape_debug())));
        }
        if !user.team_id.is_empty() {
            *self.teams.entry(user.team_id).or_default() += 1;
        }
        let names = [&user.profile.real_name, &user.real_name, &user.profile.display_name, &user.name];
        let name = names.into_iter().find(|n| !n.trim().is_empty()).unwrap_or(&user.id).clone();
        self.list.push(Person {
            outside: user.id,
            kind: match (user.is_bot, user.is_restricted || user.is_ultra_restricted) {
                (true, _) => PersonKind::Bot,
                (false, true) => PersonKind::Guest,
                (false, false) => PersonKind::Member,
            },
            name,
            email: user.profile.email.filter(|e| e.contains('@')),
            title: user.profile.title,
            timezone: user.tz,
        });
        Ok(())
    }

    /// Somebody who occurs without being in `users.json`: a bot, or a person of another
    /// workspace with whom a channel was shared.
    fn stranger(&mut self, id: &str, seen_in: Option<&Message>) {
        if id.len() > 256 || self.known.contains(id) {
            return;
        }
        let bot = id.starts_with("bot:")
            || seen_in.is_some_and(|m| m.user.as_deref() != Some(id) && m.bot_id.as_deref() == Some(id));
        let profile = seen_in.and_then(|m| m.bot_profile.as_ref().or(m.user_profile.as_ref()));
        let username = seen_in.and_then(|m| m.username.as_ref());
        let names = profile.map(|p| [&p.name, &p.real_name, &p.display_name]).into_iter().flatten();
        let name = username.into_iter().chain(names).find(|n| !n.trim().is_empty());
        self.known.insert(id.to_owned());
        self.list.push(Person {
            outside: id.to_owned(),
            kind: if bot { PersonKind::Bot } else { PersonKind::Member },
            name: name.map_or_else(|| id.to_owned(), Clone::clone),
            email: None,
            title: String::new(),
            timezone: None,
        });
    }
}
