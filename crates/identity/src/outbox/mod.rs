//! The outbox: work that a transaction causes and that is done after it, at least once.

pub(crate) mod sql;

use serde::{Serialize, de::DeserializeOwned};
use weft_kernel::{Fault, Micros};
use weft_storage::{Db, DbResult, Tx, params};

use crate::state::SECOND;

/// A claimed job is anyone's again after this long.
const CLAIM_FOR: Micros = 300 * SECOND;

/// What a job does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Sends a mail.
    Mail,
    /// Lets a new member join what members join.
    Joined,
}

impl Kind {
    fn stored(self) -> &'static str {
        match self {
            Kind::Mail => "mail",
            Kind::Joined => "joined",
        }
    }
}

/// A job in hand.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) key: i64,
    payload: String,
    /// How often it has been tried, this time included.
    pub(crate) attempts: i64,
}

impl Job {
    /// What it is about.
    pub(crate) fn payload<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_str(&self.payload).map_err(Fault::internal)
    }
}

/// Adds a job, to be done from `run_at` on once `tx` has committed; returns its key.
pub(crate) async fn add(
    tx: &mut Tx,
    kind: Kind,
    payload: &impl Serialize,
    run_at: Micros,
) -> Result<i64, Fault> {
    let json = serde_json::to_string(payload).map_err(Fault::internal)?;
    Ok(tx.query_one(sql::INSERT, params![kind.stored(), json, run_at]).await?.get(0)?)
}

/// Takes up to ten due jobs in hand.
pub(crate) async fn claim(db: &Db, kind: Kind, now: Micros) -> DbResult<Vec<Job>> {
    if db.query_opt(sql::DUE, params![kind.stored(), now]).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut tx = db.begin().await?;
    let rows = tx.query(sql::CLAIM, params![kind.stored(), now, now + CLAIM_FOR]).await?;
    tx.commit().await?;
    rows.iter().map(|row| Ok(Job { key: row.get(0)?, payload: row.get(1)?, attempts: row.get(2)? })).collect()
}

/// The job is done.
pub(crate) async fn done(db: &Db, job: i64) -> DbResult<()> {
    db.execute(sql::DONE, params![job]).await.map(drop)
}

/// The job failed this time; it is tried again at `run_at`.
pub(crate) async fn retry(db: &Db, job: i64, run_at: Micros, error: &str) -> DbResult<()> {
    db.execute(sql::RETRY, params![job, run_at, error]).await.map(drop)
}

/// The job failed for good.
pub(crate) async fn fail(db: &Db, job: i64, now: Micros, error: &str) -> DbResult<()> {
    db.execute(sql::FAIL, params![job, now, error]).await.map(drop)
}
