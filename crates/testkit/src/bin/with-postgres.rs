//! Runs a command with a PostgreSQL cluster of its own, shared by all the tests that it starts.

use std::process::{Command, ExitCode};

use weft_testkit::postgres::{Cluster, URL_VARIABLE};

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1);
    let Some(program) = args.next() else {
        eprintln!("usage: with-postgres COMMAND [ARGUMENT…]");
        return ExitCode::from(2);
    };
    if std::env::var_os(URL_VARIABLE).is_some() {
        return run(Command::new(program).args(args));
    }
    match Cluster::start() {
        Ok(cluster) => run(Command::new(program).args(args).env(URL_VARIABLE, cluster.url())),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: &mut Command) -> ExitCode {
    match command.status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            eprintln!("{command:?}: {error}");
            ExitCode::FAILURE
        }
    }
}
