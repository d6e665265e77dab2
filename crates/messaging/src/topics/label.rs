//! Moving messages to another topic.

use serde::Deserialize;
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{
    Fault, PrincipalKey, TopicKey,
    id::{ConversationId, MessageId},
};
use weft_log::{Frame, Head, LogName, head};
use weft_storage::{DbResult, Tx, params};

use super::{choose::choose, has_topics, sql};
use crate::{
    Cx, Room, Seat,
    events::Event,
    load,
    rights::{administers, manager_only},
    wire::{Message, state},
};

/// Above so many, clients catch up instead of being told one by one.
const TOLD: usize = 50;

/// Messages to move.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MoveRequest {
    /// 1–100 messages of the main flow.
    #[schema(value_type = Vec<String>)]
    pub(super) messages: Vec<MessageId>,
    /// The name or id of a topic; null: of none.
    #[schema(required = true)]
    pub(super) topic: Option<String>,
}

/// Moves messages: one's own, or as an owner or admin any.
pub(super) async fn move_to(
    cx: &Cx,
    caller: &Caller,
    id: ConversationId,
    request: &MoveRequest,
) -> Result<Vec<Message>, Fault> {
    let mut ids: Vec<_> = request.messages.iter().map(|id| id.uuid()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() || ids.len() > limits::TOPIC_MOVE {
        return Err(Fault::invalid("messages", "Name 1 to 100 messages."));
    }
    let ids = &ids;
    let seqs = cx
        .while_stale(|| async move {
            let seat = cx.guard.seat(caller, id).await?;
            seat.open()?;
            has_topics(&seat.room)?;
            // What may not be moved must not leave an empty topic behind.
            let mut tx = cx.db.begin().await?;
            movable(&mut tx, caller, &seat, ids, None).await?;
            tx.rollback().await?;
            let topic = match &request.topic {
                Some(wanted) => Some(choose(cx, caller, &seat, wanted).await?.key),
                None => None,
            };
            write(cx, caller, &seat, ids, topic).await
        })
        .await?;
    let seat = cx.guard.seat(caller, id).await?;
    let mut rows = load::by_seqs(&cx.db, seat.room.log, seqs).await?;
    rows.sort_unstable_by_key(|row| row.seq);
    Ok(load::assemble(&cx.db, &cx.people, id, rows).await?)
}

async fn write(
    cx: &Cx,
    caller: &Caller,
    seat: &Seat,
    ids: &[uuid::Uuid],
    topic: Option<TopicKey>,
) -> Result<Vec<i64>, Fault> {
    let room = &seat.room;
    let mut tx = cx.db.begin().await?;
    head::lock(&mut tx, &[room.log]).await?;
    cx.confirm(&mut tx, caller, room, Some(seat)).await?;
    let all = movable(&mut tx, caller, seat, ids, None).await?;
    let moving = movable(&mut tx, caller, seat, ids, Some(topic)).await?;
    if moving.is_empty() {
        tx.rollback().await?;
        return Ok(all);
    }
    let labelled = label(cx, &mut tx, room, moving, topic).await?;
    tx.commit().await?;
    labelled.tell(cx, room).await?;
    Ok(all)
}

/// The places of messages that the caller may move; of those that are elsewhere than `at`, if that
/// is given.
async fn movable(
    tx: &mut Tx,
    caller: &Caller,
    seat: &Seat,
    ids: &[uuid::Uuid],
    at: Option<Option<TopicKey>>,
) -> Result<Vec<i64>, Fault> {
    let rows = tx.query(sql::MESSAGES, params![seat.room.log, ids.to_vec()]).await?;
    if rows.len() != ids.len() {
        return Err(Fault::not_found("message in this conversation"));
    }
    let mut seqs = Vec::with_capacity(rows.len());
    for row in rows {
        let (seq, sender, kind): (i64, PrincipalKey, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (stands, thread): (i64, Option<i64>) = (row.get(3)?, row.get(4)?);
        if seq < seat.visible_from {
            return Err(Fault::not_found("message in this conversation"));
        }
        if kind != 1 {
            return Err(Fault::conflict("system_message", "A message of the system has no topic."));
        }
        if thread.is_some() {
            return Err(Fault::conflict("not_a_root", "A reply moves with the first message of its thread."));
        }
        if stands != state::LIVE {
            return Err(Fault::conflict("message_gone", "The message was recalled or deleted."));
        }
        if sender != caller.principal && !seat.owner && !administers(caller) {
            return Err(manager_only());
        }
        if at.is_none_or(|at| row.get::<Option<TopicKey>>(5).is_ok_and(|now| now != at)) {
            seqs.push(seq);
        }
    }
    Ok(seqs)
}

/// What was labelled anew, to be told after the commit.
pub(super) struct Labelled {
    seqs: Vec<i64>,
    head: Head,
    hidden_below: i64,
}

/// Labels messages of the main lane, and with them their replies; the log's head is locked.
pub(super) async fn label(
    cx: &Cx,
    tx: &mut Tx,
    room: &Room,
    roots: Vec<i64>,
    topic: Option<TopicKey>,
) -> Result<Labelled, Fault> {
    let rows = tx.query(sql::WITH_REPLIES, params![room.log, roots]).await?;
    let mut seqs = rows.iter().map(|row| row.get(0)).collect::<DbResult<Vec<i64>>>()?;
    seqs.sort_unstable();
    let count = seqs.len() as i64;
    if count > limits::TOPIC_MERGE {
        return Err(too_large());
    }
    let head = head::advance_by(tx, room.log, count, cx.env.now()).await?;
    tx.execute(sql::LABEL, params![room.log, seqs.clone(), topic, head.seq - count]).await?;
    let hidden_below = tx.query_one(sql::HIDDEN_BELOW, params![room.log]).await?.get(0)?;
    Ok(Labelled { seqs, head, hidden_below })
}

pub(super) fn too_large() -> Fault {
    Fault::conflict("topic_too_large", "These are too many messages to be moved. Resolve the topic instead.")
        .param("max", limits::TOPIC_MERGE)
}

impl Labelled {
    /// Tells of each message's present state; of many, or of what some may not see, only that the
    /// log has grown.
    pub(super) async fn tell(self, cx: &Cx, room: &Room) -> Result<(), Fault> {
        let first = self.head.seq - self.seqs.len() as i64 + 1;
        let name = LogName::Conversation(room.id);
        let mut messages = Vec::new();
        if self.seqs.len() <= TOLD {
            let mut rows = load::by_seqs(&cx.db, room.log, self.seqs.clone()).await?;
            rows.sort_unstable_by_key(|row| row.seq);
            messages = load::assemble(&cx.db, &cx.people, room.id, rows).await?;
        }
        let mut messages = messages.into_iter().peekable();
        let frames = self.seqs.iter().zip(first..).map(|(seq, event)| {
            match messages.next_if(|message| message.seq == *seq) {
                Some(message) if *seq >= self.hidden_below => {
                    let ev = Event::MessageChanged { message: &message };
                    Frame::event(room.log, name, event, &ev)
                }
                _ => Frame::head(room.log, name, event),
            }
        });
        cx.publisher.publish_all(frames.collect());
        Ok(())
    }
}
