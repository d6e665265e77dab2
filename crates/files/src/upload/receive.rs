//! Bytes into the staging folder.

use std::{
    io::SeekFrom,
    path::{Path, PathBuf},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::{
    fs::{File, OpenOptions},
    io::{AsyncSeekExt, AsyncWriteExt},
};
use weft_kernel::{Fault, FaultKind, id::FileId};
use weft_storage::Envelope;

use crate::{Files, store::unwritable};

/// How long a sender may be silent before the connection counts as gone.
const SILENCE: Duration = Duration::from_secs(60);

/// Where the bytes of an upload lie.
pub(crate) fn staged(files: &Files, id: FileId) -> PathBuf {
    files.0.staging.join(id.uuid().simple().to_string())
}

/// How many bytes of an upload have arrived.
pub(super) async fn arrived(path: &Path) -> Result<i64, Fault> {
    let head = Envelope::STREAM.len() as u64;
    match tokio::fs::metadata(path).await {
        Ok(found) => Ok(found.len().saturating_sub(head) as i64),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(unwritable(error)),
    }
}

/// Writes what comes behind the first `offset` bytes, which must be there, and answers with how
/// many have arrived then. At most `max` bytes are taken.
///
/// # Errors
/// `bad_request` when the sender breaks off: what came is kept; the fault that `too_much` makes;
/// `storage_full`.
pub(super) async fn receive<E>(
    path: &Path,
    offset: i64,
    max: i64,
    too_much: impl Fn() -> Fault,
    mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<i64, Fault> {
    let mut file = open(path, offset).await?;
    let mut length = offset;
    let outcome = loop {
        let chunk = match tokio::time::timeout(SILENCE, body.next()).await {
            Ok(Some(Ok(chunk))) => chunk,
            Ok(None) => break Ok(length),
            Ok(Some(Err(_))) | Err(_) => {
                break Err(Fault::new(
                    FaultKind::BadRequest,
                    "The upload broke off. Continue where it stopped.",
                )
                .code("upload_broken"));
            }
        };
        if length.saturating_add(chunk.len() as i64) > max {
            break Err(too_much());
        }
        if let Err(error) = file.write_all(&chunk).await {
            break Err(unwritable(error));
        }
        length += chunk.len() as i64;
    };
    // A write that the disk refuses late is told here.
    let flushed = file.flush().await.map_err(unwritable);
    if outcome.is_err() || flushed.is_err() {
        // Half a chunk may have been written: what counts is what was taken whole.
        let kept = Envelope::STREAM.len() as u64 + length as u64;
        if file.metadata().await.is_ok_and(|found| found.len() > kept) {
            file.set_len(kept).await.map_err(unwritable)?;
        }
    }
    flushed.and(outcome)
}

async fn open(path: &Path, offset: i64) -> Result<File, Fault> {
    let head = Envelope::STREAM;
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(false).open(path).await.map_err(unwritable)?;
    if offset == 0 {
        file.set_len(0).await.map_err(unwritable)?;
        file.write_all(head).await.map_err(unwritable)?;
    } else {
        file.seek(SeekFrom::Start(head.len() as u64 + offset as u64)).await.map_err(unwritable)?;
    }
    Ok(file)
}
