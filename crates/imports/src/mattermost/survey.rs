//! Reads every line, checks that what it refers to is there, and keeps the messages.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};
use weft_kernel::{Fault, names};

use super::{
    Mattermost,
    shape::{Bot, Channel, DirectChannel, Line, Post, Team, User},
};
use crate::{
    archive::{broken, shown},
    attached::Attachment,
    model::{Person, PersonKind, Space, SpaceKind, Survey},
    report::Tally,
    spool::{Raw, Spool},
    spooled::time,
};

/// Longest name of a person, a team or a channel, in bytes.
const MAX_NAME: usize = 256;
/// Most people of a direct channel. Mattermost has eight.
const MAX_DIRECT: usize = 64;
/// The channel that everybody of a team is in.
const TOWN_SQUARE: &str = "town-square";

/// The outside id of a channel.
pub(super) fn channel_id(team: &str, name: &str) -> String {
    format!("{team}/{name}")
}

struct Reader<'a> {
    spool: &'a mut Spool,
    tally: &'a mut Tally,
    versioned: bool,
    /// What teams are called, by name.
    teams: BTreeMap<String, String>,
    people: Vec<Person>,
    known: FxHashSet<String>,
    spaces: Vec<Space>,
    /// The team of each conversation that has one.
    in_team: Vec<Option<String>>,
    by_id: FxHashMap<String, usize>,
}

pub(super) fn run(source: &mut Mattermost) -> Result<Survey, Fault> {
    let Mattermost { input, spool, unread, .. } = source;
    let mut reader = Reader {
        spool,
        tally: unread,
        versioned: false,
        teams: BTreeMap::new(),
        people: Vec::new(),
        known: FxHashSet::default(),
        spaces: Vec::new(),
        in_team: Vec::new(),
        by_id: FxHashMap::default(),
    };
    input.each_line(|number, text| reader.line(number, text))?;
    if !reader.versioned {
        return Err(broken("The export is empty: it has no line of type “version”."));
    }
    reader.tell_names_apart();
    let (survey, teams) = reader.finish()?;
    source.teams = teams;
    Ok(survey)
}

impl Reader<'_> {
    fn line(&mut self, number: u64, text: &str) -> Result<(), Fault> {
        let at = format!("line {number}");
        let line: Line = serde_json::from_str(text)
            .map_err(|e| broken(format!("{at}: it is not a line of a Mattermost export: {e}.")))?;
        if !self.versioned {
            return self.version(&at, &line);
        }
        let kind = line.kind.as_str();
        let missing = || broken(format!("{at}: the object of its type “{}” is missing.", shown(kind)));
        match kind {
            "team" => self.team(&at, line.team.ok_or_else(missing)?),
            "channel" => self.channel(&at, line.channel.ok_or_else(missing)?),
            "user" => self.user(&at, line.user.ok_or_else(missing)?),
            "bot" => self.bot(&at, line.bot.ok_or_else(missing)?),
            "post" => {
                let post = line.post.ok_or_else(missing)?;
                let space = self.channel_of(&at, &post)?;
                self.post(&at, space, post)
            }
            "direct_channel" => {
                let DirectChannel { members, header } = line.direct_channel.ok_or_else(missing)?;
                let space = self.direct(&at, &members)?;
                self.spaces[space].topic = header;
                Ok(())
            }
            "direct_post" => {
                let post = line.direct_post.ok_or_else(missing)?;
                let space = self.direct(&at, &post.channel_members)?;
                self.post(&at, space, post)
            }
            "version" => Err(broken(format!("{at}: a second line of type “version”."))),
            "emoji" => {
                self.tally.skip("custom_emoji");
                Ok(())
            }
            _ => {
                self.tally.skip(format!("line:{}", shown(kind)));
                Ok(())
            }
        }
    }

    fn version(&mut self, at: &str, line: &Line) -> Result<(), Fault> {
        match (line.kind.as_str(), line.version) {
            ("version", Some(1)) => {
                self.versioned = true;
                Ok(())
            }
            ("version", version) => {
                let version = version.map_or("none".to_owned(), |v| v.to_string());
                Err(broken(format!("{at}: the export's version is {version}; only version 1 is known.")))
            }
            _ => Err(broken(format!(
                "{at}: the first line must be of type “version”. Is it a Mattermost bulk export?"
            ))),
        }
    }

    fn team(&mut self, at: &str, team: Team) -> Result<(), Fault> {
        let name = name(at, "team", &team.name)?;
        let label = if team.display_name.trim().is_empty() { name.clone() } else { team.display_name };
        match self.teams.insert(name, label) {
            None => Ok(()),
            Some(_) => Err(broken(format!("{at}: the team “{}” occurs twice.", shown(&team.name)))),
        }
    }

    fn channel(&mut self, at: &str, channel: Channel) -> Result<(), Fault> {
        let (team, name) = (name(at, "team", &channel.team)?, name(at, "channel", &channel.name)?);
        if !self.teams.contains_key(&team) {
            return Err(broken(format!("{at}: there is no team “{}” before it.", shown(&team))));
        }
        let id = channel_id(&team, &name);
        if self.by_id.contains_key(&id) {
            return Err(broken(format!("{at}: the channel “{}” occurs twice.", shown(&id))));
        }
        let label = if channel.display_name.trim().is_empty() { &name } else { &channel.display_name };
        let kind = if channel.kind == "P" { SpaceKind::PrivateChannel } else { SpaceKind::Channel };
        let default = name == TOWN_SQUARE && !self.spaces.iter().any(|space| space.default);
        let space = Space {
            topic: channel.header,
            purpose: channel.purpose,
            archived: channel.deleted_at > 0,
            default,
            ..Space::new(id, kind, label.clone())
        };
        self.space(space, Some(team));
        Ok(())
    }

    fn space(&mut self, space: Space, team: Option<String>) -> usize {
        let index = self.spaces.len();
        self.by_id.insert(space.outside.clone(), index);
        self.spaces.push(space);
        self.in_team.push(team);
        index
    }

    fn user(&mut self, at: &str, user: User) -> Result<(), Fault> {
        let username = name(at, "user", &user.username)?;
        for team in &user.teams {
            let team_name = team.name.to_lowercase();
            for channel in &team.channels {
                match self.by_id.get(&channel_id(&team_name, &channel.name.to_lowercase())) {
                    Some(space) => self.spaces[*space].members.push(username.clone()),
                    // An archived channel may not be in the export.
                    None => self.tally.skip("membership_of_unknown_channel"),
                }
            }
        }
        let full = format!("{} {}", user.first_name.trim(), user.last_name.trim());
        let names = [full.trim(), user.nickname.trim()];
        let label = names.into_iter().find(|name| !name.is_empty()).unwrap_or(&user.username).to_owned();
        let guest = user.roles.split_whitespace().any(|role| role == "system_guest");
        let kind = if guest { PersonKind::Guest } else { PersonKind::Member };
        let email = Some(user.email).filter(|email| email.contains('@'));
        self.person(at, Person { email, title: user.position, ..Person::new(username, kind, label) })
    }

    fn bot(&mut self, at: &str, bot: Bot) -> Result<(), Fault> {
        let username = name(at, "bot", &bot.username)?;
        let label = if bot.display_name.trim().is_empty() { username.clone() } else { bot.display_name };
        self.person(at, Person::new(username, PersonKind::Bot, label))
    }

    fn person(&mut self, at: &str, person: Person) -> Result<(), Fault> {
        if !self.known.insert(person.outside.clone()) {
            return Err(broken(format!("{at}: the user “{}” occurs twice.", shown(&person.outside))));
        }
        self.people.push(person);
        Ok(())
    }

    /// A person whom a line refers to.
    fn known(&self, at: &str, user: &str) -> Result<String, Fault> {
        let user = user.to_lowercase();
        match self.known.contains(&user) {
            true => Ok(user),
            false => Err(broken(format!("{at}: there is no user “{}” before it.", shown(&user)))),
        }
    }

    fn channel_of(&self, at: &str, post: &Post) -> Result<usize, Fault> {
        let lower = |name: &Option<String>| name.as_deref().unwrap_or_default().to_lowercase();
        let id = channel_id(&lower(&post.team), &lower(&post.channel));
        let found = self.by_id.get(&id).copied();
        found.ok_or_else(|| broken(format!("{at}: there is no channel “{}” before it.", shown(&id))))
    }

    /// The conversation of these people; made when it is the first that is heard of it.
    fn direct(&mut self, at: &str, members: &[String]) -> Result<usize, Fault> {
        let mut members =
            members.iter().map(|user| self.known(at, user)).collect::<Result<Vec<String>, _>>()?;
        members.sort_unstable();
        members.dedup();
        if members.is_empty() || members.len() > MAX_DIRECT {
            let count = members.len();
            return Err(broken(format!("{at}: a direct channel of {count} people cannot be.")));
        }
        let id = format!("direct:{}", members.join(","));
        if let Some(space) = self.by_id.get(&id) {
            return Ok(*space);
        }
        let kind = if members.len() > 2 { SpaceKind::Group } else { SpaceKind::Direct };
        let only_team = self.teams.keys().next().filter(|_| self.teams.len() == 1).cloned();
        Ok(self.space(Space { members, ..Space::new(id, kind, String::new()) }, only_team))
    }

    fn post(&mut self, at: &str, space: usize, mut post: Post) -> Result<(), Fault> {
        let replies = std::mem::take(&mut post.replies);
        if post.delete_at > 0 && replies.is_empty() {
            self.tally.skip("deleted");
            return Ok(());
        }
        let root = self.message(at, space, post, None)?;
        for reply in replies {
            if !reply.replies.is_empty() {
                return Err(broken(format!("{at}: a reply has replies of its own.")));
            }
            if reply.delete_at > 0 {
                self.tally.skip("deleted");
                continue;
            }
            self.message(at, space, reply, root)?;
        }
        Ok(())
    }

    /// Keeps a message; returns how replies refer to it, unless it is left out.
    fn message(
        &mut self,
        at: &str,
        space: usize,
        post: Post,
        root: Option<u32>,
    ) -> Result<Option<u32>, Fault> {
        let user = self.known(at, &post.user)?;
        let written = time(at, post.create_at)?;
        let edited_at = if post.edit_at > 0 { Some(time(at, post.edit_at)?) } else { None };
        let system = post.kind.strip_prefix("system_").map(|event| system(event, &post.props));
        if system == Some(None) {
            self.tally.skip(format!("subtype:{}", shown(&post.kind)));
            return Ok(None);
        }
        self.count(&post);
        let attachments = post.props.get("attachments").cloned();
        let attachments: Vec<Attachment> =
            attachments.and_then(|list| serde_json::from_value(list).ok()).unwrap_or_default();
        let text = if post.kind == "me" { format!("_{}_", post.message.trim()) } else { post.message };
        let raw = Raw {
            user,
            text,
            system: system.flatten(),
            deleted: post.delete_at > 0,
            edited_at,
            pinned: post.is_pinned,
            attachments,
            reactions: post.reactions.into_iter().map(|r| (r.emoji_name, r.user.to_lowercase())).collect(),
            files: post.attachments.into_iter().map(|file| file.path).collect(),
        };
        self.spool.add(space, written, root, &raw).map(Some)
    }

    /// Counts what of a post has no place here.
    fn count(&mut self, post: &Post) {
        for _ in &post.flagged_by {
            self.tally.skip("saved_mark");
        }
        let other = post.props.get("override_username").and_then(Value::as_str);
        if other.is_some_and(|name| !name.is_empty()) {
            self.tally.adapt("posted_under_another_name");
        }
        if post.kind.starts_with("custom_") {
            self.tally.adapt("plugin_post_as_text");
        }
    }

    /// Channels of the same name in several teams get their team's name with theirs.
    fn tell_names_apart(&mut self) {
        let mut counts: FxHashMap<String, usize> = FxHashMap::default();
        let named = |space: &&mut Space| space.kind.is_named();
        for space in self.spaces.iter_mut().filter(named) {
            *counts.entry(names::fold(&space.name)).or_default() += 1;
        }
        for (space, team) in self.spaces.iter_mut().zip(&self.in_team) {
            let team = team.as_ref().and_then(|team| self.teams.get(team));
            let same = counts.get(&names::fold(&space.name)).is_some_and(|count| *count > 1);
            if let (true, true, Some(team)) = (space.kind.is_named(), same, team) {
                space.name.push_str(&format!(" ({team})"));
            }
        }
    }

    fn finish(mut self) -> Result<(Survey, Vec<Option<String>>), Fault> {
        let (posts, newest) = self.spool.arrange(&mut self.spaces)?;
        for space in &mut self.spaces {
            space.members.sort_unstable();
            space.members.dedup();
        }
        let team = self.teams.keys().next().map_or("direct", String::as_str);
        let source = format!("mattermost:{}", team.chars().take(64).collect::<String>());
        let survey =
            Survey { source, people: self.people, spaces: self.spaces, posts, newest, complete: true };
        Ok((survey, self.in_team))
    }
}

/// A name that others refer to, as it is compared.
fn name(at: &str, what: &str, name: &str) -> Result<String, Fault> {
    match name.trim().is_empty() || name.len() > MAX_NAME {
        true => Err(broken(format!("{at}: a {what} has no usable name."))),
        false => Ok(name.to_lowercase()),
    }
}

/// The code and parameters of what a system post tells; none for Mattermost's own workings.
fn system(event: &str, props: &serde_json::Map<String, Value>) -> Option<(String, Value)> {
    let text = |key: &str| props.get(key).and_then(Value::as_str).unwrap_or_default().replace('\0', "");
    let (code, params) = match event {
        "join_channel" | "join_team" => ("member.joined", json!({})),
        "leave_channel" | "leave_team" => ("member.left", json!({})),
        "header_change" => ("topic.changed", json!({"topic": text("new_header")})),
        "purpose_change" => ("purpose.changed", json!({"purpose": text("new_purpose")})),
        "displayname_change" => (
            "conversation.renamed",
            json!({"name": text("new_displayname"), "old_name": text("old_displayname")}),
        ),
        "channel_deleted" => ("conversation.archived", json!({})),
        "channel_restored" => ("conversation.unarchived", json!({})),
        _ => return None,
    };
    Some((code.to_owned(), params))
}
