//! What comes at a time: scheduled messages, reminders, conversations that return. A job of the
//! outbox for each; who dies with one in hand leaves it to be done again soon. Messages that vanish
//! have a queue of their own.

use std::time::Duration;

use weft_kernel::{Fault, Micros};
use weft_log::outbox::{self, Job};

use crate::{Cx, marks, saved, scheduled, vanish};

/// Looked for at least this often: another process may have added one.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How long one may be in hand, in microseconds.
const LEASE: Micros = 15_000_000;
/// A job that failed is tried again after this, in microseconds.
const AGAIN: Micros = 15_000_000;
/// And so often in all; scheduled messages are tried until they are too late.
const ATTEMPTS: i64 = 40;

/// Every kind that is looked for here.
const KINDS: [&str; 3] = [scheduled::JOB, saved::JOB, marks::RETURN_JOB];

/// Sees to what is due until dropped.
pub async fn run(cx: &Cx) {
    loop {
        match look(cx).await {
            Ok(0) => rest(cx).await,
            Ok(_) => {}
            Err(fault) => {
                tracing::warn!(%fault, "could not look for what is due");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }
}

/// Until the next is due, or something new is to be done.
async fn rest(cx: &Cx) {
    let job = outbox::next(&cx.db, &KINDS).await.ok().flatten();
    let vanishing = vanish::next(&cx.db).await.ok().flatten();
    let next = job.into_iter().chain(vanishing).min();
    let wait = next.map_or(LOOK_EVERY, |at| {
        Duration::from_micros(at.saturating_sub(cx.env.now()).max(0).unsigned_abs()).min(LOOK_EVERY)
    });
    tokio::select! {
        () = tokio::time::sleep(wait) => {}
        () = cx.due.notified() => {}
    }
}

async fn look(cx: &Cx) -> Result<usize, Fault> {
    let mut seen = 0;
    for kind in KINDS {
        for job in outbox::claim_for(&cx.db, kind, cx.env.now(), LEASE).await? {
            seen += 1;
            if let Err(fault) = one(cx, kind, &job).await {
                tracing::warn!(%fault, kind, job = job.key, "what was due was not done; it is tried again");
                let (now, error) = (cx.env.now(), fault.to_string());
                if job.attempts >= ATTEMPTS && kind != scheduled::JOB {
                    outbox::fail(&cx.db, job.key, now, &error).await?;
                } else {
                    outbox::retry(&cx.db, job.key, now + AGAIN, &error).await?;
                }
            }
        }
    }
    Ok(seen + vanish::look(cx).await?)
}

async fn one(cx: &Cx, kind: &str, job: &Job) -> Result<(), Fault> {
    match kind {
        scheduled::JOB => scheduled::deliver(cx, job).await,
        saved::JOB => saved::remind(cx, job).await,
        _ => marks::bring_back(cx, job).await,
    }
}

/// Forgets what has long been sent or given up.
///
/// # Errors
/// Any database fault.
pub async fn tidy(cx: &Cx) -> Result<(), Fault> {
    scheduled::tidy(cx).await
}
