//! A placeholder's history becomes another person's.
//!
//! Conversation by conversation, each in short transactions: what breaks off is finished by asking
//! again, because the placeholder stays one until the end.

mod history;
pub mod sql;

use serde::Deserialize;
use weft_http::Admin;
use weft_kernel::{Env, Fault, LogKey, PrincipalKey, id::PrincipalId};
use weft_log::{ControlKind, control, head};
use weft_storage::{Db, params};

/// The stored states that matter here.
const ACTIVE: i64 = 1;
const PLACEHOLDER: i64 = 3;

/// Whose the history becomes.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MapTo {
    /// A person of the same org, active or a placeholder.
    #[schema(value_type = String)]
    pub to: PrincipalId,
}

/// One of the two.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Party {
    pub(crate) id: PrincipalId,
    pub(crate) key: PrincipalKey,
    pub(crate) log: LogKey,
    pub(crate) state: i64,
}

/// Gives the history of placeholder `from` to `to`.
///
/// # Errors
/// `not_found`; `409 not_a_placeholder` when `from` is not one (any more); `invalid` (`to`) when
/// it is `from` itself or cannot act here.
pub async fn map(
    db: &Db,
    env: &Env,
    Admin(caller): &Admin,
    from: PrincipalId,
    to: PrincipalId,
) -> Result<(), Fault> {
    let from = party(db, caller.org, from).await?;
    if from.state != PLACEHOLDER {
        return Err(Fault::conflict("not_a_placeholder", "This person is not a placeholder."));
    }
    let to = party(db, caller.org, to).await.map_err(|fault| match fault.kind() {
        weft_kernel::FaultKind::NotFound => Fault::invalid("to", "There is no such person here."),
        _ => fault,
    })?;
    if to.key == from.key || !matches!(to.state, ACTIVE | PLACEHOLDER) {
        return Err(Fault::invalid("to", "Choose another person who is active or a placeholder."));
    }
    // First, so that an import that runs now writes for the right person.
    db.execute(sql::REPOINT, params![caller.org, from.key, to.key]).await?;
    let logs = db.query(sql::TRACES, params![caller.org, from.key]).await?;
    for row in logs {
        let log: LogKey = row.get(0)?;
        history::hand_over(db, env, caller.org, log, from, to).await?;
    }
    finish(db, env, caller.org_log, from, to).await
}

async fn party(db: &Db, org: weft_kernel::OrgKey, id: PrincipalId) -> Result<Party, Fault> {
    let row = db.query_opt(sql::PERSON, params![org, id]).await?;
    let row = row.ok_or_else(|| Fault::not_found("person"))?;
    Ok(Party { id, key: row.get(0)?, log: row.get(1)?, state: row.get(2)? })
}

async fn finish(db: &Db, env: &Env, org_log: LogKey, from: Party, to: Party) -> Result<(), Fault> {
    let now = env.now();
    let mut tx = db.begin().await?;
    let seq = head::advance(&mut tx, org_log, now).await?.seq;
    tx.execute(sql::BECOME, params![from.key, to.key, seq]).await?;
    tx.execute(sql::UPLOADED, params![from.key, to.key]).await?;
    tx.execute(sql::REVOKE, params![from.key, now]).await?;
    control::announce(&mut tx, ControlKind::Log, org_log.0, now).await?;
    control::announce(&mut tx, ControlKind::Log, to.log.0, now).await?;
    Ok(tx.commit().await?)
}
