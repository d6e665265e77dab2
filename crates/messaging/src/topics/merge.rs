//! Merging a topic into another: first it leads there, then its messages go, some at a time.

use serde::Deserialize;
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{Fault, TopicKey, id::TopicId};
use weft_log::head;
use weft_storage::{DbResult, params};

use super::{
    Topic,
    change::{Found, Locked, find, lock},
    choose::seen,
    frame, hidden,
    label::{label, too_large},
    sql,
};
use crate::{Cx, rights};

/// Messages that go in one transaction, their replies not counted.
const CHUNK: i64 = 200;

/// Where to.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MergeRequest {
    /// The topic that goes on, of the same conversation.
    #[schema(value_type = String)]
    pub(super) into: TopicId,
}

/// Merges a topic; one's own, or as an owner or admin. Asked again, it finishes what broke off.
pub(super) async fn merge(cx: &Cx, caller: &Caller, id: TopicId, into: TopicId) -> Result<Topic, Fault> {
    let (found, to) = cx
        .while_stale(|| async move {
            let found = find(cx, caller, id).await?;
            rights::seated(&found.view)?.open()?;
            let to = seen(cx, &found.view, &into.to_string()).await?;
            if to == found.asked {
                return Err(Fault::invalid("into", "A topic cannot be merged into itself."));
            }
            // Where it leads there already, an earlier try broke off.
            if to != found.key {
                lead(cx, caller, &found, to, into).await?;
            }
            Ok((found, to))
        })
        .await?;
    for from in [found.asked, found.key] {
        while from != to && carry(cx, &found, from, to).await? {}
    }
    let row = cx.db.query_one(sql::LOCKED, params![to]).await?;
    Ok(Topic::read(&row, 2, found.view.room.id)?)
}

/// From now on the topic is the other one.
async fn lead(cx: &Cx, caller: &Caller, found: &Found, to: TopicKey, into: TopicId) -> Result<(), Fault> {
    let room = &found.view.room;
    let mut tx = cx.db.begin().await?;
    head::lock(&mut tx, &[room.log]).await?;
    cx.confirm(&mut tx, caller, room, found.view.seat.as_ref()).await?;
    let Locked { mut topic, last_seq, .. } = lock(&mut tx, caller, found).await?;
    let most = limits::TOPIC_MERGE + 1;
    let size: i64 = tx.query_one(sql::SIZE, params![room.log, found.key, most]).await?.get(0)?;
    if size > limits::TOPIC_MERGE {
        return Err(too_large());
    }
    let hidden = hidden(&mut tx, room, last_seq).await?;
    let head = head::advance(&mut tx, room.log, cx.env.now()).await?;
    tx.execute(sql::MERGE, params![found.key, to, head.seq]).await?;
    tx.execute(sql::FORGET_MARKS, params![room.log, found.key, to]).await?;
    tx.commit().await?;
    topic.merged_into = Some(into);
    cx.publisher.publish(frame(room, head.seq, &topic, hidden));
    Ok(())
}

/// Brings some messages over; whether there may be more.
async fn carry(cx: &Cx, found: &Found, from: TopicKey, to: TopicKey) -> Result<bool, Fault> {
    let room = &found.view.room;
    let mut tx = cx.db.begin().await?;
    head::lock(&mut tx, &[room.log]).await?;
    let rows = tx.query(sql::FIRST, params![room.log, from, CHUNK]).await?;
    let roots = rows.iter().map(|row| row.get(0)).collect::<DbResult<Vec<i64>>>()?;
    if roots.is_empty() {
        tx.rollback().await?;
        return Ok(false);
    }
    let labelled = label(cx, &mut tx, room, roots, Some(to)).await?;
    tx.commit().await?;
    labelled.tell(cx, room).await?;
    Ok(true)
}
