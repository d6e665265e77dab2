//! The zip file while it is written, on a thread of its own: packing takes time that the async
//! threads have not.

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};
use weft_kernel::Fault;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// Pieces that wait for the thread.
const AHEAD: usize = 8;

/// What an entry has become.
#[derive(Debug, Clone)]
pub(crate) struct Packed {
    pub(crate) rows: u64,
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

enum Step {
    Begin { name: String, compress: bool },
    Bytes(bytes::Bytes),
    End(oneshot::Sender<Packed>),
}

/// A zip that comes to be. Dropped without [`Pack::finish`], it is removed.
pub(crate) struct Pack {
    to: mpsc::Sender<Step>,
    thread: JoinHandle<io::Result<()>>,
    part: PathBuf,
    whole: PathBuf,
}

impl Drop for Pack {
    fn drop(&mut self) {
        // After `finish` it has another name.
        let _ = std::fs::remove_file(&self.part);
    }
}

fn unwritable(error: impl std::fmt::Display) -> Fault {
    Fault::unavailable("The archive cannot be written: the disk is full or not writable.", error)
        .code("storage_full")
}

impl Pack {
    /// Begins one; until it is whole its name ends with `.part`.
    pub(crate) fn create(path: &Path) -> Result<Pack, Fault> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = File::create(&part).map_err(unwritable)?;
        let (to, steps) = mpsc::channel(AHEAD);
        let thread = tokio::task::spawn_blocking(move || write(file, steps));
        Ok(Pack { to, thread, part, whole: path.to_owned() })
    }

    async fn step(&self, step: Step) -> Result<(), Fault> {
        self.to.send(step).await.map_err(|_| unwritable("the writer stopped"))
    }

    /// Begins an entry. What is packed already is not compressed.
    pub(crate) async fn begin(&self, name: String, compress: bool) -> Result<(), Fault> {
        self.step(Step::Begin { name, compress }).await
    }

    /// Writes on in the present entry.
    pub(crate) async fn put(&self, bytes: impl Into<bytes::Bytes>) -> Result<(), Fault> {
        self.step(Step::Bytes(bytes.into())).await
    }

    /// Ends the present entry.
    pub(crate) async fn end(&self) -> Result<Packed, Fault> {
        let (tell, told) = oneshot::channel();
        self.step(Step::End(tell)).await?;
        told.await.map_err(|_| unwritable("the writer stopped"))
    }

    /// Ends the zip and gives it its name.
    pub(crate) async fn finish(mut self) -> Result<(), Fault> {
        let (closed, _) = mpsc::channel(1);
        drop(std::mem::replace(&mut self.to, closed));
        (&mut self.thread).await.map_err(unwritable)?.map_err(unwritable)?;
        std::fs::rename(&self.part, &self.whole).map_err(unwritable)
    }
}

fn write(file: File, mut steps: mpsc::Receiver<Step>) -> io::Result<()> {
    let mut zip = ZipWriter::new(BufWriter::with_capacity(1 << 18, file));
    let (mut hash, mut rows, mut bytes) = (Sha256::new(), 0, 0);
    while let Some(step) = steps.blocking_recv() {
        match step {
            Step::Begin { name, compress } => {
                let method = if compress { CompressionMethod::Deflated } else { CompressionMethod::Stored };
                let options = SimpleFileOptions::default().compression_method(method).large_file(true);
                zip.start_file(name, options).map_err(io::Error::other)?;
                (hash, rows, bytes) = (Sha256::new(), 0, 0);
            }
            Step::Bytes(chunk) => {
                zip.write_all(&chunk)?;
                hash.update(&chunk);
                rows += chunk.iter().filter(|b| **b == b'\n').count() as u64;
                bytes += chunk.len() as u64;
            }
            Step::End(tell) => {
                let done = std::mem::replace(&mut hash, Sha256::new()).finalize();
                let sha256 = data_encoding::HEXLOWER.encode(&done);
                let _ = tell.send(Packed { rows, bytes, sha256 });
            }
        }
    }
    let file = zip.finish().map_err(io::Error::other)?;
    file.into_inner().map_err(|e| e.into_error())?.sync_all()
}
