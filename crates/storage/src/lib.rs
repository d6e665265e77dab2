//! One storage layer over SQLite and PostgreSQL.
//!
//! A domain writes each query once, as a [`Sql`] registered with [`statements!`], in the dialect
//! that both databases share (see [`sql`] for the few tokens that bridge them), and runs it
//! through a [`Db`] (reads) or a [`Tx`] (writes).
//!
//! **Invariants:** one writer on SQLite, a dedicated thread; every statement is prepared on both
//! databases by a test; nothing here knows what a message is.

pub mod bulk;
pub mod db;
pub mod envelope;
pub mod error;
pub mod migrate;
pub mod pg;
pub mod sql;
pub mod sqlite;
mod tls;
pub mod value;

pub use bulk::Column;
pub use db::{Backend, Db, DbConfig, Tx};
pub use envelope::Envelope;
pub use error::{DbError, DbResult};
pub use sql::{Dialect, Sql};
pub use uuid::Uuid;
pub use value::{FromValue, Row, Value};

pub use deadpool_postgres;
pub use rusqlite;
pub use tokio_postgres;
