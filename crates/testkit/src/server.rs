//! The real binary, as a process of its own.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Instant,
};

use weft_storage::DbConfig;

use crate::{Engine, PATIENCE, Scratch, TestClient, TestDb, eventually, people::TestOrg};

/// What a finished process said.
#[derive(Debug)]
pub struct Exit {
    /// How it ended.
    pub status: ExitStatus,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

/// How to start a server otherwise than by default.
#[derive(Debug, Clone, Default)]
pub struct ServerOptions {
    /// More arguments of `weft serve`.
    pub args: Vec<String>,
    /// More environment.
    pub env: HashMap<String, String>,
}

/// A server on a fresh database with a fresh data directory. Dropped, it is killed.
pub struct TestServer {
    binary: PathBuf,
    data: Scratch,
    database: TestDb,
    options: ServerOptions,
    base: String,
    process: Option<Child>,
}

impl TestServer {
    /// Starts `weft serve` and waits until it is ready.
    ///
    /// # Panics
    /// When it does not come up; what it said is printed.
    pub async fn start(binary: &str, engine: Engine) -> TestServer {
        TestServer::start_with(binary, engine, ServerOptions::default()).await
    }

    /// Starts `weft serve` with options of its own.
    ///
    /// # Panics
    /// When it does not come up; what it said is printed.
    pub async fn start_with(binary: &str, engine: Engine, options: ServerOptions) -> TestServer {
        let mut server = TestServer::prepare(binary, engine, options).await;
        server.launch("127.0.0.1:0").await;
        server
    }

    /// Makes database and data directory, and starts nothing.
    pub async fn prepare(binary: &str, engine: Engine, options: ServerOptions) -> TestServer {
        let database = TestDb::empty(engine).await;
        let data = Scratch::new("data");
        TestServer { binary: binary.into(), data, database, options, base: String::new(), process: None }
    }

    /// Starts the prepared or killed server again, on its old port.
    ///
    /// # Panics
    /// When it does not come up.
    pub async fn restart(&mut self) {
        self.kill();
        let address = self.base.trim_start_matches("http://").to_owned();
        self.launch(if address.is_empty() { "127.0.0.1:0" } else { &address }).await;
    }

    async fn launch(&mut self, listen: &str) {
        let log = File::create(self.log_path()).expect("a log file");
        let mut command = self.command("serve");
        command.args(["--listen", listen]).args(&self.options.args);
        command.stdin(Stdio::null()).stdout(log.try_clone().expect("the log again")).stderr(log);
        self.process = Some(command.spawn().expect("the binary starts"));
        let started = Instant::now();
        while !self.is_ready().await {
            let ended = self.process.as_mut().and_then(|process| process.try_wait().ok().flatten());
            assert!(ended.is_none(), "weft serve ended with {ended:?}:\n{}", self.log());
            assert!(started.elapsed() < PATIENCE, "weft serve is not ready:\n{}", self.log());
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    async fn is_ready(&mut self) -> bool {
        let log = self.log();
        let Some(at) = log.find("http://127.0.0.1:") else { return false };
        let digits = log[at + 17..].chars().take_while(char::is_ascii_digit).count();
        self.base = log[at..at + 17 + digits].to_owned();
        let answer = self.client().raw(http::Method::GET, "//readyz", None, Vec::new()).await;
        answer.is_ok_and(|reply| reply.status.is_success())
    }

    /// A command of the binary on this server's data and database.
    pub fn command(&self, subcommand: &str) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(subcommand.split(' ')).arg("--data").arg(self.data.path());
        if let Some(url) = self.database.url() {
            command.args(["--database-url", url]);
        }
        command.env("NO_COLOR", "1").envs(&self.options.env);
        command
    }

    /// Runs a command of the binary to its end, with `input` on its standard input.
    ///
    /// # Panics
    /// When it cannot be started.
    pub fn run(&self, subcommand: &str, args: &[&str], input: &str) -> Exit {
        let mut command = self.command(subcommand);
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().expect("the binary starts");
        if let Some(mut stdin) = process.stdin.take() {
            // It may end without reading: that shows in its exit.
            let _ = stdin.write_all(input.as_bytes());
        }
        let out = process.wait_with_output().expect("the command ends");
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).trim().to_owned();
        Exit { status: out.status, out: text(out.stdout), err: text(out.stderr) }
    }

    /// Runs a command that must succeed and returns what it printed.
    ///
    /// # Panics
    /// When it fails.
    #[track_caller]
    pub fn admin(&self, subcommand: &str, args: &[&str]) -> String {
        let exit = self.run(subcommand, args, "");
        assert!(exit.status.success(), "weft {subcommand} {args:?}: {}{}", exit.out, exit.err);
        exit.out
    }

    /// Makes an org with its owner.
    pub async fn org(&self, name: &str) -> TestOrg<'_> {
        TestOrg::create(self, name).await
    }

    /// A stranger's client.
    pub fn client(&self) -> TestClient {
        TestClient::new(&self.base)
    }

    /// Where it listens: `http://127.0.0.1:…`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Its data directory.
    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Its database.
    pub fn database(&self) -> &TestDb {
        &self.database
    }

    /// Where its database is, for whoever works on it beside the server.
    pub fn database_config(&self) -> DbConfig {
        match self.database.url() {
            None => DbConfig::Sqlite(self.data.join("weft.db")),
            Some(url) => DbConfig::Postgres(url.to_owned()),
        }
    }

    /// The process, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.process.as_ref().map(Child::id)
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    fn log_path(&self) -> PathBuf {
        // Beside the data, which belongs to the server.
        self.data.path().with_extension("log")
    }

    /// Kills it as a power cut would (SIGKILL).
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Asks it to end (SIGTERM) and waits until it has.
    ///
    /// # Panics
    /// When it does not end.
    pub async fn stop(&mut self) -> ExitStatus {
        let mut process = self.process.take().expect("a running server");
        let asked = Command::new("kill").args(["-TERM", &process.id().to_string()]).status();
        assert!(asked.is_ok_and(|status| status.success()), "kill -TERM");
        let process = &mut process;
        let ended = || std::future::ready(process.try_wait().ok().flatten());
        eventually("the server ends", ended).await
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            let log = self.log();
            let tail: Vec<&str> = log.lines().rev().take(40).collect();
            eprintln!("the server said last:");
            tail.iter().rev().for_each(|line| eprintln!("  {line}"));
        }
        let _ = fs::remove_file(self.log_path());
    }
}
