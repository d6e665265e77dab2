//! Commands other than `serve`.

pub(crate) mod admin;
pub(crate) mod demo;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod mail;
pub(crate) mod openapi;
pub(crate) mod reindex;

use std::path::Path;

use weft_files::Files;
use weft_gateway::{Hub, HubConfig};
use weft_kernel::Env;
use weft_outbound::Outbound;
use weft_storage::Db;

use crate::config::{self, DataOptions, ServeOptions};

/// Opens the database that a command works on.
///
/// # Errors
/// A sentence for the terminal.
pub(crate) async fn open(data: DataOptions) -> Result<Db, String> {
    let (data, _) = data.complete(ServeOptions::default())?;
    Db::open(&data.database()?).await.map_err(|e| e.to_string())
}

/// Opens the files that a command works on, beside a server or without one.
///
/// # Errors
/// A sentence for the terminal.
pub(crate) async fn open_files(db: &Db, env: &Env, s3: Option<&str>, folder: &Path) -> Result<Files, String> {
    let store = config::store(s3, folder)?;
    let staging = folder.join("staging");
    let outbound = Outbound::new(weft_outbound::Config::default());
    let deps = weft_files::Deps {
        db: db.clone(),
        env: env.clone(),
        store,
        staging,
        outbound,
        scanner: None,
        office: None,
        public_url: None,
        // A running server hears of what a command does by the control log.
        publisher: Hub::new(env.clone(), HubConfig::default()),
    };
    Files::start(deps).await.map_err(|fault| fault.to_string())
}
