//! Reminding, once.

use async_trait::async_trait;
use serde::Serialize;
use weft_kernel::{
    Fault, LogKey, Micros, PrincipalKey,
    id::{ConversationId, MessageId, OrgId, PrincipalId, SavedId},
};
use weft_log::{Frame, LogName, head, outbox, outbox::Job};
use weft_storage::{DbResult, Tx, params};

use super::{
    item::{SavedMark, SavedState, open},
    sql,
};
use crate::{Cx, events::Event};

/// How much of a note a frame carries, in characters.
const EXCERPT: usize = 200;

/// A reminder whose time has come.
#[derive(Debug, Clone)]
pub struct Reminder {
    /// Whom it is for.
    pub principal: PrincipalKey,
    /// Their public id.
    pub principal_id: PrincipalId,
    /// Where they are.
    pub org: OrgId,
    /// What is kept.
    pub saved: SavedId,
    /// The conversation of the message.
    pub conversation: Option<ConversationId>,
    /// The message.
    pub message: Option<MessageId>,
    /// The message's place in it.
    pub seq: Option<i64>,
    /// The beginning of the note.
    pub note: String,
}

/// Whoever tells people who are not looking; implemented by the server.
#[async_trait]
pub trait Notices: Send + Sync {
    /// Takes a reminder over in the transaction that makes it told: once that is committed,
    /// nobody says it again.
    ///
    /// # Errors
    /// Any fault of the database.
    async fn remind(&self, tx: &mut Tx, reminder: &Reminder) -> Result<(), Fault>;

    /// What was taken over is committed.
    fn reminded(&self);
}

/// Told to the devices of whose reminder it is.
#[derive(Debug, Serialize)]
struct ReminderFrame<'a> {
    t: &'static str,
    saved: SavedId,
    conv: Option<ConversationId>,
    message: Option<MessageId>,
    seq: Option<i64>,
    note: &'a str,
}

struct Whose {
    reminder: Reminder,
    own: LogKey,
}

async fn whose(cx: &Cx, id: SavedId) -> DbResult<Option<Whose>> {
    let Some(mut row) = cx.db.query_opt(sql::WHOSE, params![id]).await? else { return Ok(None) };
    let note: String = open(&row.take_bytes(3)?).chars().take(EXCERPT).collect();
    Ok(Some(Whose {
        own: row.get(2)?,
        reminder: Reminder {
            principal: row.get(0)?,
            principal_id: row.get(1)?,
            saved: id,
            conversation: row.get(5)?,
            message: row.get(6)?,
            seq: row.get(7)?,
            org: row.get(8)?,
            note,
        },
    }))
}

/// Reminds of what a job names, if that still stands.
pub(crate) async fn remind(cx: &Cx, job: &Job) -> Result<(), Fault> {
    let (id, at): (SavedId, Micros) = job.payload()?;
    let Some(Whose { reminder, own }) = whose(cx, id).await? else {
        return Ok(outbox::done(&cx.db, job.key).await?);
    };
    let now = cx.env.now();
    let mut tx = cx.db.begin().await?;
    let head = head::advance(&mut tx, own, now).await?;
    if tx.execute(sql::REMINDED, params![id, at, now, head.seq]).await? == 0 {
        // It was told before, or is wished otherwise by now.
        tx.rollback().await?;
        return Ok(outbox::done(&cx.db, job.key).await?);
    }
    let saved_at = tx.query_one(sql::PLACE, params![reminder.principal, id]).await?.get(0)?;
    cx.notices.remind(&mut tx, &reminder).await?;
    outbox::done_in(&mut tx, job.key).await?;
    tx.commit().await?;
    cx.notices.reminded();
    let mark = SavedMark {
        id,
        message: reminder.message,
        state: SavedState::Open,
        saved_at,
        remind_at: Some(at),
        reminded_at: Some(now),
    };
    let name = LogName::Principal(reminder.principal_id);
    cx.publisher.publish(Frame::event(own, name, head.seq, &Event::Saved(&mark)));
    let frame = ReminderFrame {
        t: "reminder",
        saved: id,
        conv: reminder.conversation,
        message: reminder.message,
        seq: reminder.seq,
        note: &reminder.note,
    };
    // Our own types have string keys only and cannot fail to serialise.
    let text = serde_json::to_string(&frame).unwrap_or_default();
    cx.publisher.publish_ephemeral(own, None, text.into());
    Ok(())
}
