//! What else happens when someone becomes an active member: another domain's work, done after the
//! transaction, for certain: a crash in between leaves a job that is done later.

use std::time::Duration;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use weft_http::Role;
use weft_kernel::{Env, Fault, LogKey, PrincipalKey, id::PrincipalId};
use weft_log::outbox;
use weft_storage::{Db, Tx, params};

use super::{PrincipalRef, by_keys, sql};
use crate::{
    Identity,
    org::{self, OrgRef},
    state::SECOND,
};

/// The kind of the jobs that let new members join what members join.
const JOB: &str = "joined";
/// Looks for what a crash has left undone this often.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// The process that makes someone active has this long before others try.
const FIRST_TRY: i64 = 60 * SECOND;

/// Who became active.
#[derive(Debug, Clone)]
pub struct Joined {
    /// Where.
    pub org: OrgRef,
    /// Internal key.
    pub principal: PrincipalKey,
    /// Public id.
    pub id: PrincipalId,
    /// Their log.
    pub log: LogKey,
    /// What they may do; never guest: guests join nothing by themselves.
    pub role: Role,
    /// Whether nobody was active in the org before.
    pub first: bool,
    /// `en` or `zh-CN`: for the names of what is made for the first one.
    pub locale: String,
}

/// Implemented by the server over messaging (default channels).
#[async_trait]
pub trait OnJoin: Send + Sync {
    /// Called once someone's membership is committed, before they are answered. Must be safe to
    /// repeat: after a fault or a crash it is called again.
    ///
    /// # Errors
    /// Any fault.
    async fn joined(&self, joined: &Joined) -> Result<(), Fault>;
}

/// Nothing else happens.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoJoin;

#[async_trait]
impl OnJoin for NoJoin {
    async fn joined(&self, _: &Joined) -> Result<(), Fault> {
        Ok(())
    }
}

#[derive(Serialize, Deserialize)]
struct Payload {
    principal: PrincipalKey,
    first: bool,
    locale: String,
}

/// Someone who became active in a transaction that has yet to commit.
pub(crate) struct Pending {
    job: i64,
    joined: Joined,
}

/// Notes in `tx` that `person` became active; nothing for guests.
pub(crate) async fn note(
    tx: &mut Tx,
    env: &Env,
    org: &OrgRef,
    person: &PrincipalRef,
    (role, locale): (Role, &str),
) -> Result<Option<Pending>, Fault> {
    if role == Role::Guest {
        return Ok(None);
    }
    let others: i64 = tx.query_one(sql::OTHER_ACTIVE, params![org.key, person.key]).await?.get(0)?;
    let first = others == 0;
    let payload = Payload { principal: person.key, first, locale: locale.to_owned() };
    let job = outbox::add(tx, JOB, &payload, env.now() + FIRST_TRY).await?;
    let joined = Joined {
        org: org.clone(),
        principal: person.key,
        id: person.id,
        log: person.log,
        role,
        first,
        locale: payload.locale,
    };
    Ok(Some(Pending { job, joined }))
}

/// Does what was noted, after the commit. A fault is logged and left to [`retry`].
pub(crate) async fn settle(db: &Db, on_join: &dyn OnJoin, pending: &Pending) {
    let done = match on_join.joined(&pending.joined).await {
        Ok(()) => outbox::done(db, pending.job).await.map_err(Fault::from),
        Err(fault) => Err(fault),
    };
    if let Err(fault) = done {
        let principal = pending.joined.principal.0;
        tracing::warn!(%fault, principal, "a new member is not everywhere yet; it is tried again");
    }
}

/// Does what a crash or a fault has left undone, until dropped.
pub(crate) async fn retry(identity: &Identity) {
    let mut tick = tokio::time::interval(LOOK_EVERY);
    loop {
        tick.tick().await;
        if let Err(fault) = retry_due(identity).await {
            tracing::warn!(%fault, "could not see to new members");
        }
    }
}

async fn retry_due(identity: &Identity) -> Result<(), Fault> {
    for job in outbox::claim(&identity.db, JOB, identity.now()).await? {
        let payload: Payload = job.payload()?;
        let person = by_keys(&identity.db, &[payload.principal]).await?.pop();
        let Some(person) = person else {
            outbox::done(&identity.db, job.key).await?;
            continue;
        };
        let joined = Joined {
            org: org::by_key(&identity.db, person.org).await?,
            principal: person.key,
            id: person.id,
            log: person.log,
            role: person.role,
            first: payload.first,
            locale: payload.locale,
        };
        settle(&identity.db, &*identity.on_join, &Pending { job: job.key, joined }).await;
    }
    Ok(())
}
