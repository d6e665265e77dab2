//! The control log: how processes on one database tell each other what cannot wait for the next
//! look at a version. Its head row makes it dense and in commit order; a node polls it.

use weft_kernel::{LogKey, Micros};
use weft_storage::{Db, DbResult, Tx, params, statements};

use crate::head;

statements! {
    /// Adds an event.
    INSERT = "INSERT INTO control_events (seq, kind, subject, at) VALUES ($1, $2, $3, $4)";
    /// What came after a known event.
    AFTER = "SELECT seq, kind, subject FROM control_events WHERE seq > $1 ORDER BY seq LIMIT 1000";
    /// The last event.
    HEAD = "SELECT head_seq FROM logs WHERE log = 1";
    /// Forgets old events.
    PRUNE = "DELETE FROM control_events WHERE at < $1";
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlKind {
    /// A session ended; the subject is its key.
    Session,
    /// An access token ended; the subject is its key.
    Token,
    /// A principal's state or role changed; the subject is its key.
    Principal,
    /// All sessions of an account ended; the subject is its key.
    Account,
    /// Who is in a conversation changed; the subject is its log.
    Conversation,
    /// A log grew without frames (an import); the subject is the log.
    Log,
    /// The search index of an org is to be built anew; the subject is the org's key.
    Reindex,
}

const NAMES: [(ControlKind, &str); 7] = [
    (ControlKind::Session, "session"),
    (ControlKind::Token, "token"),
    (ControlKind::Principal, "principal"),
    (ControlKind::Account, "account"),
    (ControlKind::Conversation, "conversation"),
    (ControlKind::Log, "log"),
    (ControlKind::Reindex, "reindex"),
];

/// One event of the control log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ControlEvent {
    /// Its number.
    pub seq: i64,
    /// What changed; none when a newer Weft wrote a kind unknown here.
    pub kind: Option<ControlKind>,
    /// An internal key.
    pub subject: i64,
}

/// Tells other processes, when `tx` commits. Do it last in a transaction: whoever holds the control
/// head must not wait for another lock, so transactions cannot deadlock on it.
///
/// # Errors
/// Any database error.
pub async fn announce(tx: &mut Tx, kind: ControlKind, subject: i64, now: Micros) -> DbResult<()> {
    let seq = head::advance(tx, LogKey::CONTROL, now).await?.seq;
    let name = NAMES.iter().find(|(k, _)| *k == kind).map_or("", |(_, name)| name);
    tx.execute(INSERT, params![seq, name, subject, now]).await?;
    Ok(())
}

/// The number of the last event.
///
/// # Errors
/// Any database error.
pub async fn head_seq(db: &Db) -> DbResult<i64> {
    db.query_one(HEAD, Vec::new()).await?.get(0)
}

/// Up to 1,000 events after `seq`.
///
/// # Errors
/// Any database error.
pub async fn after(db: &Db, seq: i64) -> DbResult<Vec<ControlEvent>> {
    let rows = db.query(AFTER, params![seq]).await?;
    rows.iter()
        .map(|row| {
            let name: String = row.get(1)?;
            let kind = NAMES.iter().find(|(_, n)| *n == name).map(|(k, _)| *k);
            Ok(ControlEvent { seq: row.get(0)?, kind, subject: row.get(2)? })
        })
        .collect()
}

/// Forgets events older than `before`: a process that was away for longer starts anew anyway.
///
/// # Errors
/// Any database error.
pub async fn prune(db: &Db, before: Micros) -> DbResult<u64> {
    db.execute(PRUNE, params![before]).await
}
