//! The zip file, guarded: what it claims is checked before anything is read, and what it really
//! holds is checked while it is read. Nothing is ever unpacked to disk.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use crate::vault::Vault;
use rustc_hash::FxHashMap;
use weft_http::limits;
use weft_kernel::Fault;
use zip::{ZipArchive, read::Config, result::ZipError, unstable::read::ZipIterable};

/// Entries below this size may be of any ratio.
const RATIO_FROM: u64 = 1 << 20;

/// A fault of the archive: `code` is `import_archive`, `detail` names the entry.
pub(crate) fn broken(detail: impl Into<String>) -> Fault {
    Fault::invalid("file", detail.into()).code("import_archive")
}

/// Text of the archive as an error shows it: harmless and short.
pub(crate) fn shown(text: &str) -> String {
    text.escape_debug().take(80).collect()
}

/// What a source's archive looks like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Layout {
    /// What people call it.
    pub(crate) what: &'static str,
    /// How the names of entries end that are read.
    pub(crate) read: &'static str,
    /// How the name of the entry ends without which it is no such archive.
    pub(crate) anchor: &'static str,
    /// Each entry is read at once, so that its size bounds memory.
    pub(crate) day_by_day: bool,
    /// The folder of the files that were attached to messages; its entries are never read as text.
    pub(crate) files: Option<&'static str>,
}

/// An opened archive that has passed all checks of its directory.
pub(crate) struct Archive {
    zip: ZipArchive<BufReader<File>>,
    layout: Layout,
    path: PathBuf,
    /// Entries to read by their path below the export's root, and their index in the zip.
    entries: FxHashMap<String, usize>,
    /// Attached files by their path below the export's root.
    files: FxHashMap<String, Attached>,
    /// How many other entries there are (folders of the packing program), not read.
    pub(crate) others: u64,
}

/// What the archive's directory says of an attached file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attached {
    pub(crate) index: usize,
    pub(crate) size: u64,
    pub(crate) crc: u32,
    /// Why it is not even read: it is encrypted, or packed as only a bomb is.
    pub(crate) refused: Option<&'static str>,
}

/// What an entry is.
enum Entry {
    Text(u64),
    File(Attached),
    Other,
}

impl Archive {
    /// Opens the file and checks its directory.
    ///
    /// # Errors
    /// See [`broken`]; `not_found` when there is no such file.
    pub(crate) fn open(path: &Path, layout: Layout) -> Result<Archive, Fault> {
        let file = File::open(path).map_err(|e| broken(format!("The file cannot be opened: {e}.")))?;
        let mut reader = BufReader::with_capacity(1 << 16, file);
        // Before the directory is read into memory, how long it claims to be.
        let entries = ZipIterable::try_new(&mut reader, Config::default()).map_err(no_zip)?.len();
        if entries > limits::IMPORT_ENTRIES {
            return Err(broken(format!(
                "The archive has {entries} entries; at most {} are read.",
                limits::IMPORT_ENTRIES
            )));
        }
        let mut zip = ZipArchive::new(reader).map_err(no_zip)?;
        if zip.has_duplicate_names() {
            return Err(broken("The archive holds two entries of the same name."));
        }
        if zip.has_overlapping_files().map_err(no_zip)? {
            return Err(broken("Entries of the archive overlap, as in a zip bomb."));
        }
        let (mut names, mut files, mut others, mut total) = (Vec::new(), Vec::new(), 0, 0_u64);
        for index in 0..zip.len() {
            match check_entry(&mut zip, index, layout)? {
                (name, Entry::Text(size)) => {
                    total = total.saturating_add(size);
                    names.push((name, index));
                }
                (name, Entry::File(attached)) => files.push((name, attached)),
                (_, Entry::Other) => others += 1,
            }
        }
        if total > limits::IMPORT_UNPACKED {
            return Err(broken("The archive unpacks to more than 128 GiB of text."));
        }
        let root = root(&names, layout)?;
        let (entries, files) = (below(&root, names), below(&root, files));
        Ok(Archive { zip, layout, path: path.to_owned(), entries, files, others })
    }

    /// The attached files, by their path below the export's root.
    pub(crate) fn files(&self) -> &FxHashMap<String, Attached> {
        &self.files
    }

    /// The bytes of those, if there are any.
    pub(crate) fn vault(&self) -> Option<Vault> {
        (!self.files.is_empty()).then(|| Vault::new(self.path.clone(), self.files.clone()))
    }

    /// Whether there is such an entry.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// The paths of the entries to read, in no order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// What entry `name` holds, refused beyond the size that it declares.
    ///
    /// # Errors
    /// See [`broken`].
    pub(crate) fn entry(&mut self, name: &str) -> Result<impl BufRead, Fault> {
        let whole = || broken(format!("The archive has no {name}. Is it a whole {}?", self.layout.what));
        let index = *self.entries.get(name).ok_or_else(whole)?;
        let entry = self.zip.by_index(index).map_err(|e| broken(format!("{name} cannot be read: {e}.")))?;
        Ok(BufReader::with_capacity(1 << 16, Bounded { left: entry.size(), inner: entry }))
    }
}

fn no_zip(error: ZipError) -> Fault {
    broken(format!("The file is not a whole zip archive: {error}."))
}

/// The path of an entry, and what it is.
fn check_entry(
    zip: &mut ZipArchive<BufReader<File>>,
    index: usize,
    layout: Layout,
) -> Result<(String, Entry), Fault> {
    let entry = zip.by_index_raw(index).map_err(no_zip)?;
    let Ok(name) = entry.name().map(|n| n.into_owned()) else {
        return Err(broken(format!("The name of entry {index} is not text.")));
    };
    let shown = || name.escape_debug().take(200).collect::<String>();
    if !is_safe(&name) {
        return Err(broken(format!("The entry name “{}” is not allowed: it leads elsewhere.", shown())));
    }
    if entry.is_symlink() {
        return Err(broken(format!("The entry “{}” is a symbolic link.", shown())));
    }
    let (size, packed) = (entry.size(), entry.compressed_size());
    let ratio = if size > RATIO_FROM { size / packed.max(1) } else { 0 };
    if !entry.is_dir() && is_attached(&name, layout) {
        let refused = match entry.encrypted() {
            true => Some("file_encrypted"),
            false => (ratio > limits::IMPORT_RATIO).then_some("file_bomb"),
        };
        let attached = Attached { index, size, crc: entry.crc32(), refused };
        return Ok((name, Entry::File(attached)));
    }
    if entry.is_dir() || !name.ends_with(layout.read) || name.starts_with("__MACOSX/") {
        return Ok((name, Entry::Other));
    }
    if entry.encrypted() {
        return Err(broken(format!("The entry “{}” is encrypted.", shown())));
    }
    if layout.day_by_day && size > limits::IMPORT_JSON {
        return Err(broken(format!("The entry “{}” unpacks to {size} bytes, too much.", shown())));
    }
    if ratio > limits::IMPORT_RATIO {
        let shown = shown();
        return Err(broken(format!(
            "The entry “{shown}” unpacks to {ratio} times its size, as a zip bomb does."
        )));
    }
    Ok((name, Entry::Text(size)))
}

/// Whether an entry lies in the folder of attached files, at the top or below the one folder that
/// an export may be packed in.
fn is_attached(name: &str, layout: Layout) -> bool {
    let Some(folder) = layout.files else { return false };
    name.starts_with(folder) || name.split_once('/').is_some_and(|(_, below)| below.starts_with(folder))
}

fn is_safe(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('/')
        && !name.contains(['\\', '\0'])
        && name.chars().nth(1).is_none_or(|c| c != ':')
        && name.trim_end_matches('/').split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// The folder that holds the anchor: some people pack the folder, not its content.
fn root(names: &[(String, usize)], layout: Layout) -> Result<String, Fault> {
    let anchors = names.iter().map(|(name, _)| name.as_str()).filter(|name| name.ends_with(layout.anchor));
    let folders = anchors.map(|name| name.rfind('/').map_or("", |end| &name[..=end]));
    folders.filter(|f| f.matches('/').count() <= 1).min().map(str::to_owned).ok_or_else(|| {
        let (anchor, what) = (layout.anchor, layout.what);
        broken(format!("The archive has no {anchor}. Is it a whole {what}?"))
    })
}

/// Paths below `root`.
fn below<T>(root: &str, names: Vec<(String, T)>) -> FxHashMap<String, T> {
    let below = |(name, what): (String, T)| name.strip_prefix(root).map(|name| (name.to_owned(), what));
    names.into_iter().filter_map(below).collect()
}

/// Refuses an entry that unpacks to more than its declared size.
pub(crate) struct Bounded<R> {
    pub(crate) inner: R,
    pub(crate) left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(out)?;
        self.left = self
            .left
            .checked_sub(got as u64)
            .ok_or_else(|| io::Error::other("it unpacks to more than the archive says"))?;
        Ok(got)
    }
}
