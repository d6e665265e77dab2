//! SQLite: one writer thread and a few reader threads, each with its own connection.
//!
//! Why threads of our own: a dedicated writer commits about twice as often as a pool that hops
//! between threads for each statement (`docs/decisions/0001-storage.md`).

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, unbounded};
use rusqlite::{Connection, OpenFlags, types::ToSqlOutput};
use rustc_hash::FxHashMap;
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};
use uuid::Uuid;

use crate::{
    bulk::{self, Column},
    error::{DbError, DbResult},
    sql::{Dialect, Sql},
    value::{Row, Value},
};

/// Readers beside the writer. Two cores are busy with three; more only fight for the page cache.
const READERS: usize = 3;
/// How long a statement waits for another process (a CLI) that holds the write lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce(&mut Conn) + Send>;

/// A connection with its translated statements.
pub struct Conn {
    connection: Connection,
    texts: FxHashMap<usize, Arc<str>>,
}

impl Conn {
    fn open(path: &Path, read_only: bool) -> DbResult<Conn> {
        let flags = if read_only {
            OpenFlags::SQLITE_OPEN_READ_ONLY
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
        } | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        if !read_only {
            connection.pragma_update(None, "journal_mode", "WAL")?;
        }
        // FULL: an acknowledged message has been fsynced to the WAL.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "cache_size", -65_536)?;
        connection.pragma_update(None, "mmap_size", 1_i64 << 30)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.set_prepared_statement_cache_capacity(512);
        Ok(Conn { connection, texts: FxHashMap::default() })
    }

    /// The bare connection, for set-wise work on the hot path.
    pub fn raw(&self) -> &Connection {
        &self.connection
    }

    fn text(&mut self, sql: Sql) -> Arc<str> {
        let key = sql.source(Dialect::Sqlite).as_ptr() as usize;
        self.texts.entry(key).or_insert_with(|| sql.text(Dialect::Sqlite).into()).clone()
    }

    /// Runs a query.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn query(&mut self, sql: Sql, params: &[Value]) -> DbResult<Vec<Row>> {
        let text = self.text(sql);
        let mut statement = self.connection.prepare_cached(&text)?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(params))?;
        let mut out = Vec::new();
        while let Some(row) = rows.next()? {
            let values = (0..columns).map(|i| row.get_ref(i).map(read)).collect::<Result<_, _>>()?;
            out.push(Row(values));
        }
        Ok(out)
    }

    /// Runs a statement and returns the number of rows that it changed.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn execute(&mut self, sql: Sql, params: &[Value]) -> DbResult<u64> {
        let text = self.text(sql);
        let mut statement = self.connection.prepare_cached(&text)?;
        if statement.column_count() > 0 {
            let mut rows = statement.query(rusqlite::params_from_iter(params))?;
            let mut count = 0;
            while rows.next()?.is_some() {
                count += 1;
            }
            return Ok(count);
        }
        Ok(statement.execute(rusqlite::params_from_iter(params))? as u64)
    }

    /// Runs a statement once per row of `columns`; see [`crate::bulk`].
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn execute_many(&mut self, sql: Sql, columns: &[Column]) -> DbResult<u64> {
        let text = self.text(sql);
        let mut statement = self.connection.prepare_cached(&text)?;
        let mut changed = 0;
        for row in 0..bulk::rows(columns)? {
            let values = columns.iter().map(|c| c.at(row));
            changed += statement.execute(rusqlite::params_from_iter(values))? as u64;
        }
        Ok(changed)
    }

    /// Runs several statements without parameters.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub fn batch(&mut self, sql: &str) -> DbResult<()> {
        Ok(self.connection.execute_batch(sql)?)
    }

    /// Runs `work` in a transaction that holds the write lock from its start; an error rolls back.
    ///
    /// # Errors
    /// Any [`DbError`], from `work` or the commit.
    pub fn transaction<T>(&mut self, work: impl FnOnce(&mut Conn) -> DbResult<T>) -> DbResult<T> {
        self.begin()?;
        let done = work(self).and_then(|value| self.batch("COMMIT").map(|()| value));
        if done.is_err() {
            self.rollback();
        }
        done
    }

    fn begin(&mut self) -> DbResult<()> {
        self.batch("BEGIN IMMEDIATE")
    }

    fn rollback(&mut self) {
        if !self.connection.is_autocommit()
            && let Err(error) = self.batch("ROLLBACK")
        {
            tracing::error!(%error, "rollback failed");
        }
    }
}

fn read(value: rusqlite::types::ValueRef<'_>) -> Value {
    use rusqlite::types::ValueRef as V;
    match value {
        V::Null => Value::Null,
        V::Integer(i) => Value::Int(i),
        V::Real(r) => Value::Int(r as i64),
        V::Text(t) => Value::Text(String::from_utf8_lossy(t).into_owned()),
        V::Blob(b) => Value::Bytes(b.to_vec()),
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::{Value as Owned, ValueRef as V};
        fn json(items: impl Iterator<Item = String>) -> ToSqlOutput<'static> {
            let items: Vec<String> = items.collect();
            ToSqlOutput::Owned(Owned::Text(format!("[{}]", items.join(","))))
        }
        Ok(match self {
            Value::Null => ToSqlOutput::Owned(Owned::Null),
            Value::Int(i) => ToSqlOutput::Owned(Owned::Integer(*i)),
            Value::Text(t) => ToSqlOutput::Borrowed(V::Text(t.as_bytes())),
            Value::Bytes(b) => ToSqlOutput::Borrowed(V::Blob(b)),
            Value::Uuid(u) => ToSqlOutput::Borrowed(V::Blob(u.as_bytes())),
            Value::Ints(list) => json(list.iter().map(i64::to_string)),
            Value::Uuids(list) => json(list.iter().map(|u: &Uuid| format!("\"{}\"", u.simple()))),
            Value::Texts(list) => json(list.iter().map(|t| serde_json::Value::from(t.as_str()).to_string())),
        })
    }
}

/// The writer and the readers of one database file.
#[derive(Clone)]
pub struct SqliteDb {
    path: Arc<PathBuf>,
    writer: Sender<Job>,
    readers: Sender<Job>,
    /// Who holds it owns the writer thread: a transaction of several calls, or one batch.
    turn: Arc<Mutex<()>>,
}

impl SqliteDb {
    /// Opens (or creates) the database file.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when it cannot be opened.
    pub fn open(path: &Path) -> DbResult<SqliteDb> {
        let (writer, jobs) = unbounded();
        spawn("weft-db-writer", Conn::open(path, false)?, jobs)?;
        let (readers, jobs) = unbounded();
        for _ in 0..READERS {
            spawn("weft-db-reader", Conn::open(path, true)?, jobs.clone())?;
        }
        Ok(SqliteDb { path: Arc::new(path.to_owned()), writer, readers, turn: Arc::default() })
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` on a reader.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> DbResult<T> + Send + 'static,
    ) -> DbResult<T> {
        call(&self.readers, work).await
    }

    /// Runs `work` on the writer, alone, in one durable transaction.
    ///
    /// # Errors
    /// Any [`DbError`]; then nothing was written.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> DbResult<T> + Send + 'static,
    ) -> DbResult<T> {
        let _turn = self.turn.lock().await;
        call(&self.writer, move |conn| conn.transaction(work)).await
    }

    /// Begins a transaction of several calls.
    pub(crate) async fn begin(&self) -> DbResult<SqliteTx> {
        let turn = self.turn.clone().lock_owned().await;
        call(&self.writer, Conn::begin).await?;
        Ok(SqliteTx { writer: self.writer.clone(), _turn: turn, open: true })
    }
}

/// An open transaction on the writer thread. Dropped without a commit, it rolls back.
pub(crate) struct SqliteTx {
    writer: Sender<Job>,
    _turn: OwnedMutexGuard<()>,
    open: bool,
}

impl SqliteTx {
    pub(crate) async fn query(&mut self, sql: Sql, params: Vec<Value>) -> DbResult<Vec<Row>> {
        call(&self.writer, move |conn| conn.query(sql, &params)).await
    }

    pub(crate) async fn execute(&mut self, sql: Sql, params: Vec<Value>) -> DbResult<u64> {
        call(&self.writer, move |conn| conn.execute(sql, &params)).await
    }

    pub(crate) async fn execute_many(&mut self, sql: Sql, columns: Vec<Column>) -> DbResult<u64> {
        call(&self.writer, move |conn| conn.execute_many(sql, &columns)).await
    }

    pub(crate) async fn batch(&mut self, sql: String) -> DbResult<()> {
        call(&self.writer, move |conn| conn.batch(&sql)).await
    }

    pub(crate) async fn commit(mut self) -> DbResult<()> {
        let done = call(&self.writer, |conn| conn.batch("COMMIT")).await;
        self.open = done.is_err();
        done
    }
}

impl Drop for SqliteTx {
    fn drop(&mut self) {
        if self.open {
            // Queued before the turn is handed on, so the next transaction starts clean.
            let _ = self.writer.send(Box::new(Conn::rollback));
        }
    }
}

fn spawn(name: &str, mut conn: Conn, jobs: Receiver<Job>) -> DbResult<()> {
    thread::Builder::new()
        .name(name.into())
        .spawn(move || {
            for job in jobs {
                job(&mut conn);
            }
        })
        .map(drop)
        .map_err(|e| DbError::Unavailable(format!("cannot start a database thread: {e}")))
}

async fn call<T: Send + 'static>(
    to: &Sender<Job>,
    work: impl FnOnce(&mut Conn) -> DbResult<T> + Send + 'static,
) -> DbResult<T> {
    let (answer, result) = oneshot::channel();
    let gone = || DbError::Unavailable("the database thread has stopped".into());
    let job: Job = Box::new(move |conn| {
        let _ = answer.send(work(conn));
    });
    to.send(job).map_err(|_| gone())?;
    result.await.map_err(|_| gone())?
}
