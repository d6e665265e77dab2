//! `weft import …`: works on the database, whether or not the server runs.

use std::{
    io::{IsTerminal, Write},
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use clap::{Args, Subcommand};
use weft_imports::{Format, Input, Options, Progress, Stage, runs};
use weft_kernel::{Env, Fault};

use super::{export::ImportArchive, open, open_files};
use crate::{
    config::{DataOptions, FilesOptions, ServeOptions},
    directory::Shelf,
};

#[derive(Subcommand)]
pub(crate) enum Import {
    /// Import a Slack export; the last line printed is the report as one JSON object
    Slack(What),
    /// Import a Mattermost bulk export (a zip, or its .jsonl); the last line printed is the report
    Mattermost(What),
    /// Import a Rocket.Chat CSV archive (a zip); the last line printed is the report
    Rocketchat(What),
    /// Import an archive of an organisation of Weft; the last line printed is what was done
    Weft(ImportArchive),
}

#[derive(Args)]
pub(crate) struct What {
    /// The file that was exported
    file: PathBuf,
    /// The organisation's name or id
    #[arg(long)]
    org: String,
    /// Write nothing, only report what would come in
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    data: DataOptions,
    #[command(flatten)]
    files: FilesOptions,
}

/// Runs one command.
///
/// # Errors
/// A sentence for the terminal.
pub(crate) async fn run(command: Import) -> Result<(), String> {
    let (format, What { file, org, dry_run, data, files }) = match command {
        Import::Slack(what) => (Format::Slack, what),
        Import::Mattermost(what) => (Format::Mattermost, what),
        Import::Rocketchat(what) => (Format::RocketChat, what),
        Import::Weft(what) => return super::export::import(what).await,
    };
    let env = Env::system();
    let (data, serve) = data.complete(ServeOptions { s3: files.s3, ..ServeOptions::default() })?;
    let folder = data.folder();
    let input = Input { format, path: file, folder: folder.join("uploads") };
    let db = open(data).await?;
    let shelf = Shelf::new(open_files(&db, &env, serve.s3.as_deref(), &folder).await?);
    let org = weft_identity::admin::find_org(&db, &org).await.map_err(told)?;
    let show = Shown::default();
    let report = if dry_run {
        let options = Options { dry_run, ..Options::default() };
        weft_imports::import(&db, &env, org.key, input, Some(&shelf), options, &|p| show.progress(p)).await
    } else {
        let run = runs::begin(&db, &env, org.key, format, None, false).await.map_err(told)?;
        runs::import(&db, &env, &run, input, Some(&shelf), &|p| show.progress(p)).await
    };
    show.end();
    let report = report.map_err(told)?;
    let lines = report.skipped_by.iter().map(|(why, count)| format!("left out, {why}: {count}"));
    let others = report.adapted_by.iter().map(|(why, count)| format!("in another form, {why}: {count}"));
    for line in lines.chain(others) {
        println!("{line}");
    }
    println!("{}", serde_json::to_string(&report).map_err(|e| e.to_string())?);
    Ok(())
}

fn told(fault: Fault) -> String {
    match fault.internal_detail() {
        Some(internal) => format!("{} ({internal})", fault.detail()),
        None => fault.detail().to_owned(),
    }
}

/// One line on the terminal that says how far the run is.
#[derive(Default)]
struct Shown(AtomicU64);

impl Shown {
    fn progress(&self, progress: Progress) {
        if !std::io::stderr().is_terminal() {
            return;
        }
        let percent = (progress.done * 100).checked_div(progress.total).unwrap_or_default();
        // 1 more than the percentage, so that the first one shown is news too.
        if self.0.swap(percent + 1, Ordering::Relaxed) != percent + 1 || progress.stage == Stage::Reading {
            let word = if progress.stage == Stage::Reading { "reading" } else { "importing" };
            eprint!("\r{word} {percent} %  ");
            let _ = std::io::stderr().flush();
        }
    }

    fn end(&self) {
        if self.0.load(Ordering::Relaxed) > 0 {
            eprintln!();
        }
    }
}
