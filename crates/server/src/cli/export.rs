//! `weft export …` and `weft import weft`: archives of an organisation.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
};

use clap::{Args, Subcommand};
use weft_archive::Options;
use weft_kernel::{Env, Fault};
use weft_storage::Db;

use super::{open, open_files};
use crate::{
    archives::Cellar,
    config::{DataOptions, FilesOptions, ServeOptions},
};

#[derive(Subcommand)]
pub(crate) enum Export {
    /// Write the archive of an organisation; the last line printed is its manifest as one JSON object
    Org(ExportOrg),
}

#[derive(Args)]
pub(crate) struct ExportOrg {
    /// The file to write
    file: PathBuf,
    /// The organisation's name or id
    #[arg(long)]
    org: String,
    #[command(flatten)]
    data: DataOptions,
    #[command(flatten)]
    files: FilesOptions,
}

#[derive(Args)]
pub(crate) struct ImportArchive {
    /// The archive, as `weft export org` wrote it
    file: PathBuf,
    /// Import it as another organisation of this name, with ids of its own
    #[arg(long, value_name = "NAME")]
    copy: Option<String>,
    /// Check the archive and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    data: DataOptions,
    #[command(flatten)]
    files: FilesOptions,
}

async fn parts(env: &Env, data: DataOptions, files: FilesOptions) -> Result<(Db, Cellar), String> {
    let (data, serve) = data.complete(ServeOptions { s3: files.s3, ..ServeOptions::default() })?;
    let folder = data.folder();
    let db = open(data).await?;
    let files = open_files(&db, env, serve.s3.as_deref(), &folder).await?;
    Ok((db, Cellar(files)))
}

/// Writes an archive.
///
/// # Errors
/// A sentence for the terminal.
pub(crate) async fn run(Export::Org(what): Export) -> Result<(), String> {
    let env = Env::system();
    let (db, cellar) = parts(&env, what.data, what.files).await?;
    let org = weft_identity::admin::find_org(&db, &what.org).await.map_err(told)?;
    let show = |rows: u64| line(&format!("{rows} rows"));
    let done = weft_archive::export(&db, &env, org.key, &cellar, &what.file, &show).await;
    end();
    let done = done.map_err(told)?;
    if done.files_missing > 0 {
        println!("files whose bytes are gone and that the archive lacks: {}", done.files_missing);
    }
    println!("{}", serde_json::to_string(&done.manifest).map_err(|e| e.to_string())?);
    Ok(())
}

/// Imports one.
///
/// # Errors
/// A sentence for the terminal.
pub(crate) async fn import(what: ImportArchive) -> Result<(), String> {
    let env = Env::system();
    let copy = match what.copy {
        Some(name) => Some(
            weft_kernel::names::tidy_line(&name, weft_kernel::names::MAX_NAME_CHARS)
                .ok_or("--copy needs a name that can be seen.")?,
        ),
        None => None,
    };
    let (db, cellar) = parts(&env, what.data, what.files).await?;
    let options = Options { dry_run: what.dry_run, copy };
    let show = |done: u64, total: u64| line(&format!("{} %", (done * 100).checked_div(total).unwrap_or(100)));
    let done = weft_archive::import(&db, &env, &cellar, &what.file, options, &show).await;
    end();
    let done = done.map_err(told)?;
    if done.already {
        println!("This archive is here already; nothing was added.");
    }
    println!("{}", serde_json::to_string(&done).map_err(|e| e.to_string())?);
    Ok(())
}

fn told(fault: Fault) -> String {
    match fault.internal_detail() {
        Some(internal) => format!("{} ({internal})", fault.detail()),
        None => fault.detail().to_owned(),
    }
}

/// One line on the terminal that says how far it is.
fn line(text: &str) {
    if std::io::stderr().is_terminal() {
        eprint!("\r{text}  ");
        let _ = std::io::stderr().flush();
    }
}

fn end() {
    if std::io::stderr().is_terminal() {
        eprintln!();
    }
}
