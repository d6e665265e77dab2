//! One document, from the store to a PDF.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Read},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    process::Stdio,
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use rustix::fs::OFlags;
use tokio::{io::AsyncWriteExt, process::Command};
use weft_kernel::Fault;

use super::{
    OUTPUT,
    office::{Office, Sort},
    watch::End,
};
use crate::{
    documents::{Reason, program},
    store::unwritable,
};

/// How much longer than LibreOffice its watcher may take.
const SLACK: Duration = Duration::from_secs(15);

/// Has a document laid out in `name`, a folder that nobody else uses. What LibreOffice cannot do, or
/// dies of, is a reason; faults are the store's and the machine's.
pub(super) async fn convert(
    office: &Office,
    sort: Sort,
    name: &str,
    bytes: impl Stream<Item = io::Result<Bytes>> + Unpin,
) -> Result<Result<Vec<u8>, Reason>, Fault> {
    tokio::fs::create_dir_all(&office.folder).await.map_err(unwritable)?;
    // LibreOffice wants a whole path.
    let folder = tokio::fs::canonicalize(&office.folder).await.map_err(unwritable)?.join(name);
    DirBuilder::new().mode(0o700).create(&folder).map_err(unwritable)?;
    let made = within(office, sort, &folder, bytes).await;
    if let Err(error) = tokio::fs::remove_dir_all(&folder).await {
        tracing::warn!(%error, "the folder of a document was not removed");
    }
    made
}

async fn within(
    office: &Office,
    sort: Sort,
    folder: &Path,
    mut bytes: impl Stream<Item = io::Result<Bytes>> + Unpin,
) -> Result<Result<Vec<u8>, Reason>, Fault> {
    let path = folder.join("document").with_extension(sort.extension);
    let mut document = tokio::fs::File::create(&path).await.map_err(unwritable)?;
    while let Some(chunk) = bytes.next().await {
        let chunk = chunk.map_err(|e| Fault::unavailable("The server's file storage broke off.", e))?;
        document.write_all(&chunk).await.map_err(unwritable)?;
    }
    document.flush().await.map_err(unwritable)?;
    drop(document);
    let end = watched(office, sort, folder).await?;
    let folder = folder.to_path_buf();
    let taken = tokio::task::spawn_blocking(move || take(&folder)).await.map_err(Fault::internal)?;
    match (taken, end) {
        (Some(pdf), _) => Ok(Ok(pdf)),
        (None, End::Done | End::Again) => Ok(Err(Reason::Damaged)),
        (None, End::Over) => Ok(Err(Reason::TooComplex)),
        (None, End::NotStarted) => {
            Err(Fault::unavailable("LibreOffice does not start.", office.program.display().to_string()))
        }
    }
}

async fn watched(office: &Office, sort: Sort, folder: &Path) -> Result<End, Fault> {
    let failed = |error| Fault::unavailable("LibreOffice does not start.", error);
    let mut command = Command::new(program());
    command.args(["lay-out", "watch"]).arg(&office.program).arg(folder).arg(sort.extension);
    command.arg(office.seconds.to_string());
    if office.apart {
        command.arg("--apart");
    }
    command.env_clear().env("PATH", "/usr/local/bin:/usr/bin:/bin").current_dir("/");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().map_err(failed)?;
    // Held for as long as the answer is wanted.
    let wanted = child.stdin.take();
    let patience = Duration::from_secs(office.seconds) + SLACK;
    let ended = tokio::time::timeout(patience, child.wait()).await;
    drop(wanted);
    let Ok(status) = ended else { return Ok(End::Over) };
    let code = status.map_err(failed)?.code().and_then(|code| u8::try_from(code).ok());
    let known = [End::Done, End::Again, End::NotStarted].into_iter().find(|end| Some(end.code()) == code);
    Ok(known.unwrap_or(End::Over))
}

/// The PDF that was left. Whatever else lies in its place, such as a link to a file of the server, is
/// not opened.
fn take(folder: &Path) -> Option<Vec<u8>> {
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits();
    let mut options = OpenOptions::new();
    let options = options.read(true).custom_flags(i32::try_from(flags).ok()?);
    let file = options.open(folder.join("document.pdf")).ok()?;
    let found: fs::Metadata = file.metadata().ok()?;
    if !found.is_file() || found.len() > OUTPUT {
        return None;
    }
    let mut pdf = Vec::new();
    file.take(OUTPUT).read_to_end(&mut pdf).ok()?;
    // One that broke off has no end.
    let tail = &pdf[pdf.len().saturating_sub(1_024)..];
    let whole = pdf.starts_with(b"%PDF-") && tail.windows(5).any(|part| part == b"%%EOF");
    whole.then_some(pdf)
}
