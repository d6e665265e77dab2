//! Coming into a conversation: joining, being invited, being there from the start.

use serde_json::json;
use weft_http::{Caller, limits};
use weft_kernel::{
    Fault, LogKey, Micros, OrgKey, PrincipalKey,
    id::{ConversationId, PrincipalId},
};
use weft_log::{ControlKind, Frame, Head, LogName, control, head};
use weft_storage::{DbResult, Row, Tx, params};

use super::sql;
use crate::{
    cards,
    cx::Cx,
    events::{Event, MemberState, ROLE_MEMBER, role_name},
    guard::View,
    rights,
    system::{self, Actor, Place},
    wire::{Kind, Message},
};

/// Most people whom a system message names.
const NAMED: usize = 50;

/// Someone who can be a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// Their key.
    pub key: PrincipalKey,
    /// Their public id.
    pub id: PrincipalId,
    /// Their log.
    pub log: LogKey,
    /// Their stored role in the org.
    pub role: i64,
}

impl Person {
    pub(super) fn read(row: &Row) -> DbResult<Person> {
        Ok(Person { key: row.get(0)?, id: row.get(1)?, log: row.get(2)?, role: row.get(3)? })
    }
}

/// The people behind `ids`, once each, in the order of their keys.
///
/// # Errors
/// `invalid` with field `members` when there are more than 500, or one is not of the org or is
/// deactivated.
pub(super) async fn persons(cx: &Cx, org: OrgKey, ids: &[PrincipalId]) -> Result<Vec<Person>, Fault> {
    if ids.len() > limits::PEOPLE_AT_ONCE {
        return Err(Fault::invalid("members", "Name at most 500 people at once."));
    }
    let mut uuids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    uuids.sort_unstable();
    uuids.dedup();
    let wanted = uuids.len();
    let rows = cx.db.query(sql::PERSONS, params![org, uuids]).await?;
    let mut people = rows.iter().map(Person::read).collect::<DbResult<Vec<_>>>()?;
    if people.len() != wanted {
        return Err(Fault::invalid("members", "One of them is not an active member of the organisation."));
    }
    people.sort_unstable_by_key(|person| person.key);
    Ok(people)
}

/// Locks every head that a change of members touches, in ascending order.
pub(super) async fn lock(tx: &mut Tx, room: Option<LogKey>, people: &[Person]) -> DbResult<()> {
    let mut logs = vec![LogKey::CONTROL];
    logs.extend(room);
    logs.extend(people.iter().map(|person| person.log));
    head::lock(tx, &logs).await.map(drop)
}

/// How members come in.
pub(super) struct Entry<'a> {
    pub(super) log: LogKey,
    pub(super) conversation: ConversationId,
    /// In the order of their keys; none of them is a member.
    pub(super) people: &'a [Person],
    /// The head after the events were taken: theirs are the last of them.
    pub(super) head: Head,
    /// Whoever of them becomes the owner.
    pub(super) owner: Option<PrincipalKey>,
}

/// Writes members; their own logs must be locked. Returns each one's event in their own log.
pub(super) async fn insert(tx: &mut Tx, entry: &Entry<'_>, now: Micros) -> DbResult<Vec<(LogKey, i64)>> {
    let logs: Vec<LogKey> = entry.people.iter().map(|person| person.log).collect();
    let keys: Vec<i64> = entry.people.iter().map(|person| person.key.0).collect();
    let heads = head::advance_each(tx, &logs, now).await?;
    let first = entry.head.seq - keys.len() as i64;
    let owner = entry.owner.unwrap_or(PrincipalKey(0));
    let read = (entry.head.seq, entry.head.n);
    let row = params![entry.log, keys, owner, entry.head.at, first, read.0, read.1];
    tx.execute(sql::JOIN, row).await?;
    tx.execute(sql::HIDE, params![entry.log, first]).await?;
    Ok(heads.into_iter().map(|(log, head)| (log, head.seq)).collect())
}

/// Tells everybody of people who came in, after the commit.
pub(super) async fn publish(
    cx: &Cx,
    entry: &Entry<'_>,
    own: &[(LogKey, i64)],
    tell: Option<(i64, &Message)>,
) -> Result<(), Fault> {
    cx.guard.forget(entry.log);
    for person in entry.people {
        cx.publisher.subscribe(person.key, entry.log);
    }
    // Read after subscribing: what is published before that moment is part of what is read.
    let keys: Vec<PrincipalKey> = entry.people.iter().map(|person| person.key).collect();
    for (key, card) in cards::for_members(&cx.db, &cx.people, entry.log, &keys).await? {
        let Some(person) = entry.people.iter().find(|person| person.key == key) else { continue };
        let Some((_, seq)) = own.iter().find(|(log, _)| *log == person.log) else { continue };
        let event = Event::Joined { conversation: &card };
        cx.publisher.publish(Frame::event(person.log, LogName::Principal(person.id), *seq, &event));
    }
    let Some((member_count, message)) = tell else { return Ok(()) };
    let first = entry.head.seq - entry.people.len() as i64 + 1;
    for (person, seq) in entry.people.iter().zip(first..) {
        let member = MemberState {
            id: person.id,
            role: role_name(ROLE_MEMBER),
            joined_at: entry.head.at,
            state: "joined",
        };
        let message = (seq == entry.head.seq).then_some(message);
        let event = Event::Member { member, member_count, message };
        let name = LogName::Conversation(entry.conversation);
        cx.publisher.publish(Frame::event(entry.log, name, seq, &event));
    }
    Ok(())
}

/// Adds people to a conversation that exists; those who are members already stay as they are.
pub(super) async fn add(
    cx: &Cx,
    view: &View,
    caller: &Caller,
    people: &[Person],
    invited: bool,
) -> Result<(), Fault> {
    let (log, now) = (view.room.log, cx.env.now());
    let mut tx = cx.db.begin().await?;
    lock(&mut tx, Some(log), people).await?;
    cx.confirm(&mut tx, caller, &view.room, view.seat.as_ref()).await?;
    let fresh = fresh(&mut tx, log, people).await?;
    if fresh.is_empty() {
        return Ok(tx.rollback().await?);
    }
    let (entry, own, member_count, message) =
        enter(cx, &mut tx, (log, view.room.id), caller.into(), &fresh, invited, now).await?;
    tx.commit().await?;
    publish(cx, &entry, &own, Some((member_count, &message))).await
}

type Entered<'a> = (Entry<'a>, Vec<(LogKey, i64)>, i64, Message);

async fn enter<'a>(
    cx: &Cx,
    tx: &mut Tx,
    (log, conversation): (LogKey, ConversationId),
    by: Actor,
    fresh: &'a [Person],
    invited: bool,
    now: Micros,
) -> Result<Entered<'a>, Fault> {
    let count = fresh.len() as i64;
    let head = head::advance_acl_by(tx, log, count, now).await?;
    let entry = Entry { log, conversation, people: fresh, head, owner: None };
    let own = insert(tx, &entry, now).await?;
    let member_count = tx.query_one(sql::COUNT_MEMBERS, params![log, count]).await?.get(0)?;
    let (code, params) = if invited {
        let named: Vec<PrincipalId> = fresh.iter().take(NAMED).map(|person| person.id).collect();
        ("member.invited", json!({"members": named, "count": count}))
    } else {
        ("member.joined", json!({}))
    };
    let place = Place { log, conversation, seq: head.seq, at: head.at };
    let message = system::write(cx, tx, place, by, code, params).await?;
    control::announce(tx, ControlKind::Conversation, log.0, now).await?;
    Ok((entry, own, member_count, message))
}

async fn fresh(tx: &mut Tx, log: LogKey, people: &[Person]) -> DbResult<Vec<Person>> {
    let keys: Vec<i64> = people.iter().map(|person| person.key.0).collect();
    let rows = tx.query(sql::PRESENT, params![log, keys]).await?;
    let present = rows.iter().map(|row| row.get(0)).collect::<DbResult<Vec<PrincipalKey>>>()?;
    Ok(people.iter().filter(|person| !present.contains(&person.key)).copied().collect())
}

/// The caller joins a public channel.
pub(super) async fn join(cx: &Cx, caller: &Caller, id: ConversationId) -> Result<(), Fault> {
    cx.while_stale(|| async move {
        let view = cx.guard.view(caller, id).await?;
        if view.seat.is_some() {
            return Ok(());
        }
        rights::open(&view.room)?;
        add(cx, &view, caller, &[myself(caller)], false).await
    })
    .await
}

/// A member brings others in.
pub(super) async fn invite(
    cx: &Cx,
    caller: &Caller,
    id: ConversationId,
    members: &[PrincipalId],
) -> Result<(), Fault> {
    cx.while_stale(|| async move {
        let view = cx.guard.view(caller, id).await?;
        rights::not_guest(caller)?;
        rights::seated(&view)?;
        rights::not_direct(&view.room)?;
        rights::open(&view.room)?;
        if view.room.kind == Kind::Announcement {
            rights::manages(&view, caller)?;
        }
        let people = persons(cx, caller.org, members).await?;
        add(cx, &view, caller, &people, true).await
    })
    .await
}

/// The caller as someone who comes in.
pub(super) fn myself(caller: &Caller) -> Person {
    Person { key: caller.principal, id: caller.principal_id, log: caller.log, role: caller.role as i64 }
}

/// Puts someone who became a member of the org into its default channels. Guests stay out.
/// Safe to repeat.
///
/// # Errors
/// Any database fault; some of the channels may then be joined already.
pub async fn join_defaults(cx: &Cx, org: OrgKey, principal: PrincipalKey) -> Result<(), Fault> {
    const GUEST: i64 = weft_http::Role::Guest as i64;
    let row = cx.db.query_opt(sql::PERSONS_BY_KEY, params![org, vec![principal.0]]).await?;
    let Some(person) = row.as_ref().map(Person::read).transpose()?.filter(|p| p.role != GUEST) else {
        return Ok(());
    };
    let by = Actor { key: person.key, id: person.id };
    for row in cx.db.query(sql::DEFAULTS, params![org]).await? {
        let (log, id): (LogKey, ConversationId) = (row.get(0)?, row.get(1)?);
        let now = cx.env.now();
        let mut tx = cx.db.begin().await?;
        lock(&mut tx, Some(log), &[person]).await?;
        let fresh = fresh(&mut tx, log, &[person]).await?;
        if fresh.is_empty() {
            tx.rollback().await?;
            continue;
        }
        let (entry, own, count, message) = enter(cx, &mut tx, (log, id), by, &fresh, false, now).await?;
        tx.commit().await?;
        publish(cx, &entry, &own, Some((count, &message))).await?;
    }
    Ok(())
}

/// Whether guests could be given to each other this way: a guest may start a conversation only
/// with people they already share one with.
pub(super) async fn acquainted(cx: &Cx, caller: &Caller, people: &[Person]) -> Result<(), Fault> {
    if !caller.is_guest() {
        return Ok(());
    }
    let keys: Vec<i64> = people.iter().map(|p| p.key.0).filter(|key| *key != caller.principal.0).collect();
    let wanted = keys.len();
    let known = cx.db.query(sql::ACQUAINTED, params![caller.principal, keys]).await?;
    if known.len() != wanted {
        return Err(Fault::invalid("members", "One of them is not an active member of the organisation."));
    }
    Ok(())
}
