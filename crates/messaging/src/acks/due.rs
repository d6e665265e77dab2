//! Deadlines: a job of the outbox for each, done once, also by another process after a crash.

use std::time::Duration;

use weft_kernel::{
    Fault,
    id::{ConversationId, PrincipalId},
};
use weft_log::outbox::{self, Job};
use weft_storage::params;

use super::{DEADLINE_JOB, Spot, WaitingFrame, Why, act::tell_waiting, sql};
use crate::{Cx, load, teller};

/// Deadlines are looked for this often.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A job that failed is tried again after this, in microseconds.
const AGAIN: i64 = 30_000_000;
/// And so often in all.
const ATTEMPTS: i64 = 20;

/// Sees to deadlines until dropped.
pub async fn run(cx: &Cx) {
    loop {
        match due(cx).await {
            Ok(0) => tokio::time::sleep(LOOK_EVERY).await,
            Ok(_) => {}
            Err(fault) => {
                tracing::warn!(%fault, "could not look for deadlines");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }
}

async fn due(cx: &Cx) -> Result<usize, Fault> {
    let jobs = outbox::claim(&cx.db, DEADLINE_JOB, cx.env.now()).await?;
    for job in &jobs {
        if let Err(fault) = one(cx, job).await {
            tracing::warn!(%fault, job = job.key, "a deadline was not told");
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
    let told = tx.execute(sql::DEADLINE, params![spot.log, spot.seq, cx.env.now()]).await?;
    outbox::done_in(&mut tx, job.key).await?;
    tx.commit().await?;
    if told == 0 {
        // It was told before, or the message is gone.
        return Ok(());
    }
    cx.acks.changed(spot);
    let Some(row) = load::by_seq(&cx.db, spot.log, spot.seq).await? else { return Ok(()) };
    let conv: ConversationId = cx.db.query_one(teller::CONVERSATION, params![spot.log]).await?.get(0)?;
    let from: Option<PrincipalId> = cx.people.ids([row.sender]).await?.get(&row.sender).copied();
    let frame = WaitingFrame { t: "waiting", why: Why::Deadline, conv, message: row.id, seq: row.seq, from };
    tell_waiting(cx, spot, &frame).await
}
