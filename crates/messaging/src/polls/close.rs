//! Closing: by hand, or at the deadline by a job of the outbox, once, also by another process
//! after a crash.

use std::time::Duration;

use weft_http::Caller;
use weft_kernel::{Fault, LogKey, PrincipalKey, id::MessageId};
use weft_log::{
    head,
    outbox::{self, Job},
};
use weft_storage::{DbResult, Tx, params};

use super::{
    DEADLINE_JOB, sql, view,
    vote::{self, PollView, may_close, present, spot},
};
use crate::{
    Cx, messages,
    teller::{Spot, announce},
};

/// Deadlines are looked for this often.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A job that failed is tried again after this, in microseconds.
const AGAIN: i64 = 30_000_000;
/// And so often in all.
const ATTEMPTS: i64 = 20;

/// Closes polls at their deadlines until dropped.
pub async fn run(cx: &Cx) {
    loop {
        match due(cx).await {
            Ok(0) => tokio::time::sleep(LOOK_EVERY).await,
            Ok(_) => {}
            Err(fault) => {
                tracing::warn!(%fault, "could not look for polls to close");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }
}

async fn due(cx: &Cx) -> Result<usize, Fault> {
    let jobs = outbox::claim(&cx.db, DEADLINE_JOB, cx.env.now()).await?;
    for job in &jobs {
        if let Err(fault) = one(cx, job).await {
            tracing::warn!(%fault, job = job.key, "a poll was not closed");
            let (now, error) = (cx.env.now(), fault.to_string());
            match job.attempts {
                ATTEMPTS.. => outbox::fail(&cx.db, job.key, now, &error).await?,
                _ => outbox::retry(&cx.db, job.key, now + AGAIN, &error).await?,
            }
        }
    }
    Ok(jobs.len())
}

async fn one(cx: &Cx, job: &Job) -> Result<(), Fault> {
    let spot: Spot = job.payload()?;
    let mut tx = cx.db.begin().await?;
    head::lock(&mut tx, &[spot.log]).await?;
    let seq = write(cx, &mut tx, spot, None).await?;
    outbox::done_in(&mut tx, job.key).await?;
    tx.commit().await?;
    match seq {
        Some(seq) => announce(&cx.db, &cx.people, &*cx.publisher, spot, seq).await,
        // Somebody closed it before, or the message is gone.
        None => Ok(()),
    }
}

/// Closes under the head's lock, counts for the last time, and takes the event's number; none
/// when it was closed.
async fn write(cx: &Cx, tx: &mut Tx, spot: Spot, by: Option<PrincipalKey>) -> DbResult<Option<i64>> {
    let Spot { log, seq } = spot;
    if tx.execute(sql::CLOSE, params![log, seq, cx.env.now(), by]).await? == 0 {
        return Ok(None);
    }
    view::count(tx, spot).await?;
    let head = head::advance(tx, log, cx.env.now()).await?;
    tx.execute(messages::sql::TOUCH, params![log, seq, head.seq]).await?;
    Ok(Some(head.seq))
}

/// The caller closes a poll. Closing a closed one changes nothing.
pub(super) async fn close(cx: &Cx, caller: &Caller, id: MessageId) -> Result<PollView, Fault> {
    let found = cx
        .while_stale(|| async move {
            let (found, _) = vote::found(cx, caller, id).await?;
            may_close(&found, caller)?;
            let spot = spot(&found);
            let mut tx = cx.db.begin().await?;
            head::lock(&mut tx, &[spot.log]).await?;
            cx.confirm(&mut tx, caller, &found.view.room, found.view.seat.as_ref()).await?;
            let Some(seq) = write(cx, &mut tx, spot, Some(caller.principal)).await? else {
                tx.rollback().await?;
                return Ok(found);
            };
            tx.commit().await?;
            announce(&cx.db, &cx.people, &*cx.publisher, spot, seq).await?;
            Ok(found)
        })
        .await?;
    present(cx, caller, &found).await
}

/// Forgets the poll of a message that is buried.
///
/// # Errors
/// Any database error.
pub(crate) async fn forget(tx: &mut Tx, log: LogKey, seq: i64) -> DbResult<()> {
    for statement in [sql::FORGET, sql::FORGET_OPTIONS, sql::FORGET_VOTES] {
        tx.execute(statement, params![log, seq]).await?;
    }
    Ok(())
}
