//! From a message to its readers' devices, in two kinds of jobs: one decides who is told of a
//! message, one takes it to one device.
//!
//! **Invariants:** somebody is told of a message once: what their devices show is noted in the
//! transaction that adds the jobs for them; what a device is told is looked up when it is told, so
//! that nothing is told that was read, taken back or is not theirs to see by then.

mod decide;
mod send;
pub(crate) mod words;

pub(crate) use decide::{DECIDE, Decide};
pub(crate) use send::{Errand, SEND, Send, once};

use std::time::Duration;

use weft_kernel::Fault;

use crate::Notify;

/// Jobs of other processes, and those whose time comes, are looked for this often.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A job that failed is tried again after this, in microseconds.
const AGAIN: i64 = 30_000_000;
/// And so often in all.
const ATTEMPTS: i64 = 20;

/// Does both kinds of jobs until dropped.
pub(crate) async fn run(notify: &Notify) {
    tokio::join!(decide::run(notify), send::run(notify));
}

/// Waits for the bell, or until it is time to look without it.
async fn rest(bell: &tokio::sync::Notify) {
    let _ = tokio::time::timeout(LOOK_EVERY, bell.notified()).await;
}

/// Puts a job that failed aside for later, or gives it up.
pub(crate) async fn failed(notify: &Notify, job: &weft_log::outbox::Job, fault: &Fault) {
    use weft_log::outbox;
    tracing::warn!(%fault, job = job.key, "a notification was not sent");
    let (db, now, error) = (&notify.db, notify.env.now(), fault.to_string());
    let put = match job.attempts {
        ATTEMPTS.. => outbox::fail(db, job.key, now, &error).await,
        _ => outbox::retry(db, job.key, now + AGAIN, &error).await,
    };
    if let Err(error) = put {
        // Its lease runs out by itself.
        tracing::warn!(%error, "the outbox cannot be written");
    }
}
