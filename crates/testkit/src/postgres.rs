//! A real PostgreSQL cluster in a temporary directory, gone when its maker is.
//!
//! Commits are not flushed to the disk: tests kill Weft, not PostgreSQL, so nothing depends on it.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
    thread,
    time::{Duration, Instant},
};

/// Names the cluster to use instead of starting one: `postgres://…` of a superuser.
pub const URL_VARIABLE: &str = "WEFT_TEST_POSTGRES_URL";

/// PostgreSQL refuses to run as root; these accounts exist where its package is installed.
const UNPRIVILEGED: &[&str] = &["postgres", "nobody"];
const START: Duration = Duration::from_secs(60);

/// Ends the server and removes its files once the pipe from the maker closes, however it ends.
const SUPERVISOR: &str = r#"trap '' INT
dir="$1"; shift
"$@" > "$dir/log" 2>&1 &
server=$!
cat > /dev/null
kill -INT $server 2> /dev/null
wait $server
rm -rf "$dir""#;

/// A running cluster; dropped, it stops.
pub struct Cluster {
    supervisor: Child,
    url: String,
    directory: PathBuf,
}

impl Cluster {
    /// Starts a cluster on a free port of the loopback.
    ///
    /// # Errors
    /// What is missing or what PostgreSQL said, for people.
    pub fn start() -> Result<Cluster, String> {
        Cluster::start_with(None)
    }

    /// Starts a cluster that offers TLS with this certificate and its key, both PEM.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_with(tls: Option<(&str, &str)>) -> Result<Cluster, String> {
        let directory = std::env::temp_dir().join(crate::scratch::unique("weft-postgres"));
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).map_err(|e| format!("{}: {e}", directory.display()))?;
        let user = unprivileged_user();
        if let Some(user) = user {
            run(Command::new("chown").arg(user).arg(&directory))?;
        }
        let bin = binaries()?;
        let data = directory.join("data");
        let mut initdb = as_user(user, &bin.join("initdb"), &directory);
        initdb.args(["-A", "trust", "-U", "weft", "-E", "UTF8", "--locale=C", "--no-sync", "-D"]);
        run(initdb.arg(&data))?;

        let port = free_port()?;
        let mut supervisor = as_user(user, Path::new("/bin/sh"), &directory);
        supervisor.args(["-c", SUPERVISOR, "sh"]).arg(&directory).arg(bin.join("postgres"));
        supervisor
            .arg("-D")
            .arg(&data)
            .args(["-p", &port.to_string(), "-h", "127.0.0.1", "-k"])
            .arg(&directory);
        for setting in ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=300"]
        {
            supervisor.args(["-c", setting]);
        }
        if let Some((certificate, key)) = tls {
            for (name, text) in [("server.crt", certificate), ("server.key", key)] {
                let file = directory.join(name);
                let mut put = as_user(user, Path::new("/bin/sh"), &directory);
                put.args(["-c", "umask 077; printf %s \"$2\" > \"$1\"", "sh"]).arg(&file).arg(text);
                run(&mut put)?;
            }
            supervisor.args(["-c", "ssl=on", "-c"]);
            supervisor.arg(format!("ssl_cert_file={}", directory.join("server.crt").display()));
            supervisor.arg("-c").arg(format!("ssl_key_file={}", directory.join("server.key").display()));
        }
        let supervisor =
            supervisor.stdin(Stdio::piped()).spawn().map_err(|e| format!("cannot start sh: {e}"))?;
        let url = format!("postgres://weft@127.0.0.1:{port}/postgres");
        let mut cluster = Cluster { supervisor, url, directory };
        cluster.wait()?;
        Ok(cluster)
    }

    /// Where a superuser connects.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// PostgreSQL writes its state as the last line of this file.
    fn wait(&mut self) -> Result<(), String> {
        let started = Instant::now();
        let state = self.directory.join("data").join("postmaster.pid");
        while !fs::read_to_string(&state).is_ok_and(|text| text.trim_end().ends_with("ready")) {
            let ended = self.supervisor.try_wait().ok().flatten().is_some();
            if ended || started.elapsed() > START {
                let log = fs::read_to_string(self.directory.join("log")).unwrap_or_default();
                return Err(format!("PostgreSQL did not start:\n{log}"));
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.supervisor.stdin.take());
        let _ = self.supervisor.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// The cluster of this process: the one named by [`URL_VARIABLE`], else one started now.
///
/// # Panics
/// When there is none and none can be started.
pub fn shared_url() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    static OWN: OnceLock<Cluster> = OnceLock::new();
    URL.get_or_init(|| match std::env::var(URL_VARIABLE) {
        Ok(url) if !url.is_empty() => url,
        // A static is never dropped: the supervisor sees the pipe close when the process ends.
        _ => OWN.get_or_init(|| Cluster::start().unwrap_or_else(|e| panic!("{e}"))).url().to_owned(),
    })
}

/// The account to change to, when this process is root.
fn unprivileged_user() -> Option<&'static str> {
    let id = |args: &[&str]| Command::new("id").args(args).stderr(Stdio::null()).output().ok();
    let root = id(&["-u"]).is_some_and(|out| out.stdout.trim_ascii() == b"0");
    let known = |user: &&&str| id(&["-u", user]).is_some_and(|out| out.status.success());
    if root { UNPRIVILEGED.iter().find(known).copied() } else { None }
}

fn as_user(user: Option<&str>, program: &Path, directory: &Path) -> Command {
    let mut command = match user {
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.current_dir(directory).env_remove("LC_ALL");
    command
}

/// Where `initdb` and `postgres` are: on the path, or where Debian keeps them.
fn binaries() -> Result<PathBuf, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<PathBuf> = versions.flatten().map(|entry| entry.path().join("bin")).collect();
        versions.sort();
        places.extend(versions.into_iter().rev());
    }
    let found =
        places.into_iter().find(|place| place.join("initdb").exists() && place.join("postgres").exists());
    found.ok_or_else(|| "PostgreSQL is not installed: run scripts/ensure-deps.sh test".to_owned())
}

fn free_port() -> Result<u16, String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| listener.local_addr());
    listener.map(|address| address.port()).map_err(|e| format!("no free port: {e}"))
}

fn run(command: &mut Command) -> Result<(), String> {
    let out = command.output().map_err(|e| format!("{command:?}: {e}"))?;
    if out.status.success() {
        Ok(())
    } else {
        Err(format!("{command:?}: {}", String::from_utf8_lossy(&out.stderr)))
    }
}
