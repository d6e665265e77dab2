//! Commands other than `serve`.

pub(crate) mod admin;
pub(crate) mod demo;
pub(crate) mod import;
pub(crate) mod openapi;
pub(crate) mod reindex;

use weft_storage::Db;

use crate::config::{DataOptions, ServeOptions};

/// Opens the database that a command works on.
///
/// # Errors
/// A sentence for the terminal.
pub(crate) async fn open(data: DataOptions) -> Result<Db, String> {
    let (data, _) = data.complete(ServeOptions::default())?;
    Db::open(&data.database()?).await.map_err(|e| e.to_string())
}
