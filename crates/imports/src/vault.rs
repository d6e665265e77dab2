//! The bytes of the files in an archive. They are read beside the messages, when the engine asks
//! for them: only those of messages that are not here yet.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::PathBuf,
};

use axum::body::Bytes;
use rustc_hash::FxHashMap;
use tokio::sync::mpsc;
use zip::ZipArchive;

use crate::archive::{Attached, Bounded};

/// What is handed on at once.
const CHUNK: usize = 256 << 10;

/// An archive's attached files.
pub struct Vault {
    path: PathBuf,
    files: FxHashMap<String, Attached>,
    /// Opened for the first file that is read.
    zip: Option<ZipArchive<BufReader<File>>>,
}

impl Vault {
    pub(crate) fn new(path: PathBuf, files: FxHashMap<String, Attached>) -> Vault {
        Vault { path, files, zip: None }
    }

    /// What the archive's directory says of a file.
    pub(crate) fn look(&self, entry: &str) -> Option<Attached> {
        self.files.get(entry).copied()
    }

    /// Hands a file's bytes on, at the pace of whoever takes them, until they want no more.
    pub(crate) fn read(&mut self, entry: &str, to: &mpsc::Sender<io::Result<Bytes>>) {
        if let Err(error) = self.copy(entry, to) {
            // Nobody listens any more: then nobody wants to know.
            let _ = to.blocking_send(Err(error));
        }
    }

    fn copy(&mut self, entry: &str, to: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
        let attached = self.look(entry).ok_or(io::ErrorKind::NotFound)?;
        let zip = match &mut self.zip {
            Some(zip) => zip,
            None => {
                let reader = BufReader::with_capacity(1 << 16, File::open(&self.path)?);
                self.zip.insert(ZipArchive::new(reader).map_err(io::Error::other)?)
            }
        };
        let inner = zip.by_index(attached.index).map_err(io::Error::other)?;
        let mut bytes = Bounded { inner, left: attached.size };
        loop {
            let mut chunk = Vec::with_capacity(CHUNK);
            (&mut bytes).take(CHUNK as u64).read_to_end(&mut chunk)?;
            if chunk.is_empty() || to.blocking_send(Ok(chunk.into())).is_err() {
                return Ok(());
            }
        }
    }
}
