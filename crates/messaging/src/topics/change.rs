//! Renaming and resolving a topic.

use serde::Deserialize;
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{Fault, FaultKind, LogKey, PrincipalKey, TopicKey, id::TopicId, names};
use weft_log::head;
use weft_storage::{Tx, params};

use super::{Topic, choose::seen, frame, hidden, sql};
use crate::{Cx, View, rights};

/// A change of a topic; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicPatch {
    /// The new name, 1–60 characters.
    #[serde(default)]
    pub(super) name: Option<String>,
    /// Settled, or open again.
    #[serde(default)]
    pub(super) resolved: Option<bool>,
}

/// A topic that the caller may see.
pub(super) struct Found {
    pub(super) key: TopicKey,
    /// The one that was asked for, where it was merged into that.
    pub(super) asked: TopicKey,
    pub(super) view: View,
}

/// Finds it.
pub(super) async fn find(cx: &Cx, caller: &Caller, id: TopicId) -> Result<Found, Fault> {
    let nothing = || Fault::not_found("topic");
    let row = cx.db.query_opt(sql::PLACE, params![id]).await?.ok_or_else(nothing)?;
    let log: LogKey = row.get(0)?;
    let hide = |fault: Fault| if fault.kind() == FaultKind::NotFound { nothing() } else { fault };
    let view = cx.guard.view_by_log(caller, log).await.map_err(hide)?;
    let key = seen(cx, &view, &id.to_string()).await.map_err(hide)?;
    Ok(Found { key, asked: row.get(1)?, view })
}

/// A topic under its log's head lock.
pub(super) struct Locked {
    created_by: PrincipalKey,
    /// The last place where it was spoken of.
    pub(super) last_seq: i64,
    pub(super) topic: Topic,
}

/// Reads it under the lock, and refuses who neither began it nor manages the conversation.
pub(super) async fn lock(tx: &mut Tx, caller: &Caller, found: &Found) -> Result<Locked, Fault> {
    let row = tx.query_one(sql::LOCKED, params![found.key]).await?;
    let locked = Locked {
        created_by: row.get(0)?,
        last_seq: row.get(1)?,
        topic: Topic::read(&row, 2, found.view.room.id)?,
    };
    if locked.created_by != caller.principal {
        rights::manages(&found.view, caller)?;
    }
    Ok(locked)
}

/// Changes a topic; its own, or as an owner or admin.
pub(super) async fn patch(cx: &Cx, caller: &Caller, id: TopicId, patch: TopicPatch) -> Result<Topic, Fault> {
    let name = patch.name.map(|name| names::clean_line("name", &name, limits::TOPIC_CHARS)).transpose()?;
    let (name, resolved) = (&name, patch.resolved);
    cx.while_stale(|| async move {
        let found = find(cx, caller, id).await?;
        rights::seated(&found.view)?.open()?;
        let room = &found.view.room;
        let mut tx = cx.db.begin().await?;
        head::lock(&mut tx, &[room.log]).await?;
        cx.confirm(&mut tx, caller, room, found.view.seat.as_ref()).await?;
        let Locked { topic: before, last_seq, .. } = lock(&mut tx, caller, &found).await?;
        let mut topic = before.clone();
        if let Some(name) = name {
            topic.name.clone_from(name);
        }
        topic.resolved = resolved.unwrap_or(topic.resolved);
        if topic == before {
            tx.rollback().await?;
            return Ok(topic);
        }
        let hidden = hidden(&mut tx, room, last_seq).await?;
        let head = head::advance(&mut tx, room.log, cx.env.now()).await?;
        let resolved_at = topic.resolved.then_some(head.at);
        let row = params![found.key, &topic.name, names::fold(&topic.name), resolved_at, head.seq];
        tx.execute(sql::SET, row).await.map_err(|error| {
            if error.is_unique("name") {
                let taken = "Another topic of this conversation has this name. Merge the two instead.";
                return Fault::conflict("topic_taken", taken);
            }
            error.into()
        })?;
        tx.commit().await?;
        cx.publisher.publish(frame(room, head.seq, &topic, hidden));
        Ok(topic)
    })
    .await
}
