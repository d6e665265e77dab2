//! The database that a server runs on, whichever it is.

use std::path::PathBuf;

use crate::{
    bulk::Column,
    error::{DbError, DbResult},
    migrate,
    pg::{PgDb, PgTx},
    sql::{Dialect, Sql},
    sqlite::{SqliteDb, SqliteTx},
    value::{Row, Value},
};

/// Where the database is.
#[derive(Debug, Clone)]
pub enum DbConfig {
    /// A file, created if absent.
    Sqlite(PathBuf),
    /// `postgres://…`.
    Postgres(String),
}

/// The engines themselves, for the hot path and for tests.
#[derive(Clone)]
pub enum Backend {
    /// The embedded engine.
    Sqlite(SqliteDb),
    /// A server.
    Postgres(PgDb),
}

/// An open database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Backend);

impl Db {
    /// Opens the database and brings its schema up to date.
    ///
    /// # Errors
    /// [`DbError::Schema`] when the schema is newer than this binary; otherwise any [`DbError`].
    pub async fn open(config: &DbConfig) -> DbResult<Db> {
        let db = Db::open_unmigrated(config)?;
        migrate::run(&db).await?;
        Ok(db)
    }

    /// Opens the database as it is.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn open_unmigrated(config: &DbConfig) -> DbResult<Db> {
        Ok(Db(match config {
            DbConfig::Sqlite(path) => Backend::Sqlite(SqliteDb::open(path)?),
            DbConfig::Postgres(url) => Backend::Postgres(PgDb::open(url)?),
        }))
    }

    /// The engine underneath.
    pub fn backend(&self) -> &Backend {
        &self.0
    }

    /// The engine's language.
    pub fn dialect(&self) -> Dialect {
        match self.0 {
            Backend::Sqlite(_) => Dialect::Sqlite,
            Backend::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Reads what is committed.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn query(&self, sql: Sql, params: Vec<Value>) -> DbResult<Vec<Row>> {
        match &self.0 {
            Backend::Sqlite(db) => db.read(move |conn| conn.query(sql, &params)).await,
            Backend::Postgres(db) => db.connection().await?.query(sql, &params).await,
        }
    }

    /// Reads at most one row.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn query_opt(&self, sql: Sql, params: Vec<Value>) -> DbResult<Option<Row>> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    /// Reads exactly one row.
    ///
    /// # Errors
    /// [`DbError::Other`] when there is none; otherwise any [`DbError`].
    pub async fn query_one(&self, sql: Sql, params: Vec<Value>) -> DbResult<Row> {
        self.query_opt(sql, params).await?.ok_or_else(|| DbError::Other("expected a row".into()))
    }

    /// Begins a write transaction. On SQLite it holds the one write lock: keep it short, and
    /// never wait in it for anything but the database.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn begin(&self) -> DbResult<Tx> {
        Ok(Tx(match &self.0 {
            Backend::Sqlite(db) => Inner::Sqlite(db.begin().await?),
            Backend::Postgres(db) => Inner::Postgres(Box::new(PgTx::begin(db).await?)),
        }))
    }

    /// One statement in a transaction of its own.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn execute(&self, sql: Sql, params: Vec<Value>) -> DbResult<u64> {
        match &self.0 {
            Backend::Sqlite(db) => db.write(move |conn| conn.execute(sql, &params)).await,
            Backend::Postgres(db) => db.connection().await?.execute(sql, &params).await,
        }
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn ping(&self) -> DbResult<()> {
        self.query(Sql::new("SELECT 1"), Vec::new()).await.map(drop)
    }
}

enum Inner {
    Sqlite(SqliteTx),
    Postgres(Box<PgTx>),
}

/// A write transaction; dropped without [`Tx::commit`] it rolls back.
pub struct Tx(Inner);

impl Tx {
    /// Reads, seeing this transaction's own writes.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn query(&mut self, sql: Sql, params: Vec<Value>) -> DbResult<Vec<Row>> {
        match &mut self.0 {
            Inner::Sqlite(tx) => tx.query(sql, params).await,
            Inner::Postgres(tx) => tx.conn()?.query(sql, &params).await,
        }
    }

    /// Reads at most one row.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn query_opt(&mut self, sql: Sql, params: Vec<Value>) -> DbResult<Option<Row>> {
        Ok(self.query(sql, params).await?.into_iter().next())
    }

    /// Reads exactly one row.
    ///
    /// # Errors
    /// [`DbError::Other`] when there is none; otherwise any [`DbError`].
    pub async fn query_one(&mut self, sql: Sql, params: Vec<Value>) -> DbResult<Row> {
        self.query_opt(sql, params).await?.ok_or_else(|| DbError::Other("expected a row".into()))
    }

    /// Writes; returns the number of rows changed.
    ///
    /// # Errors
    /// Any [`DbError`]. On PostgreSQL a failed statement ends the transaction: do not go on.
    pub async fn execute(&mut self, sql: Sql, params: Vec<Value>) -> DbResult<u64> {
        match &mut self.0 {
            Inner::Sqlite(tx) => tx.execute(sql, params).await,
            Inner::Postgres(tx) => tx.conn()?.execute(sql, &params).await,
        }
    }

    /// Writes many rows by one call; see [`crate::bulk`] for the pair of texts that `sql` is.
    /// Returns the number of rows changed.
    ///
    /// # Errors
    /// Any [`DbError`]. As with [`Tx::execute`].
    pub async fn execute_many(&mut self, sql: Sql, columns: Vec<Column>) -> DbResult<u64> {
        match &mut self.0 {
            Inner::Sqlite(tx) => tx.execute_many(sql, columns).await,
            Inner::Postgres(tx) => tx.conn()?.execute_many(sql, &columns).await,
        }
    }

    /// Runs several statements without parameters (migrations).
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn batch(&mut self, sql: &str) -> DbResult<()> {
        match &mut self.0 {
            Inner::Sqlite(tx) => tx.batch(sql.to_owned()).await,
            Inner::Postgres(tx) => tx.conn()?.batch(sql).await,
        }
    }

    /// Commits durably.
    ///
    /// # Errors
    /// Any [`DbError`]; then, unless the connection broke during the commit itself, nothing
    /// was written.
    pub async fn commit(self) -> DbResult<()> {
        match self.0 {
            Inner::Sqlite(tx) => tx.commit().await,
            Inner::Postgres(tx) => tx.commit().await,
        }
    }

    /// Rolls back now, keeping the connection.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn rollback(self) -> DbResult<()> {
        match self.0 {
            Inner::Sqlite(tx) => {
                drop(tx);
                Ok(())
            }
            Inner::Postgres(tx) => tx.rollback().await,
        }
    }
}
