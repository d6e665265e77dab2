//! Proof that a caller was allowed, valid only while nothing about permissions has changed.

use weft_kernel::{Fault, FaultKind, LogKey};
use weft_storage::{Tx, params, statements};

statements! {
    /// Present versions.
    VERSIONS = "SELECT log, acl_version FROM logs WHERE log IN_INTS($1)";
}

/// The versions that a guard saw: of the conversation's log and of the caller's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    /// The log that is written to.
    pub log: LogKey,
    /// Its `acl_version` when the guard looked.
    pub log_version: i64,
    /// The caller's principal log.
    pub principal_log: LogKey,
    /// Its `acl_version` when the caller was let in.
    pub principal_version: i64,
}

impl Proof {
    /// The code of [`Proof::stale`].
    pub const STALE: &'static str = "stale_permission";

    /// The fault of a proof that no longer holds; the caller looks again and retries once.
    pub fn stale() -> Fault {
        Fault::new(FaultKind::Conflict, "Permissions changed meanwhile. Try again.").code(Proof::STALE)
    }

    /// Confirms inside the writing transaction that the proof still holds.
    ///
    /// # Errors
    /// [`Proof::stale`], or any database fault.
    pub async fn confirm(&self, tx: &mut Tx) -> Result<(), Fault> {
        let rows = tx.query(VERSIONS, params![vec![self.log.0, self.principal_log.0]]).await?;
        for row in rows {
            let (log, version): (LogKey, i64) = (row.get(0)?, row.get(1)?);
            let holds = (log != self.log || version == self.log_version)
                && (log != self.principal_log || version == self.principal_version);
            if !holds {
                return Err(Proof::stale());
            }
        }
        Ok(())
    }
}
