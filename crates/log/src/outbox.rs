//! The outbox: work that a transaction causes and that is done after it, at least once. Each kind
//! of job belongs to one domain, which claims and does it.

use serde::{Serialize, de::DeserializeOwned};
use weft_kernel::{Fault, Micros};
use weft_storage::{Db, DbResult, Tx, params, statements};

statements! {
    /// Adds a job.
    INSERT = "INSERT INTO outbox (kind, payload, run_at) VALUES ($1, $2, $3) RETURNING job";
    /// Claims due jobs for a while: who dies with one in hand leaves it to be done again.
    CLAIM = {
        sqlite: "UPDATE outbox SET run_at = $3, attempts = attempts + 1 WHERE job IN
                 (SELECT job FROM outbox WHERE kind = $1 AND failed_at IS NULL AND run_at <= $2
                  ORDER BY run_at LIMIT $4) RETURNING job, payload, attempts",
        pg: "UPDATE outbox SET run_at = $3, attempts = attempts + 1 WHERE job IN
             (SELECT job FROM outbox WHERE kind = $1 AND failed_at IS NULL AND run_at <= $2
              ORDER BY run_at LIMIT $4 FOR UPDATE SKIP LOCKED) RETURNING job, payload, attempts",
    };
    /// Whether anything is due, without taking the write lock.
    DUE = "SELECT job FROM outbox WHERE kind = $1 AND failed_at IS NULL AND run_at <= $2 LIMIT 1";
    /// When the next of some kinds is due.
    NEXT = "SELECT MIN(run_at) FROM outbox WHERE kind IN_TEXTS($1) AND failed_at IS NULL";
    /// Done: what was in it (perhaps a link) is gone from here.
    DONE = "DELETE FROM outbox WHERE job = $1";
    /// Has more to do later.
    AGAIN = "UPDATE outbox SET run_at = $2, attempts = 0, last_error = NULL WHERE job = $1";
    /// Tries again later.
    RETRY = "UPDATE outbox SET run_at = $2, last_error = $3 WHERE job = $1";
    /// Forgets what failed some time ago.
    DELETE_FAILED = "DELETE FROM outbox WHERE failed_at <= $1";
    /// Gives up; the payload, which may hold a link, is not kept.
    FAIL = "UPDATE outbox SET failed_at = $2, last_error = $3, payload = '{}' WHERE job = $1";
}

/// A claimed job is anyone's again after this long.
const CLAIM_FOR: Micros = 300_000_000;
/// Jobs that are taken at once.
const MANY: i64 = 10;

/// A job in hand.
#[derive(Debug)]
pub struct Job {
    /// Its key.
    pub key: i64,
    payload: String,
    /// How often it has been tried, this time included.
    pub attempts: i64,
}

impl Job {
    /// What it is about.
    ///
    /// # Errors
    /// `internal` for a payload of another shape.
    pub fn payload<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_str(&self.payload).map_err(Fault::internal)
    }
}

/// Adds a job, to be done from `run_at` on once `tx` has committed; returns its key.
///
/// # Errors
/// Any database fault.
pub async fn add(tx: &mut Tx, kind: &str, payload: &impl Serialize, run_at: Micros) -> Result<i64, Fault> {
    let json = serde_json::to_string(payload).map_err(Fault::internal)?;
    Ok(tx.query_one(INSERT, params![kind, json, run_at]).await?.get(0)?)
}

/// Takes up to ten due jobs in hand.
///
/// # Errors
/// Any database fault.
pub async fn claim(db: &Db, kind: &str, now: Micros) -> DbResult<Vec<Job>> {
    claim_for(db, kind, now, CLAIM_FOR).await
}

/// When the next job of some kinds is due.
///
/// # Errors
/// Any database fault.
pub async fn next(db: &Db, kinds: &[&str]) -> DbResult<Option<Micros>> {
    let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
    db.query_one(NEXT, params![kinds]).await?.get(0)
}

/// As [`claim`], for jobs that are quickly done and cannot wait long for another who does them.
///
/// # Errors
/// Any database fault.
pub async fn claim_for(db: &Db, kind: &str, now: Micros, lease: Micros) -> DbResult<Vec<Job>> {
    claim_most(db, kind, now, lease, MANY).await
}

/// Takes one due job in hand, for those that take long and are done beside each other.
///
/// # Errors
/// Any database fault.
pub async fn claim_one(db: &Db, kind: &str, now: Micros, lease: Micros) -> DbResult<Option<Job>> {
    Ok(claim_most(db, kind, now, lease, 1).await?.pop())
}

async fn claim_most(db: &Db, kind: &str, now: Micros, lease: Micros, most: i64) -> DbResult<Vec<Job>> {
    if !any_due(db, kind, now).await? {
        return Ok(Vec::new());
    }
    let mut tx = db.begin().await?;
    let jobs = take(&mut tx, kind, now, lease, most).await?;
    tx.commit().await?;
    Ok(jobs)
}

/// Whether anything is due, without taking the write lock.
///
/// # Errors
/// Any database error.
pub async fn any_due(db: &Db, kind: &str, now: Micros) -> DbResult<bool> {
    Ok(db.query_opt(DUE, params![kind, now]).await?.is_some())
}

/// As [`claim`], in a transaction that also writes down what is about to be done.
///
/// # Errors
/// Any database error.
pub async fn claim_in(tx: &mut Tx, kind: &str, now: Micros) -> DbResult<Vec<Job>> {
    take(tx, kind, now, CLAIM_FOR, MANY).await
}

async fn take(tx: &mut Tx, kind: &str, now: Micros, lease: Micros, most: i64) -> DbResult<Vec<Job>> {
    let rows = tx.query(CLAIM, params![kind, now, now + lease, most]).await?;
    rows.iter().map(|row| Ok(Job { key: row.get(0)?, payload: row.get(1)?, attempts: row.get(2)? })).collect()
}

/// The job is done.
///
/// # Errors
/// Any database fault.
pub async fn done(db: &Db, job: i64) -> DbResult<()> {
    db.execute(DONE, params![job]).await.map(drop)
}

/// The same, together with what it did: once that is committed, the job is not done again.
///
/// # Errors
/// Any database error.
pub async fn done_in(tx: &mut Tx, job: i64) -> DbResult<()> {
    tx.execute(DONE, params![job]).await.map(drop)
}

/// The job has more to do at `run_at`, together with what it did so far.
///
/// # Errors
/// Any database error.
pub async fn again_in(tx: &mut Tx, job: i64, run_at: Micros) -> DbResult<()> {
    tx.execute(AGAIN, params![job, run_at]).await.map(drop)
}

/// The job failed this time; it is tried again at `run_at`.
///
/// # Errors
/// Any database fault.
pub async fn retry(db: &Db, job: i64, run_at: Micros, error: &str) -> DbResult<()> {
    db.execute(RETRY, params![job, run_at, error]).await.map(drop)
}

/// The job failed for good.
///
/// # Errors
/// Any database fault.
pub async fn fail(db: &Db, job: i64, now: Micros, error: &str) -> DbResult<()> {
    db.execute(FAIL, params![job, now, error]).await.map(drop)
}
