//! Which topic a request means, and making the one that there is not yet.

use weft_http::{Caller, limits};
use weft_kernel::{Fault, TopicKey, id::TopicId, names};
use weft_log::head;
use weft_storage::{Row, Tx, params};

use super::{Topic, frame, has_topics, sql};
use crate::{Cx, Seat, View, wire::TopicRef};

/// A topic that a message is to carry.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Internal key.
    pub key: TopicKey,
    /// As the message names it.
    pub named: TopicRef,
}

impl Chosen {
    fn read(row: &Row) -> Result<Chosen, Fault> {
        Ok(Chosen { key: row.get(0)?, named: TopicRef { id: row.get(1)?, name: row.get(2)? } })
    }
}

/// The topic that a send asks for.
///
/// # Errors
/// `invalid` for a reply, and as [`choose`].
pub(crate) async fn of_request(
    cx: &Cx,
    caller: &Caller,
    seat: &Seat,
    wanted: Option<&str>,
    reply: bool,
) -> Result<Option<Chosen>, Fault> {
    match wanted {
        None => Ok(None),
        Some(_) if reply => {
            Err(Fault::invalid("topic", "A reply belongs to the topic of its thread. Send it without one."))
        }
        Some(wanted) => choose(cx, caller, seat, wanted).await.map(Some),
    }
}

/// The topic of an id or a name; one of a new name is made.
///
/// # Errors
/// `not_found` for an id, `invalid` for a name, `too_many_topics`, `no_topics`,
/// `stale_permission`, or any database fault.
pub(super) async fn choose(cx: &Cx, caller: &Caller, seat: &Seat, wanted: &str) -> Result<Chosen, Fault> {
    has_topics(&seat.room)?;
    let log = seat.room.log;
    if let Ok(id) = wanted.parse::<TopicId>() {
        return by_id(cx, &seat.room, seat.visible_from, id).await;
    }
    let name = names::clean_line("topic", wanted, limits::TOPIC_CHARS)?;
    let key = names::fold(&name);
    match cx.db.query_opt(sql::BY_NAME, params![log, &key]).await? {
        Some(row) => Chosen::read(&row),
        None => make(cx, caller, seat, name, key).await,
    }
}

async fn by_id(cx: &Cx, room: &crate::Room, visible_from: i64, id: TopicId) -> Result<Chosen, Fault> {
    let row = cx.db.query_opt(sql::SEEN, params![room.log, id, visible_from]).await?;
    Chosen::read(&row.ok_or_else(|| Fault::not_found("topic in this conversation"))?)
}

/// The topic of an id, if `view` shows something of it.
///
/// # Errors
/// `not_found`, or any database fault.
pub(crate) async fn seen(cx: &Cx, view: &View, id: &str) -> Result<TopicKey, Fault> {
    let id = id.parse::<TopicId>().map_err(|_| Fault::not_found("topic in this conversation"))?;
    Ok(by_id(cx, &view.room, view.visible_from, id).await?.key)
}

/// Makes it, unless somebody else was first.
async fn make(cx: &Cx, caller: &Caller, seat: &Seat, name: String, key: String) -> Result<Chosen, Fault> {
    let room = &seat.room;
    let mut tx = cx.db.begin().await?;
    head::lock(&mut tx, &[room.log]).await?;
    cx.confirm(&mut tx, caller, room, Some(seat)).await?;
    if let Some(row) = tx.query_opt(sql::BY_NAME, params![room.log, &key]).await? {
        tx.rollback().await?;
        return Chosen::read(&row);
    }
    room_for(&mut tx, seat).await?;
    let head = head::advance(&mut tx, room.log, cx.env.now()).await?;
    let topic = Topic {
        id: cx.env.id(),
        conversation: room.id,
        name,
        resolved: false,
        created_by: Some(caller.principal_id),
        created_at: head.at,
        merged_into: None,
    };
    let row = params![topic.id, room.log, &topic.name, key, caller.principal, head.at, head.seq];
    let made: TopicKey = tx.query_one(sql::INSERT, row).await?.get(0)?;
    tx.commit().await?;
    cx.publisher.publish(frame(room, head.seq, &topic, false));
    Ok(Chosen { key: made, named: TopicRef { id: topic.id, name: topic.name } })
}

async fn room_for(tx: &mut Tx, seat: &Seat) -> Result<(), Fault> {
    let count: i64 = tx.query_one(sql::COUNT, params![seat.room.log]).await?.get(0)?;
    if count < limits::TOPICS {
        return Ok(());
    }
    Err(Fault::conflict(
        "too_many_topics",
        "This conversation has as many topics as it may have. Merge some of them, or choose one.",
    )
    .param("max", limits::TOPICS))
}
