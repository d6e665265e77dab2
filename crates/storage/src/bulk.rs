//! Set-based writes: many rows by one call.
//!
//! The statement is a pair. The SQLite text takes one row (`VALUES ($1, $2)`) and is stepped once
//! per row without leaving the writer thread; the PostgreSQL text takes whole columns
//! (`SELECT * FROM unnest($1::bigint[], $2::text[])`) and is sent once.

use rusqlite::types::{ToSqlOutput, ValueRef};
use tokio_postgres::types::ToSql as PgToSql;
use uuid::Uuid;

use crate::error::{DbError, DbResult};

/// One column of a set-based write. All columns of a write have the same length.
#[derive(Debug, Clone)]
pub enum Column {
    /// BIGINT.
    Ints(Vec<i64>),
    /// BIGINT that may be NULL.
    OptInts(Vec<Option<i64>>),
    /// TEXT.
    Texts(Vec<String>),
    /// TEXT that may be NULL.
    OptTexts(Vec<Option<String>>),
    /// BYTEA / BLOB.
    Bytes(Vec<Vec<u8>>),
    /// BYTEA / BLOB that may be NULL.
    OptBytes(Vec<Option<Vec<u8>>>),
    /// UUID / 16-byte BLOB.
    Uuids(Vec<Uuid>),
}

impl Column {
    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Column::Ints(v) => v.len(),
            Column::OptInts(v) => v.len(),
            Column::Texts(v) => v.len(),
            Column::OptTexts(v) => v.len(),
            Column::Bytes(v) => v.len(),
            Column::OptBytes(v) => v.len(),
            Column::Uuids(v) => v.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of row `row`, borrowed for SQLite.
    pub(crate) fn at(&self, row: usize) -> ToSqlOutput<'_> {
        fn text(text: &str) -> ValueRef<'_> {
            ValueRef::Text(text.as_bytes())
        }
        ToSqlOutput::Borrowed(match self {
            Column::Ints(v) => ValueRef::Integer(v[row]),
            Column::OptInts(v) => v[row].map_or(ValueRef::Null, ValueRef::Integer),
            Column::Texts(v) => text(&v[row]),
            Column::OptTexts(v) => v[row].as_deref().map_or(ValueRef::Null, text),
            Column::Bytes(v) => ValueRef::Blob(&v[row]),
            Column::OptBytes(v) => v[row].as_deref().map_or(ValueRef::Null, ValueRef::Blob),
            Column::Uuids(v) => ValueRef::Blob(v[row].as_bytes()),
        })
    }

    /// The whole column as a PostgreSQL array.
    pub(crate) fn array(&self) -> &(dyn PgToSql + Sync) {
        match self {
            Column::Ints(v) => v,
            Column::OptInts(v) => v,
            Column::Texts(v) => v,
            Column::OptTexts(v) => v,
            Column::Bytes(v) => v,
            Column::OptBytes(v) => v,
            Column::Uuids(v) => v,
        }
    }
}

/// The number of rows that `columns` hold.
///
/// # Errors
/// [`DbError::Other`] when they differ in length: a bug.
pub(crate) fn rows(columns: &[Column]) -> DbResult<usize> {
    let rows = columns.first().map_or(0, Column::len);
    match columns.iter().all(|c| c.len() == rows) {
        true => Ok(rows),
        false => Err(DbError::Other("columns of different lengths".into())),
    }
}
