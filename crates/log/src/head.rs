//! Head rows: one per log; updating it orders the log.

use weft_kernel::{LogKey, Micros, OrgKey};
use weft_storage::{DbResult, Row, Tx, params, statements};

/// What a log belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogKind {
    /// The server.
    Control = 0,
    /// A conversation.
    Conversation = 1,
    /// A principal.
    Principal = 2,
    /// An org.
    Org = 3,
}

statements! {
    /// A new log.
    CREATE = "INSERT INTO logs (kind, org) VALUES ($1, $2) RETURNING log";
    /// Takes the next `count` sequence numbers.
    ADVANCE = "UPDATE logs SET head_seq = head_seq + $2, last_at = GREATEST(last_at, $3) WHERE log = $1
               RETURNING head_seq, last_n, last_at, acl_version";
    /// Takes the next `count` sequence numbers and makes every earlier permission proof stale.
    ADVANCE_ACL = "UPDATE logs SET head_seq = head_seq + $2, last_at = GREATEST(last_at, $3),
                   acl_version = acl_version + 1 WHERE log = $1
                   RETURNING head_seq, last_n, last_at, acl_version";
    /// Takes the next sequence number of each of several logs.
    ADVANCE_EACH = "UPDATE logs SET head_seq = head_seq + 1, last_at = GREATEST(last_at, $2)
                    WHERE log IN_INTS($1) RETURNING log, head_seq, last_n, last_at, acl_version";
    /// Locks heads in ascending order.
    LOCK = "SELECT log, head_seq, last_n, last_at, acl_version FROM logs WHERE log IN_INTS($1) ORDER BY log FOR_UPDATE";
}

/// A head row, after an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// The last sequence number.
    pub seq: i64,
    /// The last ordinal of the main lane.
    pub n: i64,
    /// The time of the last event; never falls within a log.
    pub at: Micros,
    /// The version of permissions.
    pub acl_version: i64,
}

impl Head {
    fn read(row: &Row, first: usize) -> DbResult<Head> {
        Ok(Head {
            seq: row.get(first)?,
            n: row.get(first + 1)?,
            at: row.get(first + 2)?,
            acl_version: row.get(first + 3)?,
        })
    }
}

/// Creates a log.
///
/// # Errors
/// Any database error.
pub async fn create(tx: &mut Tx, kind: LogKind, org: Option<OrgKey>) -> DbResult<LogKey> {
    tx.query_one(CREATE, params![kind as i64, org]).await?.get(0)
}

/// Takes the next sequence number of `log` for an event at `now`.
///
/// # Errors
/// Any database error.
pub async fn advance(tx: &mut Tx, log: LogKey, now: Micros) -> DbResult<Head> {
    Head::read(&tx.query_one(ADVANCE, params![log, 1_i64, now]).await?, 0)
}

/// As [`advance`], for `count` events at once: they are `seq − count + 1 ..= seq`.
///
/// # Errors
/// Any database error.
pub async fn advance_by(tx: &mut Tx, log: LogKey, count: i64, now: Micros) -> DbResult<Head> {
    Head::read(&tx.query_one(ADVANCE, params![log, count, now]).await?, 0)
}

/// As [`advance`], for an event that changes who may do what.
///
/// # Errors
/// Any database error.
pub async fn advance_acl(tx: &mut Tx, log: LogKey, now: Micros) -> DbResult<Head> {
    advance_acl_by(tx, log, 1, now).await
}

/// As [`advance_acl`], for `count` events at once: they are `seq − count + 1 ..= seq`.
///
/// # Errors
/// Any database error.
pub async fn advance_acl_by(tx: &mut Tx, log: LogKey, count: i64, now: Micros) -> DbResult<Head> {
    Head::read(&tx.query_one(ADVANCE_ACL, params![log, count, now]).await?, 0)
}

/// Takes the next sequence number of each of `logs`, whose heads are already [`lock`]ed.
///
/// # Errors
/// Any database error.
pub async fn advance_each(tx: &mut Tx, logs: &[LogKey], now: Micros) -> DbResult<Vec<(LogKey, Head)>> {
    let keys: Vec<i64> = logs.iter().map(|l| l.0).collect();
    let rows = tx.query(ADVANCE_EACH, params![keys, now]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, Head::read(row, 1)?))).collect()
}

/// Locks the heads of several logs in ascending order, so that transactions never deadlock.
/// Call it first in a transaction that advances more than one log.
///
/// # Errors
/// Any database error.
pub async fn lock(tx: &mut Tx, logs: &[LogKey]) -> DbResult<Vec<(LogKey, Head)>> {
    let keys: Vec<i64> = logs.iter().map(|l| l.0).collect();
    let rows = tx.query(LOCK, params![keys]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, Head::read(row, 1)?))).collect()
}
