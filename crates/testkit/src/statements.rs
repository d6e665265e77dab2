//! Preparing a crate's statements, so that a wrong one fails a test and not a user.

use weft_storage::{Backend, Dialect, Sql};

use crate::TestDb;

/// Prepares every statement of `all` (as `statements!` lists them) and says which are refused.
///
/// # Panics
/// When any is refused.
pub async fn prepare_all(test: &TestDb, all: &[(&'static str, Sql)]) {
    let mut refused = Vec::new();
    for (name, sql) in all {
        if let Err(error) = prepare(test, *sql).await {
            refused.push(format!("{name}: {error}"));
        }
    }
    assert!(refused.is_empty(), "statements refused:\n{}", refused.join("\n"));
}

async fn prepare(test: &TestDb, sql: Sql) -> Result<(), String> {
    match test.db().backend() {
        Backend::Sqlite(db) => {
            let text = sql.text(Dialect::Sqlite);
            let tried =
                db.read(move |conn| Ok(conn.raw().prepare(&text).map(drop).map_err(|e| e.to_string())));
            tried.await.map_err(|e| e.to_string())?
        }
        Backend::Postgres(db) => {
            let connection = db.connection().await.map_err(|e| e.to_string())?;
            let prepared = connection.raw().prepare(&sql.text(Dialect::Postgres)).await;
            prepared.map(drop).map_err(|e| e.as_db_error().map_or_else(|| e.to_string(), ToString::to_string))
        }
    }
}
