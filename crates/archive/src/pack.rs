//! The zip while it is written, to a file or to whoever downloads it, on a thread of its own:
//! packing takes time that the async threads have not.

use std::{
    fs::File,
    io::{self, BufWriter, Seek, Write},
    path::{Path, PathBuf},
};

use bytes::Bytes;

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
    Bytes(Bytes),
    End(oneshot::Sender<Packed>),
    Finish,
}

/// A zip that comes to be. Dropped without [`Pack::finish`], its file is removed, and a download
/// breaks off.
pub(crate) struct Pack {
    to: mpsc::Sender<Step>,
    thread: JoinHandle<io::Result<()>>,
    place: Option<Place>,
}

/// A file, which has another name until it is whole.
struct Place {
    part: PathBuf,
    whole: PathBuf,
}

impl Drop for Place {
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
        let thread = tokio::task::spawn_blocking(move || {
            let zip = ZipWriter::new(BufWriter::with_capacity(1 << 18, file));
            let file = write(zip, steps)?.finish().map_err(io::Error::other)?;
            file.into_inner().map_err(|e| e.into_error())?.sync_all()
        });
        Ok(Pack { to, thread, place: Some(Place { part, whole: path.to_owned() }) })
    }

    /// Begins one whose bytes go to a download as they come; an error ends that.
    pub(crate) fn stream() -> (Pack, mpsc::Receiver<io::Result<Bytes>>) {
        let (to, steps) = mpsc::channel(AHEAD);
        let (out, bytes) = mpsc::channel(AHEAD);
        let thread = tokio::task::spawn_blocking(move || {
            let zip = ZipWriter::new_stream(BufWriter::with_capacity(1 << 16, Download(out.clone())));
            let done = write(zip, steps)
                .and_then(|zip| zip.finish().map_err(io::Error::other))
                .and_then(|stream| stream.into_inner().flush());
            if let Err(error) = &done {
                let _ = out.blocking_send(Err(io::Error::other(error.to_string())));
            }
            done
        });
        (Pack { to, thread, place: None }, bytes)
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

    /// Ends the zip and gives a file its name.
    pub(crate) async fn finish(self) -> Result<(), Fault> {
        self.step(Step::Finish).await?;
        self.thread.await.map_err(unwritable)?.map_err(unwritable)?;
        let Some(place) = self.place else { return Ok(()) };
        std::fs::rename(&place.part, &place.whole).map_err(unwritable)
    }
}

/// Where the bytes of a download go.
struct Download(mpsc::Sender<io::Result<Bytes>>);

impl Write for Download {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.0.blocking_send(Ok(Bytes::copy_from_slice(bytes)));
        sent.map(|()| bytes.len()).map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes until told that it is whole; who goes away before leaves an error.
fn write<W: Write + Seek>(
    mut zip: ZipWriter<W>,
    mut steps: mpsc::Receiver<Step>,
) -> io::Result<ZipWriter<W>> {
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
            Step::Finish => return Ok(zip),
        }
    }
    Err(io::Error::from(io::ErrorKind::UnexpectedEof))
}
