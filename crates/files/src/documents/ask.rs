//! Asks a process of its own to read a document: see [`super::reader`].

use std::{path::PathBuf, process::Stdio, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
};
use weft_kernel::Fault;

use super::{Format, KEPT, Read, Reason};

/// How long a document may take. Far more than the processor time that it has: a busy machine is not
/// the document's fault.
const PATIENCE: Duration = Duration::from_secs(120);
/// The longest first line of an answer.
const LINE: usize = 32;

/// Has `bytes` read as `format`. What the reader cannot do, or dies of, is a reason; faults are the
/// store's and the machine's.
pub(super) async fn ask(
    format: Format,
    mut bytes: impl Stream<Item = std::io::Result<Bytes>> + Unpin,
) -> Result<Result<Read, Reason>, Fault> {
    let Some(name) = format.name() else { return Ok(Err(Reason::Unsupported)) };
    let mut child = Command::new(program())
        .args(["read-document", name])
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| Fault::unavailable("The reader of documents does not start.", error))?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(Fault::internal("a process without pipes"));
    };
    let give = async move {
        while let Some(chunk) = bytes.next().await {
            // A reader that has seen enough, or died, takes no more: its answer tells.
            if input.write_all(&chunk?).await.is_err() {
                break;
            }
        }
        std::io::Result::Ok(())
    };
    let mut answer = Vec::new();
    let mut output = output.take((KEPT + LINE) as u64);
    let hear = output.read_to_end(&mut answer);
    let done = tokio::time::timeout(PATIENCE, async {
        let (given, heard) = tokio::join!(give, hear);
        given.map_err(|e| Fault::unavailable("The server's file storage broke off.", e))?;
        heard.map_err(Fault::internal)?;
        child.wait().await.map_err(Fault::internal)
    });
    match done.await {
        Ok(Ok(status)) if status.success() => Ok(understood(&answer)),
        // Its limits ended it, or what it could not help.
        Ok(Ok(_)) | Err(_) => Ok(Err(Reason::TooComplex)),
        Ok(Err(fault)) => Err(fault),
    }
}

/// This program, also when a newer one lies in its place by now.
pub(crate) fn program() -> PathBuf {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() { running } else { std::env::current_exe().unwrap_or_else(|_| "weft".into()) }
}

fn understood(answer: &[u8]) -> Result<Read, Reason> {
    let mut parts = answer.splitn(2, |byte| *byte == b'\n');
    let word = parts.next().and_then(|word| std::str::from_utf8(word).ok()).unwrap_or_default();
    let text = parts.next().and_then(|text| std::str::from_utf8(text).ok());
    match (word, text) {
        ("text" | "cut", Some(text)) => Ok(Read { text: text.to_owned(), cut: word == "cut" }),
        _ => Err(Reason::from_name(word).unwrap_or(Reason::TooComplex)),
    }
}
