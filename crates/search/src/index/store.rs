//! The files of one org's index.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use parking_lot::Mutex;
use serde::Serialize;
use tantivy::{
    Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError,
    directory::MmapDirectory,
    indexer::{IndexWriterOptions, LogMergePolicy},
};
use utoipa::ToSchema;

use super::{
    Cursors,
    schema::{Entry, Fields, Place, schema},
};

/// Memory in which a writer gathers documents before it writes them out.
const WRITER_BYTES: usize = 48 << 20;

/// Whether searches find everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct IndexState {
    /// `ready`; `building`: what is found is not all yet.
    pub state: &'static str,
    /// Events of the log that were followed.
    pub done: i64,
    /// Events to follow in all.
    pub total: i64,
}

impl IndexState {
    /// Everything is found.
    pub const READY: IndexState = IndexState { state: "ready", done: 0, total: 0 };

    /// So much of so much is found.
    pub fn building(done: i64, total: i64) -> IndexState {
        IndexState { state: "building", done, total }
    }
}

/// Why the index could not be used.
#[derive(Debug)]
pub enum IndexError {
    /// Its files are damaged: it must be built anew.
    Damaged(String),
    /// The disk, or who may use it: trying later may help.
    Disk(String),
}

impl std::fmt::Display for IndexError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            IndexError::Damaged(why) => write!(f, "the search index is damaged: {why}"),
            IndexError::Disk(why) => write!(f, "the search index cannot be written: {why}"),
        }
    }
}

impl From<TantivyError> for IndexError {
    fn from(error: TantivyError) -> IndexError {
        use std::io::ErrorKind as K;
        let text = error.to_string();
        let disk = match &error {
            TantivyError::LockFailure(..) => true,
            TantivyError::IoError(io) => {
                matches!(
                    io.kind(),
                    K::PermissionDenied | K::StorageFull | K::QuotaExceeded | K::ReadOnlyFilesystem
                )
            }
            _ => false,
        };
        if disk { IndexError::Disk(text) } else { IndexError::Damaged(text) }
    }
}

impl From<std::io::Error> for IndexError {
    fn from(error: std::io::Error) -> IndexError {
        IndexError::Disk(error.to_string())
    }
}

/// Runs work over files that may hold anything: damage that makes the engine panic is an error.
///
/// # Errors
/// What `work` answers; `Damaged` when it panicked.
pub fn guarded<T>(work: impl FnOnce() -> Result<T, IndexError>) -> Result<T, IndexError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(IndexError::Damaged("the engine gave up".into())))
}

/// An open index.
pub struct OrgIndex {
    index: Index,
    reader: IndexReader,
    /// Its fields.
    pub fields: Fields,
    /// What was committed when it was opened.
    committed: Mutex<Cursors>,
}

impl OrgIndex {
    /// Opens the index in `folder`. One that is missing, damaged, or of another version or epoch
    /// is replaced by an empty one. Blocks.
    ///
    /// # Errors
    /// `Disk` when not even an empty one can be made.
    pub fn open(folder: &Path, epoch: &str) -> Result<OrgIndex, IndexError> {
        match guarded(|| OrgIndex::existing(folder, epoch)) {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => {}
            Err(IndexError::Disk(why)) => return Err(IndexError::Disk(why)),
            Err(error) => {
                tracing::warn!(%error, folder = %folder.display(), "building the search index anew")
            }
        }
        OrgIndex::empty(folder)
    }

    /// Replaces whatever is in `folder` by an empty index. Blocks.
    ///
    /// # Errors
    /// As [`OrgIndex::open`].
    pub fn empty(folder: &Path) -> Result<OrgIndex, IndexError> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
        let index = Index::create_in_dir(folder, schema().0)?;
        OrgIndex::over(index, Cursors::default())
    }

    fn existing(folder: &Path, epoch: &str) -> Result<Option<OrgIndex>, IndexError> {
        if !folder.join("meta.json").exists() {
            return Ok(None);
        }
        let directory = MmapDirectory::open(folder).map_err(|e| IndexError::Damaged(e.to_string()))?;
        let index = Index::open(directory)?;
        let payload = index.load_metas()?.payload.unwrap_or_default();
        match Cursors::from_payload(&payload, epoch) {
            Some(cursors) if index.schema() == schema().0 => OrgIndex::over(index, cursors).map(Some),
            _ => Ok(None),
        }
    }

    fn over(index: Index, cursors: Cursors) -> Result<OrgIndex, IndexError> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(OrgIndex { index, reader, fields: schema().1, committed: Mutex::new(cursors) })
    }

    /// What searches see.
    pub fn searcher(&self) -> Searcher {
        self.reader.searcher()
    }

    /// How far each log was followed, as committed.
    pub fn cursors(&self) -> Cursors {
        self.committed.lock().clone()
    }

    /// The names of files whose content is not what was written. Reads all of them; blocks.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn check(&self) -> Result<Vec<PathBuf>, IndexError> {
        guarded(|| Ok(self.index.validate_checksum()?.into_iter().collect()))
    }

    /// Bytes of all files.
    pub fn size(&self) -> u64 {
        self.searcher().space_usage().map_or(0, |usage| usage.total().get_bytes())
    }

    /// The writer: there is only one at a time. Blocks.
    ///
    /// # Errors
    /// `Disk` when another process writes.
    pub fn writer(&self) -> Result<Writer, IndexError> {
        let options = IndexWriterOptions::builder().num_worker_threads(1).num_merge_threads(1);
        let writer: IndexWriter =
            self.index.writer_with_options(options.memory_budget_per_thread(WRITER_BYTES).build())?;
        writer.set_merge_policy(Box::new(LogMergePolicy::default()));
        Ok(Writer { writer, fields: self.fields, cursors: self.committed.lock().clone(), pending: 0 })
    }
}

/// Writes an index.
pub struct Writer {
    writer: IndexWriter,
    fields: Fields,
    /// How far each log was followed, once committed.
    pub cursors: Cursors,
    /// Documents and deletions that are not committed.
    pub pending: usize,
}

impl Writer {
    /// Adds a message that the index does not know.
    ///
    /// # Errors
    /// Any index error.
    pub fn add(&mut self, entry: &Entry) -> Result<(), IndexError> {
        self.pending += 1;
        self.writer.add_document(self.fields.document(entry))?;
        Ok(())
    }

    /// Forgets a message.
    pub fn remove(&mut self, place: Place) {
        self.pending += 1;
        self.writer.delete_term(self.fields.place_term(place));
    }

    /// Makes everything durable and visible, together with the cursors. Blocks.
    ///
    /// # Errors
    /// Any index error; then nothing of it is visible.
    pub fn commit(&mut self, index: &OrgIndex, epoch: &str) -> Result<(), IndexError> {
        let mut commit = self.writer.prepare_commit()?;
        commit.set_payload(&self.cursors.to_payload(epoch));
        commit.commit()?;
        index.reader.reload()?;
        *index.committed.lock() = self.cursors.clone();
        self.pending = 0;
        Ok(())
    }

    /// Waits until segments that are being merged are. Blocks.
    ///
    /// # Errors
    /// Any index error.
    pub fn finish(self) -> Result<(), IndexError> {
        Ok(self.writer.wait_merging_threads()?)
    }
}
