//! Catching up: bootstrap, `changes`, resume.

mod bootstrap;
mod changes;
mod directory;
mod own;
mod resume;
mod sql;

pub use bootstrap::{Bootstrap, bootstrap};
pub use changes::{Change, Changes, changes};
pub use directory::{Directory, Opening};
pub use resume::{catchup, resume};
pub use sql::ALL;

use weft_kernel::Env;
use weft_storage::{Db, DbResult, params};

/// The server's epoch, made at its first start. Restoring a backup makes another.
///
/// # Errors
/// Any database error.
pub async fn epoch(db: &Db, env: &Env) -> DbResult<String> {
    db.execute(sql::PUT_EPOCH, params![env.uuid().simple().to_string()]).await?;
    db.query_one(sql::EPOCH, Vec::new()).await?.get(0)
}
