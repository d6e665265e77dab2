//! The schema and its versions.
//!
//! One text per version for both databases. Line markers pick a dialect: a line that starts with
//! `--sqlite ` or `--pg ` is kept, without its marker, only there. On PostgreSQL `TEXT` becomes
//! `TEXT COLLATE "C"`, so that both databases order text by its bytes.

use crate::{
    db::{Db, Tx},
    error::{DbError, DbResult},
    sql::{Dialect, Sql},
};

/// Every version, oldest first. A landed one is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("../migrations/0001_init.sql"),
    include_str!("../migrations/0002_newcomers.sql"),
    include_str!("../migrations/0003_import_beats.sql"),
    include_str!("../migrations/0004_acks.sql"),
    include_str!("../migrations/0005_files.sql"),
    include_str!("../migrations/0006_previews.sql"),
    include_str!("../migrations/0007_push.sql"),
    include_str!("../migrations/0008_rules.sql"),
    include_str!("../migrations/0009_later.sql"),
    include_str!("../migrations/0010_topics.sql"),
    include_str!("../migrations/0011_expression.sql"),
    include_str!("../migrations/0012_urgent.sql"),
    include_str!("../migrations/0013_archive.sql"),
    include_str!("../migrations/0014_announcements.sql"),
    include_str!("../migrations/0015_emoji.sql"),
    include_str!("../migrations/0017_documents.sql"),
    include_str!("../migrations/0018_mail.sql"),
    include_str!("../migrations/0019_vanish.sql"),
    include_str!("../migrations/0020_layouts.sql"),
];

const CREATE: &str = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)";
const VERSION: Sql = Sql::new("SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) FROM schema_version");
const RECORD: Sql = Sql::new("INSERT INTO schema_version (version) VALUES ($1)");

/// Brings the schema to this binary's version. Several processes may try at once.
///
/// # Errors
/// [`DbError::Schema`] when the database is newer than this binary.
pub async fn run(db: &Db) -> DbResult<()> {
    run_to(db, MIGRATIONS.len()).await
}

/// Brings the schema to `target` (for tests of upgrades).
///
/// # Errors
/// As [`run`].
pub async fn run_to(db: &Db, target: usize) -> DbResult<()> {
    let mut tx = db.begin().await?;
    if db.dialect() == Dialect::Postgres {
        // Two nodes that start together take turns.
        tx.batch("SELECT pg_advisory_xact_lock(2003133044)").await?;
    }
    tx.batch(CREATE).await?;
    let version: i64 = tx.query_one(VERSION, Vec::new()).await?.get(0)?;
    let have = usize::try_from(version).unwrap_or(usize::MAX);
    if have > MIGRATIONS.len() {
        return Err(DbError::Schema(format!(
            "The database has schema version {have}, but this Weft knows only up to {}. \
             Start the newer Weft that wrote it, or restore a backup from before the upgrade.",
            MIGRATIONS.len()
        )));
    }
    for (index, text) in MIGRATIONS.iter().enumerate().take(target).skip(have) {
        apply(&mut tx, db.dialect(), index + 1, text).await?;
    }
    tx.commit().await
}

async fn apply(tx: &mut Tx, dialect: Dialect, version: usize, text: &str) -> DbResult<()> {
    tx.batch(&localise(text, dialect))
        .await
        .map_err(|e| DbError::Schema(format!("Migration {version} failed, nothing was changed: {e}")))?;
    tx.execute(RECORD, crate::params![version as i64]).await?;
    Ok(())
}

fn localise(text: &str, dialect: Dialect) -> String {
    let (mine, other) = match dialect {
        Dialect::Sqlite => ("--sqlite ", "--pg "),
        Dialect::Postgres => ("--pg ", "--sqlite "),
    };
    let mut out = String::with_capacity(text.len());
    for line in text.lines().filter(|line| !line.trim_start().starts_with(other)) {
        let line = line.trim_start().strip_prefix(mine).unwrap_or(line);
        match dialect {
            Dialect::Postgres => out.push_str(&line.replace(" TEXT", " TEXT COLLATE \"C\"")),
            Dialect::Sqlite => out.push_str(line),
        }
        out.push('\n');
    }
    out
}
