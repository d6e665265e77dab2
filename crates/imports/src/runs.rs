//! Runs as an admin sees them: rows of `imports`.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use weft_http::Page;
use weft_kernel::{Env, Fault, FaultKind, Micros, OrgKey, PrincipalKey, id::ImportId};
use weft_storage::{Db, Row, params, statements};

use crate::{
    engine::{Options, Progress},
    format::{Format, Input},
    report::Report,
    shelf::Shelf,
};

statements! {
    /// A new run.
    ADD = "INSERT INTO imports (id, org, source, state, dry_run, created_by, created_at, beat_at)
           VALUES ($1, $2, $3, 'reading', $4, $5, $6, $6) RETURNING import";
    /// A sign of life of a run.
    BEAT = "UPDATE imports SET beat_at = $2 WHERE import = $1";
    /// The end of a run.
    FINISH = "UPDATE imports SET state = $2, finished_at = $3, report = $4, error = $5,
              done = CASE WHEN $2 = 'done' THEN total ELSE done END WHERE import = $1";
    /// Runs whose process is gone.
    ABANDONED = "UPDATE imports SET state = 'failed', finished_at = $1, error = $2
                 WHERE state IN ('reading', 'running') AND beat_at <= $3";
    /// One run.
    GET = "SELECT id, state, dry_run, done, total, report, error, created_at, finished_at, source FROM imports
           WHERE org = $1 AND id = $2";
    /// The latest runs of an org.
    LIST = "SELECT id, state, dry_run, done, total, report, error, created_at, finished_at, source FROM imports
            WHERE org = $1 ORDER BY import DESC LIMIT 50";
}

/// How often a run says that it lives.
const BEAT_EVERY: Duration = Duration::from_secs(5);
/// A run that has not said so for this long is taken for broken off.
const LOST_AFTER: Micros = 60 * 1_000_000;
const INTERRUPTED: &str = "The server stopped while this import ran. Run it again with the same file: \
    what came in is kept, and only the rest is added.";

/// A run that has begun.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Internal key.
    pub key: i64,
    /// Public id.
    pub id: ImportId,
    /// Into which org.
    pub org: OrgKey,
    /// Who began it.
    pub created_by: Option<PrincipalKey>,
    /// Whether it only reports.
    pub dry_run: bool,
}

/// How far a run is.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct ImportProgress {
    /// Messages handled.
    pub done: i64,
    /// Messages in all; 0 while the archive is read.
    pub total: i64,
}

/// Why a run failed.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ImportError {
    /// Stable, such as `import_archive`.
    pub code: String,
    /// What was wrong and where, in English.
    pub detail: String,
}

/// A run as the API shows it.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Import {
    /// Its id.
    #[schema(value_type = String)]
    pub id: ImportId,
    /// `slack`, `mattermost` or `rocketchat`.
    pub source: String,
    /// `reading`, `running`, `done` or `failed`.
    pub state: String,
    /// Whether nothing is written.
    pub dry_run: bool,
    /// How far it is.
    pub progress: ImportProgress,
    /// What it did, when done.
    #[schema(value_type = Option<Object>)]
    pub report: Option<serde_json::Value>,
    /// What went wrong.
    pub error: Option<ImportError>,
    /// When it began.
    pub created_at: Micros,
    /// When it ended.
    pub finished_at: Option<Micros>,
}

/// Notes that a run begins.
///
/// # Errors
/// Any database fault.
pub async fn begin(
    db: &Db,
    env: &Env,
    org: OrgKey,
    format: Format,
    created_by: Option<PrincipalKey>,
    dry_run: bool,
) -> Result<Run, Fault> {
    let id: ImportId = env.id();
    let mut tx = db.begin().await?;
    let row = tx.query_one(ADD, params![id, org, format.name(), dry_run, created_by, env.now()]).await?;
    let key = row.get(0)?;
    tx.commit().await?;
    Ok(Run { key, id, org, created_by, dry_run })
}

/// Imports `input` and notes how it ends.
///
/// # Errors
/// As [`crate::import`].
pub async fn import(
    db: &Db,
    env: &Env,
    run: &Run,
    input: Input,
    shelf: Option<&dyn Shelf>,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Report, Fault> {
    let options = Options { dry_run: run.dry_run, created_by: run.created_by, run: Some(run.key) };
    // A task of its own: reading an archive keeps its thread busy for long. Dropped, it ends.
    let mut beats = JoinSet::new();
    beat(db, env, run.key).await;
    beats.spawn(keep_beating(db.clone(), env.clone(), run.key));
    let done = crate::import(db, env, run.org, input, shelf, options, progress).await;
    drop(beats);
    let (state, report, error) = match &done {
        Ok(report) => ("done", Some(serde_json::to_string(report).map_err(Fault::internal)?), None),
        Err(fault) => ("failed", None, Some(stored(&explain(fault))?)),
    };
    db.execute(FINISH, params![run.key, state, env.now(), report, error]).await?;
    done
}

/// Says that a run lives. Any process on the database may look, and none may wait for the others:
/// so a row tells it, not a lock.
async fn beat(db: &Db, env: &Env, run: i64) {
    if let Err(error) = db.execute(BEAT, params![run, env.now()]).await {
        tracing::warn!(%error, "an import could not say that it goes on");
    }
}

async fn keep_beating(db: Db, env: Env, run: i64) {
    let mut tick = tokio::time::interval(BEAT_EVERY);
    loop {
        tick.tick().await;
        beat(&db, &env, run).await;
    }
}

/// A fault for the admin page; what only the log may know stays in the log.
fn explain(fault: &Fault) -> ImportError {
    let detail = match fault.kind() {
        FaultKind::Internal | FaultKind::Unavailable => {
            tracing::error!(%fault, "an import failed");
            format!("{} What came in is kept; run it again to add the rest.", fault.detail())
        }
        _ => fault.detail().to_owned(),
    };
    ImportError { code: fault.code_str().to_owned(), detail }
}

fn stored(error: &ImportError) -> Result<String, Fault> {
    serde_json::to_string(error).map_err(Fault::internal)
}

/// Marks runs as failed whose process is gone: those that have not said for a minute that they live.
/// Runs of other processes (a CLI, another server on the same database) go on.
///
/// # Errors
/// Any database fault.
pub async fn recover(db: &Db, env: &Env) -> Result<u64, Fault> {
    let error = ImportError { code: "import_interrupted".into(), detail: INTERRUPTED.into() };
    let now = env.now();
    Ok(db.execute(ABANDONED, params![now, stored(&error)?, now - LOST_AFTER]).await?)
}

/// The latest runs of an org, newest first.
///
/// # Errors
/// Any database fault.
pub async fn list(db: &Db, org: OrgKey) -> Result<Page<Import>, Fault> {
    let rows = db.query(LIST, params![org]).await?;
    Ok(Page::whole(rows.iter().map(read).collect::<Result<_, _>>()?))
}

/// One run.
///
/// # Errors
/// `not_found`.
pub async fn get(db: &Db, org: OrgKey, id: ImportId) -> Result<Import, Fault> {
    let row = db.query_opt(GET, params![org, id]).await?.ok_or_else(|| Fault::not_found("import"))?;
    read(&row)
}

fn read(row: &Row) -> Result<Import, Fault> {
    let (report, error): (Option<String>, Option<String>) = (row.get(5)?, row.get(6)?);
    Ok(Import {
        id: row.get(0)?,
        state: row.get(1)?,
        dry_run: row.get(2)?,
        progress: ImportProgress { done: row.get(3)?, total: row.get(4)? },
        report: report.and_then(|text| serde_json::from_str(&text).ok()),
        error: error.and_then(|text| serde_json::from_str(&text).ok()),
        created_at: row.get(7)?,
        finished_at: row.get(8)?,
        source: row.get(9)?,
    })
}
