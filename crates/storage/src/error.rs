//! Database errors, sorted by what a caller can do about them.

use weft_kernel::{Fault, FaultKind};

/// The result of a database call.
pub type DbResult<T> = Result<T, DbError>;

/// Why a database call failed.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A unique index refused the row; the text names the index or its columns.
    #[error("a unique index refused the row: {0}")]
    Unique(String),
    /// The disk or the quota is full; nothing was written.
    #[error("the disk is full: {0}")]
    Full(String),
    /// The database is locked, gone or starting; trying again may help.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// A value has another type than the code expects, or a statement is wrong: a bug.
    #[error("database error: {0}")]
    Other(String),
    /// The schema is newer than this binary, or a migration failed.
    #[error("{0}")]
    Schema(String),
}

impl DbError {
    /// Whether a unique index whose name or columns contain `what` refused the row.
    pub fn is_unique(&self, what: &str) -> bool {
        matches!(self, DbError::Unique(text) if text.contains(what))
    }
}

impl From<DbError> for Fault {
    fn from(error: DbError) -> Fault {
        match error {
            DbError::Unique(_) => Fault::new(FaultKind::Conflict, "Something like this already exists."),
            DbError::Full(_) => Fault::unavailable(
                "The server's disk is full, so nothing was saved. Tell the administrator.",
                error,
            )
            .code("storage_full"),
            DbError::Unavailable(_) => Fault::unavailable(
                "The server's database cannot be reached now, so nothing was saved. Try again shortly.",
                error,
            )
            .code("database_unavailable"),
            DbError::Other(_) | DbError::Schema(_) => Fault::internal(error),
        }
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> DbError {
        use rusqlite::ErrorCode as C;
        let text = error.to_string();
        let Some(code) = error.sqlite_error_code() else { return DbError::Other(text) };
        match code {
            C::ConstraintViolation if text.contains("UNIQUE") => DbError::Unique(text),
            C::DiskFull => DbError::Full(text),
            C::DatabaseBusy | C::DatabaseLocked | C::SystemIoFailure | C::CannotOpen | C::ReadOnly => {
                DbError::Unavailable(text)
            }
            _ => DbError::Other(text),
        }
    }
}

impl From<tokio_postgres::Error> for DbError {
    fn from(error: tokio_postgres::Error) -> DbError {
        use tokio_postgres::error::SqlState as S;
        let Some(db) = error.as_db_error() else {
            // Without a server's answer it is the connection that failed, or our own encoding.
            return if error.is_closed()
                || std::error::Error::source(&error).is_some_and(|s| s.is::<std::io::Error>())
            {
                DbError::Unavailable(with_causes(&error))
            } else {
                DbError::Other(with_causes(&error))
            };
        };
        let text = match db.constraint() {
            Some(constraint) => format!("{} [{constraint}]", db.message()),
            None => db.message().to_owned(),
        };
        let code = db.code();
        if *code == S::UNIQUE_VIOLATION {
            DbError::Unique(text)
        } else if *code == S::DISK_FULL {
            DbError::Full(text)
        } else if [S::T_R_SERIALIZATION_FAILURE, S::T_R_DEADLOCK_DETECTED, S::QUERY_CANCELED].contains(code)
            || ["08", "57", "53"].iter().any(|class| code.code().starts_with(class))
        {
            DbError::Unavailable(text)
        } else {
            DbError::Other(format!("{} {text}", code.code()))
        }
    }
}

/// An error with what caused it, to the bottom: the top alone says only "error connecting".
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = error.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = error.source();
    }
    text
}

impl From<deadpool_postgres::PoolError> for DbError {
    fn from(error: deadpool_postgres::PoolError) -> DbError {
        match error {
            deadpool_postgres::PoolError::Backend(e) => match DbError::from(e) {
                DbError::Other(text) => DbError::Unavailable(text),
                sorted => sorted,
            },
            other => DbError::Unavailable(other.to_string()),
        }
    }
}
