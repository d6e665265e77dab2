//! Conversations that were put away until a time: they return then, as unread.

use weft_kernel::{
    Fault, LogKey, Micros, PrincipalKey,
    id::{ConversationId, PrincipalId},
};
use weft_log::{Frame, LogName, head, outbox, outbox::Job};
use weft_storage::params;

use super::sql;
use crate::{Cx, cards, events::Event};

/// The kind of the job that brings one back.
pub(crate) const RETURN_JOB: &str = "snooze_return";

/// Brings back what a job names, if it still waits for this time.
pub(crate) async fn bring_back(cx: &Cx, job: &Job) -> Result<(), Fault> {
    let (log, who, until): (LogKey, PrincipalKey, Micros) = job.payload()?;
    let Some(row) = cx.db.query_opt(sql::SNOOZED, params![log, who, until]).await? else {
        return Ok(outbox::done(&cx.db, job.key).await?);
    };
    let (id, own, conversation): (PrincipalId, LogKey, ConversationId) =
        (row.get(0)?, row.get(1)?, row.get(2)?);
    let mut tx = cx.db.begin().await?;
    let head = head::advance(&mut tx, own, cx.env.now()).await?;
    if tx.execute(sql::BRING_BACK, params![log, who, until, head.seq]).await? == 0 {
        tx.rollback().await?;
        return Ok(outbox::done(&cx.db, job.key).await?);
    }
    outbox::done_in(&mut tx, job.key).await?;
    tx.commit().await?;
    let Some(row) = cx.db.query_opt(sql::MEMBERSHIP, params![log, who]).await? else { return Ok(()) };
    let mut me = cards::membership(&row, 1)?;
    me.mentions = cards::mentions(&cx.db, who, vec![log.0]).await?.get(&log).copied().unwrap_or(0);
    let event = Event::Membership { conversation, me: &me, last_n: row.get(0)? };
    cx.publisher.publish(Frame::event(own, LogName::Principal(id), head.seq, &event));
    Ok(())
}
