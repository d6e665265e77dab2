//! Catching up: bootstrap, `changes`, resume.

mod bootstrap;
mod changes;
mod directory;
mod own;
mod recent;
mod resume;
mod sql;

pub use bootstrap::{Bootstrap, bootstrap};
pub use changes::{Change, Changes, changes};
pub use directory::{Directory, Opening};
pub use recent::Recent;
pub use resume::{catchup, resume};
pub use sql::ALL;

use weft_kernel::{Env, Id, LogKey};
use weft_log::LogName;
use weft_storage::{Db, DbResult, params};

/// The server's epoch, made at its first start. Restoring a backup makes another.
///
/// # Errors
/// Any database error.
pub async fn epoch(db: &Db, env: &Env) -> DbResult<String> {
    db.execute(sql::PUT_EPOCH, params![env.uuid().simple().to_string()]).await?;
    db.query_one(sql::EPOCH, Vec::new()).await?.get(0)
}

/// The public name of `log` and its last event; none for the control log.
///
/// # Errors
/// Any database error.
pub async fn name_and_head(db: &Db, log: LogKey) -> DbResult<Option<(LogName, i64)>> {
    let Some(row) = db.query_opt(sql::NAME, params![log]).await? else { return Ok(None) };
    let Some(id) = row.get::<Option<uuid::Uuid>>(2)? else { return Ok(None) };
    let name = match row.get::<i64>(0)? {
        1 => LogName::Conversation(Id::from_uuid(id)),
        2 => LogName::Principal(Id::from_uuid(id)),
        3 => LogName::Org(Id::from_uuid(id)),
        _ => return Ok(None),
    };
    Ok(Some((name, row.get(1)?)))
}
