//! Removing, once an hour, what has run out and nobody will ask for again.

use std::time::Duration;

use weft_files::Files;
use weft_identity::Identity;
use weft_kernel::{Env, Fault, Micros};
use weft_log::control;
use weft_notify::Notify;
use weft_storage::Db;

const EVERY: Duration = Duration::from_secs(3600);
/// Control events are kept this long, in microseconds: a week.
const CONTROL_EVENTS: Micros = 7 * 24 * 3600 * 1_000_000;

/// Runs until the process ends.
pub(crate) async fn run(db: Db, env: Env, identity: Identity, files: Files, notify: Notify) {
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tick.tick().await;
        if let Err(fault) = once(&db, &env, &identity, &files, &notify).await {
            tracing::warn!(%fault, "what has run out could not be removed; it is tried again in an hour");
        }
    }
}

async fn once(db: &Db, env: &Env, identity: &Identity, files: &Files, notify: &Notify) -> Result<(), Fault> {
    identity.tidy().await?;
    files.tidy().await?;
    notify.tidy().await?;
    control::prune(db, env.now() - CONTROL_EVENTS).await?;
    Ok(())
}
