//! The processes of one document. The server starts the first, `weft lay-out watch`, which starts
//! LibreOffice in a group of its own and ends the whole group when it has taken too much, when it is
//! done, and when the server wants no more or is gone: then the pipe between them closes.
//! LibreOffice itself is started by the second, `weft lay-out run`, which first gives up what it
//! will not need ([`super::confine`]).

use std::{
    fs,
    io::{ErrorKind, Read},
    os::{
        fd::{AsRawFd, OwnedFd},
        unix::{
            net::UnixStream,
            process::{CommandExt, ExitStatusExt},
        },
    },
    path::{Path, PathBuf},
    process::{Child, Command, ExitCode, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::{
    fs::{Mode, OFlags},
    process::{Pid, Signal, kill_process_group},
};

use super::{confine, office::UNSHARE};

/// How often it is looked after.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Bytes that all files of one document may take together.
const SPACE: u64 = 512 << 20;

/// What ends a process that reaches a limit; without memory it aborts.
const LIMITS: [Signal; 4] = [Signal::XCPU, Signal::XFSZ, Signal::KILL, Signal::ABORT];

/// How LibreOffice ended, as the watcher's exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// By itself.
    Done,
    /// By itself, to be started once more.
    Again,
    /// It took more time, memory or space than it may.
    Over,
    /// It could not be started.
    NotStarted,
}

impl End {
    pub(super) fn code(self) -> u8 {
        match self {
            End::Done => 0,
            End::Again => 81,
            End::Over => 98,
            End::NotStarted => 97,
        }
    }
}

/// What `weft lay-out` is asked to do.
#[derive(Debug, Clone)]
pub struct Task {
    /// `watch`, or `run`.
    pub step: String,
    /// LibreOffice's `soffice`.
    pub program: PathBuf,
    /// The folder with the document.
    pub folder: PathBuf,
    /// Its extension.
    pub extension: String,
    /// How long it may take.
    pub seconds: u64,
    /// In namespaces of its own.
    pub apart: bool,
}

/// Does a step.
pub fn main(task: &Task) -> ExitCode {
    match task.step.as_str() {
        "watch" => ExitCode::from(watch(task).code()),
        _ => confine::run(task),
    }
}

fn watch(task: &Task) -> End {
    let wanted = Arc::new(AtomicBool::new(true));
    let still = wanted.clone();
    thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        still.store(false, Ordering::Relaxed);
    });
    // Not closed for who is started.
    let Ok(own) = rustix::fs::open("/proc/self/exe", OFlags::PATH, Mode::empty()) else {
        return End::NotStarted;
    };
    let end = once(task, &own, &wanted);
    // Having made its profile, it wants to be started anew.
    if end == End::Again { once(task, &own, &wanted) } else { end }
}

fn once(task: &Task, own: &OwnedFd, wanted: &AtomicBool) -> End {
    let Ok(mut child) = command(task, own).process_group(0).stdin(Stdio::null()).spawn() else {
        return End::NotStarted;
    };
    let end = until(&mut child, task, wanted);
    // Also what it left behind.
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.wait();
    drop_sockets();
    end
}

/// Removes sockets of LibreOffices that are no more: one that was killed leaves its own.
fn drop_sockets() {
    for entry in fs::read_dir(confine::SOCKETS).into_iter().flatten().flatten() {
        let named = entry.file_name().to_string_lossy().starts_with("OSL_PIPE_");
        let dead = |path| UnixStream::connect(path).is_err_and(|e| e.kind() == ErrorKind::ConnectionRefused);
        if named && dead(entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn until(child: &mut Child, task: &Task, wanted: &AtomicBool) -> End {
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                // Shells add 128 to the signal that ended what they ran.
                let signal = status.signal().or(status.code().map(|code| code - 128));
                return match signal {
                    Some(signal) if LIMITS.iter().any(|limit| limit.as_raw() == signal) => End::Over,
                    _ => [End::NotStarted, End::Again]
                        .into_iter()
                        .find(|end| status.code() == Some(i32::from(end.code())))
                        .unwrap_or(End::Done),
                };
            }
            Ok(None) => {}
            Err(_) => return End::NotStarted,
        }
        let late = started.elapsed() >= Duration::from_secs(task.seconds);
        if late || !wanted.load(Ordering::Relaxed) || weight(&task.folder) > SPACE {
            return End::Over;
        }
        thread::sleep(LOOK_EVERY);
    }
}

/// This program once more, as the second step. `own` is it, opened: from other namespaces it has no
/// other path that is sure to be the same.
fn command(task: &Task, own: &OwnedFd) -> Command {
    let own = format!("/proc/self/fd/{}", own.as_raw_fd());
    let mut command = if task.apart {
        let mut command = Command::new(UNSHARE[0]);
        command.args(&UNSHARE[1..]).arg("--").arg(own);
        command
    } else {
        Command::new(own)
    };
    command.args(["lay-out", "run"]).arg(&task.program).arg(&task.folder);
    command.arg(&task.extension).arg(task.seconds.to_string());
    command
}

/// What the files below a folder take, in bytes; links are not followed.
fn weight(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let one = |entry: fs::DirEntry| match entry.metadata() {
        Ok(found) if found.is_dir() => weight(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    };
    entries.flatten().map(one).sum()
}
