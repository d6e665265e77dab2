//! A company to look around in: 织线科技 (Weftworks), a week of its conversations, in Chinese and
//! English. Its texts lie in `data/`; times are relative to now.
//!
//! It comes in through the same engine as any import.

mod data;

use rustc_hash::FxHashMap;
use weft_kernel::{Env, Fault, Micros, OrgKey, PrincipalKey, names};
use weft_storage::{Db, params, statements};

use crate::{
    engine::{self, Options},
    model::{Directory, Mentions, Person, PersonKind, Post, Sink, Source, Space, SpaceKind, Survey},
    report::{Report, Tally},
};
use data::{Company, Message};

/// What the company is called.
pub const COMPANY: &str = "织线科技 Weftworks";

const SOURCE: &str = "demo:weftworks";
/// Conversations are this much older than what is left of them.
const OLDER: Micros = 30 * 86_400_000_000;

statements! {
    /// Whether anything is on the server.
    ANYTHING = "SELECT (SELECT COUNT(*) FROM orgs) + (SELECT COUNT(*) FROM accounts)";
    /// Everybody but those with an account is present without one.
    LIVEN = "UPDATE principals SET state = 1 WHERE org = $1 AND state = 3";
    /// What the data say of somebody with an account.
    DESCRIBE = "UPDATE principals SET title = $3, timezone = $4 WHERE org = $1 AND email = $2 AND state = 1";
    /// Leaves the last $4 messages of a conversation unread.
    UNREAD = "UPDATE members SET read_n = read_n - CAST($4 AS BIGINT), read_seq = COALESCE((SELECT m.seq FROM messages m
                WHERE m.log = members.log AND m.thread IS NULL AND m.n = members.read_n - CAST($4 AS BIGINT)), 0)
              WHERE log = (SELECT subject FROM import_map WHERE org = $1 AND source = 'demo:weftworks'
                             AND kind = 'conversation' AND outside = $2)
                AND principal = (SELECT subject FROM import_map WHERE org = $1 AND source = 'demo:weftworks'
                                   AND kind = 'user' AND outside = $3)
                AND read_n >= CAST($4 AS BIGINT)";
}

/// Somebody whom the visitor signs in as. Make these before [`run`], by their address.
#[derive(Debug, Clone, Copy)]
pub struct DemoAccount {
    /// Their id in the data.
    pub id: &'static str,
    /// Shown name.
    pub name: &'static str,
    /// To sign in with.
    pub email: &'static str,
    /// Language of their client.
    pub locale: &'static str,
}

/// One who reads English, one who reads Chinese.
pub const ACCOUNTS: [DemoAccount; 2] = [
    DemoAccount { id: "emma", name: "Emma Clarke", email: "emma@weftworks.example", locale: "en" },
    DemoAccount { id: "lin", name: "林晓雯", email: "lin@weftworks.example", locale: "zh-CN" },
];

/// Whether nothing is on the server yet.
///
/// # Errors
/// Any database fault.
pub async fn is_empty(db: &Db) -> Result<bool, Fault> {
    let count: i64 = db.query_one(ANYTHING, Vec::new()).await?.get(0)?;
    Ok(count == 0)
}

/// Fills `org`, in which [`ACCOUNTS`] have been made.
///
/// # Errors
/// Any database fault.
pub async fn run(db: &Db, env: &Env, org: OrgKey) -> Result<Report, Fault> {
    let company = data::read()?;
    let demo = Demo { company: company.clone(), now: env.now() };
    let report = engine::run(db, env, org, Box::new(demo), None, Options::default(), &|_| {}).await?;
    db.execute(LIVEN, params![org]).await?;
    for account in ACCOUNTS {
        if let Some(person) = company.people.iter().find(|p| p.id == account.id) {
            db.execute(DESCRIBE, params![org, account.email, person.title.as_str(), person.zone.as_str()])
                .await?;
        }
        for space in &company.spaces {
            let unread = space.unread_of(account.id);
            db.execute(UNREAD, params![org, space.id.as_str(), account.id, unread]).await?;
        }
    }
    Ok(report)
}

struct Demo {
    company: Company,
    now: Micros,
}

impl Source for Demo {
    fn survey(&mut self) -> Result<Survey, Fault> {
        let people = self.company.people.iter().map(|person| Person {
            outside: person.id.clone(),
            kind: if person.bot { PersonKind::Bot } else { PersonKind::Member },
            name: person.name.clone(),
            email: (!person.bot).then(|| format!("{}@weftworks.example", person.id)),
            title: person.title.clone(),
            timezone: Some(person.zone.clone()),
        });
        let spaces = self.company.spaces.iter().map(|space| self.space(space)).collect::<Result<_, _>>()?;
        let posts = self.company.spaces.iter().map(|space| space.messages.len() as u64).sum();
        Ok(Survey {
            source: SOURCE.to_owned(),
            people: people.collect(),
            spaces,
            posts,
            newest: self.now,
            complete: false,
        })
    }

    fn posts(
        &mut self,
        space: usize,
        directory: &Directory,
        sink: &mut dyn Sink,
        _: &mut Tally,
    ) -> Result<(), Fault> {
        let space = &self.company.spaces[space];
        let mut posts = Vec::new();
        for (number, message) in space.messages.iter().enumerate() {
            let root = nonce(&space.id, number, None);
            posts.push(self.post(message, root.clone(), None, directory)?);
            for (reply, message) in message.replies.iter().enumerate() {
                let own = nonce(&space.id, number, Some(reply));
                posts.push(self.post(message, own, Some(root.clone()), directory)?);
            }
        }
        posts.sort_by_key(|post| post.at);
        sink.take(posts)
    }
}

fn nonce(space: &str, number: usize, reply: Option<usize>) -> String {
    match reply {
        Some(reply) => format!("demo:{space}:{number}:{reply}"),
        None => format!("demo:{space}:{number}"),
    }
}

impl Demo {
    fn space(&self, space: &data::Space) -> Result<Space, Fault> {
        let everybody = || self.company.people.iter().filter(|p| !p.bot).map(|p| p.id.clone()).collect();
        let first =
            space.messages.iter().map(|m| data::time(&m.t, self.now)).collect::<Result<Vec<_>, _>>()?;
        let roots = space.messages.iter().enumerate().filter(|(_, m)| !m.replies.is_empty());
        Ok(Space {
            outside: space.id.clone(),
            kind: match space.kind.as_str() {
                "channel" => SpaceKind::Channel,
                "private_channel" => SpaceKind::PrivateChannel,
                "group" => SpaceKind::Group,
                _ => SpaceKind::Direct,
            },
            name: space.name.clone(),
            topic: space.topic.clone(),
            purpose: space.purpose.clone(),
            created_at: first.iter().copied().min().unwrap_or(self.now) - OLDER,
            first_at: first.into_iter().min(),
            creator: None,
            archived: false,
            default: space.default,
            members: if space.members == ["all"] { everybody() } else { space.members.clone() },
            roots: roots.map(|(number, _)| nonce(&space.id, number, None)).collect(),
        })
    }

    fn post(
        &self,
        message: &Message,
        nonce: String,
        thread: Option<String>,
        directory: &Directory,
    ) -> Result<Post, Fault> {
        let at = data::time(&message.t, self.now)?;
        let mut mentions = Mentions::default();
        let text = named(message.text.trim(), directory, &mut mentions);
        let part = |text: &str| vec![serde_json::json!({"type": "markdown", "text": text})];
        let mut reactions = Vec::new();
        for (emoji, who) in message.reactions() {
            reactions.push((emoji.to_owned(), person(directory, who)?));
        }
        reactions.sort_unstable();
        reactions.dedup();
        let edited = message.was.as_ref().map(|was| (at, Mentions::default().content(part(was))));
        Ok(Post {
            thread,
            content: mentions.content(part(&text)),
            edited_at: edited.as_ref().map(|_| at + 120_000_000),
            versions: edited.into_iter().collect(),
            mentions: mentions.keys(),
            reactions,
            pinned: match &message.pinned {
                Some(who) => Some((person(directory, who)?, at)),
                None => None,
            },
            ..Post::new(at, nonce, person(directory, &message.from)?)
        })
    }
}

fn person(directory: &Directory, id: &str) -> Result<PrincipalKey, Fault> {
    let known = directory.people.get(id).map(|known| known.key);
    known.ok_or_else(|| Fault::internal(format!("the demo data name nobody “{}”", names::fold(id))))
}

/// `<@id>` and `<#id>` of the data with the ids of this server.
fn named(text: &str, directory: &Directory, mentions: &mut Mentions) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        let inner = rest.find('>').map(|end| &rest[1..end]).unwrap_or_default();
        let replaced = match inner.split_at_checked(1) {
            Some(("@", id)) => directory.people.get(id).map(|known| {
                mentions.person(*known);
                format!("<@{}>", known.id)
            }),
            Some(("#", id)) => directory.spaces.get(id).map(|id| format!("<#{id}>")),
            _ => None,
        };
        let used = if replaced.is_some() { inner.len() + 2 } else { 1 };
        out.push_str(replaced.as_deref().unwrap_or("<"));
        rest = &rest[used..];
    }
    out.push_str(rest);
    out
}

/// How often each person occurs, for the test that everybody has something to say.
pub fn voices() -> Result<FxHashMap<String, usize>, Fault> {
    let company = data::read()?;
    let mut counts: FxHashMap<String, usize> = company.people.iter().map(|p| (p.id.clone(), 0)).collect();
    let roots = company.spaces.iter().flat_map(|space| &space.messages);
    for message in roots.flat_map(|root| std::iter::once(root).chain(&root.replies)) {
        *counts.entry(message.from.clone()).or_default() += 1;
    }
    Ok(counts)
}
