//! Making conversations, and finding direct ones and groups again by their people.

use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{
    Fault, LogKey, Micros, PrincipalKey,
    id::{ConversationId, PrincipalId},
    names,
};
use weft_log::{ControlKind, Head, LogKind, control, head};
use weft_storage::{DbError, Tx, params};

use super::{
    join::{self, Entry, Person},
    publish,
    settings::{self, ConversationPatch},
    sql,
};
use crate::{
    cards,
    cx::Cx,
    rights,
    system::{self, Place},
    wire::{Conversation, Kind},
};

/// Longest topic, in characters.
pub(super) const TOPIC_CHARS: usize = 250;
/// Longest purpose, in characters.
pub(super) const PURPOSE_CHARS: usize = 1_000;

/// A request for a conversation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewConversation {
    /// What it is.
    pub kind: Kind,
    /// Needed for channels, possible for groups, refused for direct conversations.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is about now.
    #[serde(default)]
    pub topic: Option<String>,
    /// What it is for.
    #[serde(default)]
    pub purpose: Option<String>,
    /// The others; the caller is always in it. A direct conversation has one, or none: with
    /// oneself.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub members: Vec<PrincipalId>,
    /// Who may post in an announcement conversation, besides its owner and the org's admins; they
    /// become members.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub publishers: Vec<PrincipalId>,
    /// Whether posts of an announcement conversation may be commented on; on when it is absent.
    #[serde(default)]
    pub comments: Option<bool>,
    /// Everybody of the org but guests is in the announcement conversation, newcomers too; admins.
    #[serde(default)]
    pub everyone: bool,
}

struct Plan {
    kind: Kind,
    name: String,
    topic: String,
    purpose: String,
    people: Vec<Person>,
    people_key: Option<String>,
    publishers: Vec<PrincipalKey>,
    comments: bool,
}

/// Makes a conversation, or returns the direct one or unnamed group that these people have
/// (`false`).
///
/// # Errors
/// `invalid` for a bad name or member, `name_taken`, `forbidden` with code `guest`.
pub async fn create(
    cx: &Cx,
    caller: &Caller,
    wanted: NewConversation,
) -> Result<(Conversation, bool), Fault> {
    let everyone = wanted.everyone;
    let plan = plan(cx, caller, wanted).await?;
    if let Some(found) = existing(cx, caller, &plan).await? {
        return Ok((found, false));
    }
    match write(cx, caller, &plan).await {
        Ok(log) => {
            if everyone {
                let id = cards::card(&cx.db, &cx.people, caller.principal, log).await?.id;
                let default = ConversationPatch { default: Some(true), ..ConversationPatch::default() };
                settings::patch(cx, caller, id, default).await?;
            }
            Ok((cards::card(&cx.db, &cx.people, caller.principal, log).await?, true))
        }
        // Two at once: the other one was first, and its conversation is as good.
        Err(Refused::SamePeople) => {
            let found = existing(cx, caller, &plan).await?;
            found.map(|found| (found, false)).ok_or_else(|| Fault::internal("people_key vanished"))
        }
        Err(Refused::Fault(fault)) => Err(fault),
    }
}

async fn plan(cx: &Cx, caller: &Caller, wanted: NewConversation) -> Result<Plan, Fault> {
    let NewConversation { kind, name, topic, purpose, members, publishers, comments, everyone } = wanted;
    if kind.is_channel() || kind == Kind::Announcement {
        rights::not_guest(caller)?;
    }
    if kind == Kind::Announcement {
        publish::may_make(cx, caller, everyone).await?;
    } else if !publishers.is_empty() || comments.is_some() || everyone {
        let only = "Only an announcement conversation has publishers, a switch for comments, and everybody.";
        return Err(Fault::invalid("kind", only));
    }
    let name = name_of(kind, name)?;
    let topic = names::clean_text("topic", &topic.unwrap_or_default(), TOPIC_CHARS)?;
    let purpose = names::clean_text("purpose", &purpose.unwrap_or_default(), PURPOSE_CHARS)?;
    let named = publish::named(cx, caller, &publishers).await?;
    let mut people = join::persons(cx, caller.org, &members).await?;
    people.extend(named.iter().copied());
    join::acquainted(cx, caller, &people).await?;
    people.retain(|person| person.key != caller.principal);
    check_size(kind, people.len())?;
    people.push(join::myself(caller));
    people.sort_unstable_by_key(|person| person.key);
    people.dedup_by_key(|person| person.key);
    let publishers =
        named.into_iter().map(|person| person.key).filter(|key| *key != caller.principal).collect();
    let people_key = (kind == Kind::Direct || kind == Kind::Group && name.is_empty())
        .then(|| people.iter().map(|person| person.key.0.to_string()).collect::<Vec<_>>().join(","));
    let comments = comments.unwrap_or(true);
    Ok(Plan { kind, name, topic, purpose, people, people_key, publishers, comments })
}

fn name_of(kind: Kind, name: Option<String>) -> Result<String, Fault> {
    let given = name.filter(|name| !name.trim().is_empty());
    match (kind, given) {
        (Kind::Direct, Some(_)) => Err(Fault::invalid("name", "A direct conversation has no name.")),
        (Kind::Direct | Kind::Group, None) => Ok(String::new()),
        (_, name) => clean_name(&name.unwrap_or_default()),
    }
}

/// A conversation's name: one clean line.
pub(super) fn clean_name(name: &str) -> Result<String, Fault> {
    names::clean_line("name", name.trim_start_matches('#'), names::MAX_NAME_CHARS)
}

fn check_size(kind: Kind, others: usize) -> Result<(), Fault> {
    match kind {
        Kind::Direct if others > 1 => {
            Err(Fault::invalid("members", "A direct conversation is with one person. Start a group."))
        }
        Kind::Group if others == 0 => Err(Fault::invalid("members", "Name at least one other person.")),
        _ => Ok(()),
    }
}

async fn existing(cx: &Cx, caller: &Caller, plan: &Plan) -> Result<Option<Conversation>, Fault> {
    let Some(key) = &plan.people_key else { return Ok(None) };
    let Some(row) = cx.db.query_opt(sql::BY_PEOPLE, params![caller.org, key]).await? else { return Ok(None) };
    cards::card(&cx.db, &cx.people, caller.principal, row.get(0)?).await.map(Some)
}

enum Refused {
    SamePeople,
    Fault(Fault),
}

impl<E: Into<Fault>> From<E> for Refused {
    fn from(error: E) -> Refused {
        Refused::Fault(error.into())
    }
}

async fn write(cx: &Cx, caller: &Caller, plan: &Plan) -> Result<LogKey, Refused> {
    let now = cx.env.now();
    let mut tx = cx.db.begin().await?;
    join::lock(&mut tx, None, &plan.people).await?;
    rights::own_proof(caller).confirm(&mut tx).await?;
    let log = head::create(&mut tx, LogKind::Conversation, Some(caller.org)).await?;
    // The first event is the conversation itself; one for each member follows.
    let head = head::advance_by(&mut tx, log, 1 + plan.people.len() as i64, now).await?;
    let conversation: ConversationId = cx.env.id();
    insert(&mut tx, caller, plan, log, conversation, head.at).await?;
    let owner = (plan.kind != Kind::Direct).then_some(caller.principal);
    let entry = Entry { log, conversation, people: &plan.people, head, owner };
    let own = join::insert(&mut tx, &entry, now).await?;
    if !plan.publishers.is_empty() {
        let keys: Vec<i64> = plan.publishers.iter().map(|key| key.0).collect();
        tx.execute(sql::NAME_PUBLISHERS, params![log, keys]).await?;
    }
    if plan.kind != Kind::Direct {
        tell(cx, &mut tx, caller, plan, &entry, head).await?;
    }
    control::announce(&mut tx, ControlKind::Conversation, log.0, now).await?;
    tx.commit().await?;
    join::publish(cx, &entry, &own, None).await?;
    Ok(log)
}

async fn insert(
    tx: &mut Tx,
    caller: &Caller,
    plan: &Plan,
    log: LogKey,
    id: ConversationId,
    at: Micros,
) -> Result<(), Refused> {
    let (key, search) = (names::fold(&plan.name), names::search_key(&plan.name));
    let count = plan.people.len() as i64;
    let row = params![
        log,
        id,
        caller.org,
        plan.kind as i64,
        &plan.name,
        key,
        search,
        &plan.topic,
        &plan.purpose,
        plan.people_key.clone(),
        count,
        caller.principal,
        at,
        plan.comments,
    ];
    match tx.execute(sql::INSERT, row).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_unique("people") => Err(Refused::SamePeople),
        Err(error) => Err(Refused::Fault(named(error))),
    }
}

/// The fault of a name that another channel has.
pub(super) fn named(error: DbError) -> Fault {
    if error.is_unique("name") {
        return Fault::conflict("name_taken", "Another channel has this name. Choose another one.");
    }
    error.into()
}

async fn tell(
    cx: &Cx,
    tx: &mut Tx,
    caller: &Caller,
    plan: &Plan,
    entry: &Entry<'_>,
    head: Head,
) -> Result<(), Fault> {
    let place = Place { log: entry.log, conversation: entry.conversation, seq: 1, at: head.at };
    let params = json!({"name": plan.name, "count": plan.people.len()});
    system::write(cx, tx, place, caller.into(), "conversation.created", params).await.map(drop)
}
