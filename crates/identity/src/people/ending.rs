//! Statuses and do-not-disturb end by themselves: a job of the outbox for each, done once.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use weft_kernel::{Fault, Micros, PrincipalKey};
use weft_log::outbox::{self, Job};
use weft_storage::Tx;

use super::{Person, by_keys, change};
use crate::{Identity, org, state::Effects};

/// The kind of the job.
const JOB: &str = "status_end";
/// Looked for this often.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A job that failed is tried again after this.
const AGAIN: Micros = 30_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Ending {
    principal: PrincipalKey,
    at: Micros,
}

/// The ends that a person's profile names.
fn ends(person: &Person) -> [Option<Micros>; 2] {
    let status = person.status.as_ref().and_then(|status| status.until);
    [status, person.dnd.as_ref().and_then(|dnd| dnd.until)]
}

/// Notes in `tx` when what `after` says anew will end.
pub(crate) async fn note(tx: &mut Tx, before: &Person, after: &Person) -> Result<(), Fault> {
    for (was, at) in ends(before).into_iter().zip(ends(after)) {
        if let Some(at) = at.filter(|at| was != Some(*at)) {
            outbox::add(tx, JOB, &Ending { principal: after.key, at }, at).await?;
        }
    }
    Ok(())
}

/// Ends what is due, until dropped.
pub(crate) async fn run(identity: &Identity) {
    let mut tick = tokio::time::interval(LOOK_EVERY);
    loop {
        tick.tick().await;
        if let Err(fault) = due(identity).await {
            tracing::warn!(%fault, "could not look for statuses that end");
        }
    }
}

async fn due(identity: &Identity) -> Result<(), Fault> {
    for job in outbox::claim(&identity.db, JOB, identity.now()).await? {
        if let Err(fault) = one(identity, &job).await {
            tracing::warn!(%fault, job = job.key, "a status did not end; it is tried again");
            outbox::retry(&identity.db, job.key, identity.now() + AGAIN, &fault.to_string()).await?;
        }
    }
    Ok(())
}

async fn one(identity: &Identity, job: &Job) -> Result<(), Fault> {
    let ending: Ending = job.payload()?;
    let Some(person) = by_keys(&identity.db, &[ending.principal]).await?.pop() else {
        return Ok(outbox::done(&identity.db, job.key).await?);
    };
    let (now, org) = (identity.now(), org::by_key(&identity.db, person.org).await?);
    let mut effects = Effects::default();
    let mut tx = identity.db.begin().await?;
    if let Some(mut person) = change::lock(&mut tx, &org, person.id, false).await? {
        // Whoever set another end since has another job for it.
        if end(&mut person, ending.at) {
            change::save_profile(&mut tx, &mut effects, &org, &mut person, now).await?;
        }
    }
    outbox::done_in(&mut tx, job.key).await?;
    identity.finish(tx, effects).await
}

/// Takes away what ends at `at`; false where nothing does.
fn end(person: &mut Person, at: Micros) -> bool {
    let [status, dnd] = ends(person).map(|end| end == Some(at));
    if status {
        person.status = None;
    }
    if dnd && let Some(held) = &mut person.dnd {
        held.until = None;
        if held.is_empty() {
            person.dnd = None;
        }
    }
    status || dnd
}
