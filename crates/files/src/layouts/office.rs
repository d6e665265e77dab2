//! Which LibreOffice, and which documents it is given.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use weft_kernel::Fault;

use super::confine;
use crate::{Kind, Stored, store::unwritable};

/// What a document may take by default, in seconds.
const SECONDS: u64 = 60;
/// What may be asked for.
const MOST_SECONDS: u64 = 600;
/// A folder of a document that nobody works on any more is this old.
const LEFT_OVER: Duration = Duration::from_secs(2 * MOST_SECONDS);

/// The LibreOffice of this server.
#[derive(Debug, Clone)]
pub struct Office {
    /// Its `soffice`.
    pub(super) program: PathBuf,
    /// Where documents lie while they are laid out, each in a folder of its own.
    pub(super) folder: PathBuf,
    /// What a document may take of the clock and of each processor.
    pub(super) seconds: u64,
    /// Whether processes can be given namespaces of their own: no network, and no survivors.
    pub(super) apart: bool,
}

impl Office {
    /// The one that `choice` names: `off`, `auto` (by `PATH`, where documents can be kept from the
    /// server's files), or a path. Documents lie in `folder` meanwhile.
    ///
    /// # Errors
    /// A sentence for the terminal.
    pub fn find(choice: &str, seconds: Option<u64>, folder: PathBuf) -> Result<Option<Office>, String> {
        let seconds = seconds.unwrap_or(SECONDS);
        if !(1..=MOST_SECONDS).contains(&seconds) {
            return Err(format!("--soffice-seconds is between 1 and {MOST_SECONDS}."));
        }
        let kept = confine::works();
        let program = match choice {
            "off" => return Ok(None),
            "auto" => match by_path().filter(|_| kept) {
                Some(program) => program,
                None => return Ok(None),
            },
            path => Path::new(path)
                .canonicalize()
                .map_err(|e| format!("--soffice: {path} cannot be used: {e}. Say auto, off, or a path."))?,
        };
        let program = itself(program);
        let apart = apart();
        let shown = program.display();
        match (kept, apart) {
            (true, true) => tracing::info!("documents are laid out by {shown}, kept from files and networks"),
            (true, false) => {
                tracing::info!("documents are laid out by {shown}, kept from files; {}", confine::networks());
            }
            (false, _) => tracing::warn!(
                "documents are laid out by {shown}, which this kernel cannot keep from the server's files: \
                 only its own settings do"
            ),
        }
        Ok(Some(Office { program, folder, seconds, apart }))
    }

    /// Removes what processes left that ended in the middle of a document.
    pub(crate) async fn sweep(&self) -> Result<(), Fault> {
        let mut folder = match tokio::fs::read_dir(&self.folder).await {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            found => found.map_err(unwritable)?,
        };
        while let Some(entry) = folder.next_entry().await.map_err(unwritable)? {
            let Ok(found) = entry.metadata().await else { continue };
            let age = found.modified().ok().and_then(|at| at.elapsed().ok());
            if age.is_some_and(|age| age > LEFT_OVER) {
                let _ = tokio::fs::remove_dir_all(entry.path()).await;
            }
        }
        Ok(())
    }
}

/// LibreOffice itself, where `soffice` is the script that starts it: that would start it anew by
/// itself, before its watcher has cleared up.
fn itself(program: PathBuf) -> PathBuf {
    let own = program.with_extension("bin");
    if own.is_file() { own } else { program }
}

fn by_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let found = std::env::split_paths(&path).map(|folder| folder.join("soffice")).find(|file| file.is_file());
    found.and_then(|file| file.canonicalize().ok())
}

/// The command that gives a process namespaces of its own, and its arguments.
pub(super) const UNSHARE: [&str; 7] =
    ["unshare", "--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child"];

fn apart() -> bool {
    let mut probe = Command::new(UNSHARE[0]);
    probe.args(&UNSHARE[1..]).args(["--", "true"]);
    probe.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    probe.status().is_ok_and(|status| status.success())
}

/// A sort of document: how its file must be called, and by what LibreOffice reads it. Naming that
/// keeps it from guessing among all that it can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sort {
    /// Its extension.
    pub(super) extension: &'static str,
    /// LibreOffice's name of the filter.
    pub(super) filter: &'static str,
}

const SORTS: [(&str, Sort); 9] = [
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Sort { extension: "docx", filter: "MS Word 2007 XML" },
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Sort { extension: "xlsx", filter: "Calc MS Excel 2007 XML" },
    ),
    (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        Sort { extension: "pptx", filter: "Impress MS PowerPoint 2007 XML" },
    ),
    ("application/vnd.oasis.opendocument.text", Sort { extension: "odt", filter: "writer8" }),
    ("application/vnd.oasis.opendocument.spreadsheet", Sort { extension: "ods", filter: "calc8" }),
    ("application/vnd.oasis.opendocument.presentation", Sort { extension: "odp", filter: "impress8" }),
    ("application/msword", Sort { extension: "doc", filter: "MS Word 97" }),
    ("application/vnd.ms-excel", Sort { extension: "xls", filter: "MS Excel 97" }),
    ("application/vnd.ms-powerpoint", Sort { extension: "ppt", filter: "MS PowerPoint 97" }),
];

impl Sort {
    /// The sort of a file; none when LibreOffice is not asked about such.
    pub(super) fn of(file: &Stored) -> Option<Sort> {
        let found = SORTS.iter().find(|(mime, _)| *mime == file.file.mime);
        found.filter(|_| file.file.kind == Kind::Office).map(|(_, sort)| *sort)
    }

    /// The sort of an extension.
    pub(super) fn from_extension(extension: &str) -> Option<Sort> {
        SORTS.iter().map(|(_, sort)| *sort).find(|sort| sort.extension == extension)
    }
}
