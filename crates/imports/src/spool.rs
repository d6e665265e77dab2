//! Messages on their way from a source that does not keep them in order: they lie in a file of
//! our own, and only where each begins is held in memory (48 bytes a message).

use std::{
    fs::File,
    io::{BufWriter, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use weft_kernel::{Fault, Micros};

use crate::{
    attached::Attachment,
    model::{Space, digest},
};

/// A message as its source has it, before it is known what names have become.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Raw {
    /// Who wrote it, by outside id.
    pub(crate) user: String,
    /// What it says, in the source's markup.
    pub(crate) text: String,
    /// The code and parameters of what it tells, if no person wrote it.
    pub(crate) system: Option<(String, serde_json::Value)>,
    /// It was deleted there.
    pub(crate) deleted: bool,
    /// When it was last edited.
    pub(crate) edited_at: Option<Micros>,
    /// Who pinned it is not known.
    pub(crate) pinned: bool,
    /// What programs added below the text.
    pub(crate) attachments: Vec<Attachment>,
    /// Emoji name and outside id.
    pub(crate) reactions: Vec<(String, String)>,
    /// Paths of its files in the archive.
    pub(crate) files: Vec<String>,
}

/// Where a message lies.
#[derive(Debug, Clone, Copy)]
struct Entry {
    at: Micros,
    user: [u8; 8],
    offset: u64,
    /// What it replies to, by the order in which messages came.
    root: Option<u32>,
    /// Its own place in that order.
    came: u32,
    /// Which one it is of those that the same person wrote at the same time.
    ordinal: u32,
}

/// A message with what its place in the conversation tells.
pub(crate) struct Placed {
    pub(crate) at: Micros,
    pub(crate) nonce: String,
    /// The nonce of what it replies to.
    pub(crate) root: Option<String>,
    pub(crate) raw: Raw,
}

/// Messages in a file that is gone when this is dropped.
pub(crate) struct Spool {
    /// The beginning of every nonce.
    kind: &'static str,
    /// Where it is, on systems that do not let go of a name while the file is open.
    path: Option<PathBuf>,
    file: BufWriter<File>,
    end: u64,
    spaces: Vec<Vec<Entry>>,
}

impl Drop for Spool {
    fn drop(&mut self) {
        if let Some(path) = &self.path
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::warn!(%error, file = %path.display(), "a spool file cannot be removed");
        }
    }
}

fn unwritable(error: std::io::Error) -> Fault {
    Fault::unavailable("The server cannot keep what it reads: its disk is full or not writable.", error)
        .code("storage_full")
}

impl Spool {
    /// An empty one at `path`, whose folder is made.
    pub(crate) fn new(kind: &'static str, path: &Path) -> Result<Spool, Fault> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(unwritable)?;
        }
        let file = File::options().read(true).write(true).create_new(true).open(path).map_err(unwritable)?;
        let file = BufWriter::with_capacity(1 << 18, file);
        // Without a name, a run that is killed leaves nothing behind.
        let path = std::fs::remove_file(path).is_err().then(|| path.to_owned());
        Ok(Spool { kind, path, file, end: 0, spaces: Vec::new() })
    }

    /// Keeps a message of conversation `space`. Returns how a reply to it refers to it.
    pub(crate) fn add(
        &mut self,
        space: usize,
        at: Micros,
        root: Option<u32>,
        raw: &Raw,
    ) -> Result<u32, Fault> {
        let bytes = serde_json::to_vec(raw).map_err(Fault::internal)?;
        self.file.write_all(&(bytes.len() as u64).to_le_bytes()).map_err(unwritable)?;
        self.file.write_all(&bytes).map_err(unwritable)?;
        if self.spaces.len() <= space {
            self.spaces.resize_with(space + 1, Vec::new);
        }
        let entries = &mut self.spaces[space];
        let came = u32::try_from(entries.len())
            .map_err(|_| crate::archive::broken("A conversation has more than four billion messages."))?;
        let (user, offset) = (digest([raw.user.as_str()]), self.end);
        entries.push(Entry { at, user, offset, root, came, ordinal: 0 });
        self.end += 8 + bytes.len() as u64;
        Ok(came)
    }

    /// Puts everything in order of time, and notes in `spaces` when each begins and what replies
    /// refer to. Returns how many messages there are, and when the newest was written.
    pub(crate) fn arrange(&mut self, spaces: &mut [Space]) -> Result<(u64, Micros), Fault> {
        self.file.flush().map_err(unwritable)?;
        self.spaces.resize_with(spaces.len(), Vec::new);
        let newest = self.spaces.iter().flatten().map(|entry| entry.at).max().unwrap_or_default();
        for (entries, space) in self.spaces.iter_mut().zip(spaces) {
            entries.sort_by_key(|entry| (entry.at, entry.came));
            number(entries);
            let roots: FxHashSet<u32> = entries.iter().filter_map(|entry| entry.root).collect();
            let roots = entries.iter().filter(|entry| roots.contains(&entry.came));
            space.roots = roots.map(|entry| nonce(self.kind, entry)).collect();
            space.first_at = entries.first().map(|entry| entry.at);
            space.created_at = space.first_at.unwrap_or(newest);
        }
        Ok((self.spaces.iter().map(|entries| entries.len() as u64).sum(), newest))
    }

    /// Gives the messages of a conversation to `each`, oldest first. Only once.
    pub(crate) fn read(
        &mut self,
        space: usize,
        mut each: impl FnMut(Placed) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let entries = std::mem::take(&mut self.spaces[space]);
        let replied: FxHashSet<u32> = entries.iter().filter_map(|entry| entry.root).collect();
        let roots: FxHashMap<u32, String> = entries
            .iter()
            .filter(|entry| replied.contains(&entry.came))
            .map(|entry| (entry.came, nonce(self.kind, entry)))
            .collect();
        for entry in entries {
            let raw = self.raw(entry.offset).map_err(Fault::internal)?;
            let root = entry.root.and_then(|root| roots.get(&root).cloned());
            each(Placed { at: entry.at, nonce: nonce(self.kind, &entry), root, raw })?;
        }
        Ok(())
    }

    fn raw(&mut self, offset: u64) -> std::io::Result<Raw> {
        let file = self.file.get_mut();
        file.seek(SeekFrom::Start(offset))?;
        let mut length = [0; 8];
        file.read_exact(&mut length)?;
        let mut bytes = vec![0; usize::try_from(u64::from_le_bytes(length)).map_err(std::io::Error::other)?];
        file.read_exact(&mut bytes)?;
        Ok(serde_json::from_slice(&bytes)?)
    }
}

/// Numbers those of the same person and time, which stand together by time.
fn number(entries: &mut [Entry]) {
    for same in entries.chunk_by_mut(|a, b| a.at == b.at).filter(|same| same.len() > 1) {
        let mut written: FxHashMap<[u8; 8], u32> = FxHashMap::default();
        for entry in same {
            let count = written.entry(entry.user).or_default();
            entry.ordinal = *count;
            *count += 1;
        }
    }
}

fn nonce(kind: &str, entry: &Entry) -> String {
    let user = u64::from_be_bytes(entry.user);
    match entry.ordinal {
        0 => format!("{kind}:{}:{user:016x}", entry.at / 1_000),
        ordinal => format!("{kind}:{}:{user:016x}:{ordinal}", entry.at / 1_000),
    }
}
