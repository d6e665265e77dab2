//! PostgreSQL over tokio-postgres and a deadpool pool.

use std::{error::Error, sync::Arc, time::Duration};

use deadpool_postgres::{Manager, ManagerConfig, Object, Pool, RecyclingMethod, Runtime, Timeouts};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use tokio_postgres::{
    NoTls, Row as PgRow, Statement,
    types::{FromSql, IsNull, ToSql, Type, private::BytesMut, to_sql_checked},
};
use uuid::Uuid;

use crate::{
    bulk::{self, Column},
    error::{DbError, DbResult},
    sql::{Dialect, Sql},
    tls::Target,
    value::{Row, Value},
};

/// Connections of one node.
const POOL_SIZE: usize = 16;
/// How long a request waits for a connection before it is told that the database is away.
const WAIT: Duration = Duration::from_secs(5);

/// A pool of connections to one PostgreSQL database.
#[derive(Clone)]
pub struct PgDb {
    pool: Pool,
    texts: Arc<RwLock<FxHashMap<usize, Arc<str>>>>,
}

impl PgDb {
    /// A pool for `url` (`postgres://user:password@host:port/database?sslmode=…`), connected lazily.
    ///
    /// # Errors
    /// [`DbError::Other`] when the URL, or the certificates that it names, cannot be read.
    pub fn open(url: &str) -> DbResult<PgDb> {
        let Target { mut config, tls } = Target::read(url)?;
        config.application_name("weft").connect_timeout(WAIT);
        let manage = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match tls {
            Some(tls) => Manager::from_config(config, tls, manage),
            None => Manager::from_config(config, NoTls, manage),
        };
        let pool = Pool::builder(manager)
            .max_size(POOL_SIZE)
            .runtime(Runtime::Tokio1)
            .timeouts(Timeouts { wait: Some(WAIT), create: Some(WAIT), recycle: Some(WAIT) })
            .build()
            .map_err(|e| DbError::Other(e.to_string()))?;
        Ok(PgDb { pool, texts: Arc::default() })
    }

    /// A connection from the pool.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] when the database is away.
    pub async fn connection(&self) -> DbResult<PgConn> {
        Ok(PgConn { client: self.pool.get().await?, texts: self.texts.clone() })
    }
}

/// A connection; statements are prepared once and cached.
pub struct PgConn {
    client: Object,
    texts: Arc<RwLock<FxHashMap<usize, Arc<str>>>>,
}

impl PgConn {
    /// The prepared form of `sql`.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn prepare(&self, sql: Sql) -> DbResult<Statement> {
        Ok(self.client.prepare_cached(&self.text(sql)).await?)
    }

    /// The bare client, for pipelined work on the hot path.
    pub fn raw(&self) -> &tokio_postgres::Client {
        &self.client
    }

    fn text(&self, sql: Sql) -> Arc<str> {
        let key = sql.source(Dialect::Postgres).as_ptr() as usize;
        if let Some(text) = self.texts.read().get(&key) {
            return text.clone();
        }
        self.texts.write().entry(key).or_insert_with(|| sql.text(Dialect::Postgres).into()).clone()
    }

    /// Runs a query.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn query(&self, sql: Sql, params: &[Value]) -> DbResult<Vec<Row>> {
        let statement = self.prepare(sql).await?;
        let rows = self.client.query(&statement, &borrowed(params)).await?;
        rows.iter().map(decode).collect()
    }

    /// Runs a statement and returns the number of rows that it changed.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn execute(&self, sql: Sql, params: &[Value]) -> DbResult<u64> {
        let statement = self.prepare(sql).await?;
        Ok(self.client.execute(&statement, &borrowed(params)).await?)
    }

    /// Writes whole columns; see [`crate::bulk`].
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn execute_many(&self, sql: Sql, columns: &[Column]) -> DbResult<u64> {
        if bulk::rows(columns)? == 0 {
            return Ok(0);
        }
        let statement = self.prepare(sql).await?;
        let arrays: Vec<&(dyn ToSql + Sync)> = columns.iter().map(Column::array).collect();
        Ok(self.client.execute(&statement, &arrays).await?)
    }

    /// Runs several statements without parameters.
    ///
    /// # Errors
    /// Any [`DbError`].
    pub async fn batch(&self, sql: &str) -> DbResult<()> {
        Ok(self.client.batch_execute(sql).await?)
    }

    /// Takes the connection out of the pool for good: its state is unknown.
    pub(crate) fn discard(self) {
        drop(Object::take(self.client));
    }
}

/// Parameters in the form that tokio-postgres takes.
pub fn borrowed(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|p| p as &(dyn ToSql + Sync)).collect()
}

/// An open transaction. Dropped without a commit, its connection is closed, which rolls back.
pub(crate) struct PgTx(Option<PgConn>);

impl PgTx {
    pub(crate) async fn begin(db: &PgDb) -> DbResult<PgTx> {
        let conn = db.connection().await?;
        conn.batch("BEGIN").await?;
        Ok(PgTx(Some(conn)))
    }

    pub(crate) fn conn(&self) -> DbResult<&PgConn> {
        self.0.as_ref().ok_or_else(|| DbError::Other("the transaction has ended".into()))
    }

    pub(crate) async fn commit(mut self) -> DbResult<()> {
        self.conn()?.batch("COMMIT").await?;
        self.0 = None;
        Ok(())
    }

    pub(crate) async fn rollback(mut self) -> DbResult<()> {
        self.conn()?.batch("ROLLBACK").await?;
        self.0 = None;
        Ok(())
    }
}

impl Drop for PgTx {
    fn drop(&mut self) {
        if let Some(conn) = self.0.take() {
            conn.discard();
        }
    }
}

fn decode(row: &PgRow) -> DbResult<Row> {
    let values =
        (0..row.len()).map(|i| row.try_get::<_, Value>(i).map_err(DbError::from)).collect::<DbResult<_>>()?;
    Ok(Row(values))
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Value, Box<dyn Error + Sync + Send>> {
        Ok(match *ty {
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Value::Int(bool::from_sql(ty, raw)?.into()),
            Type::BYTEA => Value::Bytes(raw.to_vec()),
            Type::UUID => Value::Uuid(Uuid::from_sql(ty, raw)?),
            _ => Value::Text(String::from_sql(ty, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Value, Box<dyn Error + Sync + Send>> {
        Ok(Value::Null)
    }

    fn accepts(ty: &Type) -> bool {
        [
            Type::INT8,
            Type::INT4,
            Type::INT2,
            Type::BOOL,
            Type::BYTEA,
            Type::UUID,
            Type::TEXT,
            Type::VARCHAR,
            Type::NAME,
        ]
        .contains(ty)
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(i) => match *ty {
                Type::INT4 => i32::try_from(*i)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*i)?.to_sql(ty, out),
                Type::BOOL => (*i != 0).to_sql(ty, out),
                _ => i.to_sql(ty, out),
            },
            Value::Text(t) => t.to_sql(ty, out),
            Value::Bytes(b) => b.to_sql(ty, out),
            Value::Uuid(u) => u.to_sql(ty, out),
            Value::Ints(list) => list.to_sql(ty, out),
            Value::Uuids(list) => list.to_sql(ty, out),
            Value::Texts(list) => list.to_sql(ty, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        // The database's own types check us: a wrong one is an error from `to_sql`.
        true
    }

    to_sql_checked!();
}
