//! Beginning countdowns, in the transaction of the read mark that passes a message.

use weft_kernel::Micros;
use weft_storage::{DbResult, Tx, params, sqlite::Conn, values};

use super::sql;

/// Begins what is read of some conversations by now. Answers whether there was anything.
///
/// # Errors
/// Any database error.
pub(crate) async fn begin(tx: &mut Tx, logs: Vec<i64>, now: Micros) -> DbResult<bool> {
    if logs.is_empty() {
        return Ok(false);
    }
    Ok(tx.execute(sql::BEGIN, params![logs, now]).await? > 0)
}

/// The same on SQLite's own thread.
///
/// # Errors
/// Any database error.
pub(crate) fn begin_on_sqlite(conn: &mut Conn, logs: Vec<i64>, now: Micros) -> DbResult<bool> {
    if logs.is_empty() {
        return Ok(false);
    }
    Ok(conn.execute(sql::BEGIN, &values![logs, now])? > 0)
}
