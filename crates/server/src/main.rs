//! The binary `weft`: one process that serves the API, the gateway and the web client.

mod app;
mod archives;
mod cli;
mod config;
mod control;
mod directory;
mod escalation;
mod guests;
mod layers;
mod letters;
mod mail;
mod notify;
mod probes;
mod reminders;
mod search;
mod serve;
mod upkeep;
mod web;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use config::{DataOptions, ServeOptions};
use weft_files::Task;

/// Weft (经纬): team chat, customer conversations and business processes on one log.
#[derive(Parser)]
#[command(name = "weft", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server
    Serve {
        #[command(flatten)]
        data: DataOptions,
        #[command(flatten)]
        serve: ServeOptions,
    },
    /// Manage orgs and people, whether or not the server runs
    #[command(subcommand)]
    Admin(cli::admin::Admin),
    /// Measure a running Weft, for capacity planning
    Bench(weft_bench::BenchArgs),
    /// Fill an empty server with a company to look around in, and print how to sign in
    Demo {
        #[command(flatten)]
        data: DataOptions,
    },
    /// Write what an organisation holds to an archive, whether or not the server runs
    #[command(subcommand)]
    Export(cli::export::Export),
    /// Bring conversations in from elsewhere, whether or not the server runs
    #[command(subcommand)]
    Import(cli::import::Import),
    /// Hand over mail that a mail server pipes here
    #[command(subcommand)]
    Mail(cli::mail::Mail),
    /// Print the OpenAPI document
    Openapi,
    /// Read the text of one document: what the server starts for each, with its limits
    #[command(hide = true)]
    ReadDocument {
        /// What it is read as
        format: String,
    },
    /// Have one document laid out: what the server starts for each, with its limits
    #[command(hide = true)]
    LayOut(LayOut),
}

/// What [`weft_files::lay_out`] is asked to do.
#[derive(clap::Args)]
struct LayOut {
    /// watch or run
    step: String,
    /// LibreOffice's soffice
    program: PathBuf,
    /// The folder with the document
    folder: PathBuf,
    /// Its extension
    extension: String,
    /// How long it may take
    seconds: u64,
    /// In namespaces of its own
    #[arg(long)]
    apart: bool,
}

fn main() -> ExitCode {
    // Before any thread is started: these processes are to hold nothing but a document.
    let command = match Cli::parse().command {
        Command::ReadDocument { format } => return weft_files::read_document(&format),
        Command::LayOut(LayOut { step, program, folder, extension, seconds, apart }) => {
            return weft_files::lay_out(&Task { step, program, folder, extension, seconds, apart });
        }
        command => command,
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("weft: the async runtime cannot start: {error}");
            return ExitCode::FAILURE;
        }
    };
    if let Command::Mail(mail) = command {
        // A mail server reads the exit code.
        return runtime.block_on(cli::mail::run(mail));
    }
    match runtime.block_on(run(command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("weft: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Serve { data, serve } => {
            let (data, serve) = data.complete(serve)?;
            serve::run(data, serve).await
        }
        Command::Admin(admin) => cli::admin::run(admin).await,
        Command::Bench(args) => weft_bench::run(args).await,
        Command::Demo { data } => cli::demo::run(data).await,
        Command::Export(export) => cli::export::run(export).await,
        Command::Import(import) => cli::import::run(import).await,
        Command::Openapi => cli::openapi::run().await,
        Command::Mail(_) | Command::ReadDocument { .. } | Command::LayOut(_) => Ok(()),
    }
}
