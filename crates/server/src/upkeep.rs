//! Removing, once an hour, what has run out and nobody will ask for again.

use std::time::Duration;

use weft_files::Files;
use weft_identity::Identity;
use weft_kernel::{Fault, Micros};
use weft_log::control;
use weft_messaging::Cx;
use weft_notify::Notify;

const EVERY: Duration = Duration::from_secs(3600);
/// Control events are kept this long, in microseconds: a week.
const CONTROL_EVENTS: Micros = 7 * 24 * 3600 * 1_000_000;

/// Runs until the process ends.
pub(crate) async fn run(cx: Cx, identity: Identity, files: Files, notify: Notify) {
    let mut tick = tokio::time::interval(EVERY);
    loop {
        tick.tick().await;
        if let Err(fault) = once(&cx, &identity, &files, &notify).await {
            tracing::warn!(%fault, "what has run out could not be removed; it is tried again in an hour");
        }
    }
}

async fn once(cx: &Cx, identity: &Identity, files: &Files, notify: &Notify) -> Result<(), Fault> {
    identity.tidy().await?;
    files.tidy().await?;
    notify.tidy().await?;
    weft_messaging::due::tidy(cx).await?;
    control::prune(&cx.db, cx.env.now() - CONTROL_EVENTS).await?;
    Ok(())
}
