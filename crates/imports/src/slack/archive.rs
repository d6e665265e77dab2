//! The zip file, guarded: what it claims is checked before anything is read, and what it really
//! holds is checked while it is read. Nothing is ever unpacked to disk.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

use rustc_hash::FxHashMap;
use weft_http::limits;
use weft_kernel::Fault;
use zip::{ZipArchive, read::Config, result::ZipError, unstable::read::ZipIterable};

/// Entries below this size may be of any ratio.
const RATIO_FROM: u64 = 1 << 20;

/// A fault of the archive: `code` is `import_archive`, `detail` names the entry.
pub(super) fn broken(detail: impl Into<String>) -> Fault {
    Fault::invalid("file", detail.into()).code("import_archive")
}

/// An opened archive that has passed all checks of its directory.
pub(super) struct Archive {
    zip: ZipArchive<BufReader<File>>,
    /// JSON entries by their path below the export's root, and their index in the zip.
    entries: FxHashMap<String, usize>,
    /// Entries that are no JSON (files, folders of the packing program), not read.
    pub(super) others: u64,
}

impl Archive {
    /// Opens the file and checks its directory.
    ///
    /// # Errors
    /// See [`broken`]; `not_found` when there is no such file.
    pub(super) fn open(path: &Path) -> Result<Archive, Fault> {
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
        let (mut names, mut others, mut total) = (Vec::new(), 0, 0_u64);
        for index in 0..zip.len() {
            match check_entry(&mut zip, index)? {
                Some((name, size)) => {
                    total = total.saturating_add(size);
                    names.push((name, index));
                }
                None => others += 1,
            }
        }
        if total > limits::IMPORT_UNPACKED {
            return Err(broken("The archive unpacks to more than 128 GiB of JSON."));
        }
        let entries = below_root(names)?;
        Ok(Archive { zip, entries, others })
    }

    /// Whether there is such an entry.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// The JSON entries' paths, in no order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Gives each element of the JSON array in entry `name` to `each`, one at a time.
    ///
    /// # Errors
    /// See [`broken`]; those of `each`.
    pub(super) fn each<T: serde::de::DeserializeOwned>(
        &mut self,
        name: &str,
        each: impl FnMut(T) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let index = *self
            .entries
            .get(name)
            .ok_or_else(|| broken(format!("The archive has no {name}. Is it a whole Slack export?")))?;
        let entry = self.zip.by_index(index).map_err(|e| broken(format!("{name} cannot be read: {e}.")))?;
        let reader = Bounded { left: entry.size(), inner: entry };
        super::json::each_element(name, BufReader::with_capacity(1 << 16, reader), each)
    }
}

fn no_zip(error: ZipError) -> Fault {
    broken(format!("The file is not a whole zip archive: {error}."))
}

/// The path and declared size of a JSON entry; none for what is not read.
fn check_entry(zip: &mut ZipArchive<BufReader<File>>, index: usize) -> Result<Option<(String, u64)>, Fault> {
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
    if entry.is_dir() || !name.ends_with(".json") || name.starts_with("__MACOSX/") {
        return Ok(None);
    }
    if entry.encrypted() {
        return Err(broken(format!("The entry “{}” is encrypted.", shown())));
    }
    let (size, packed) = (entry.size(), entry.compressed_size());
    if size > limits::IMPORT_JSON {
        return Err(broken(format!("The entry “{}” unpacks to {size} bytes, too much.", shown())));
    }
    if size > RATIO_FROM && size / packed.max(1) > limits::IMPORT_RATIO {
        return Err(broken(format!(
            "The entry “{}” unpacks to {} times its size, as a zip bomb does.",
            shown(),
            size / packed.max(1)
        )));
    }
    Ok(Some((name, size)))
}

fn is_safe(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with('/')
        && !name.contains(['\\', '\0'])
        && name.chars().nth(1).is_none_or(|c| c != ':')
        && name.trim_end_matches('/').split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Paths below the folder that holds `users.json`: some people pack the folder, not its content.
fn below_root(names: Vec<(String, usize)>) -> Result<FxHashMap<String, usize>, Fault> {
    let mut roots: Vec<&str> = names
        .iter()
        .filter_map(|(name, _)| name.strip_suffix("users.json"))
        .filter(|root| root.is_empty() || (root.ends_with('/') && root.matches('/').count() == 1))
        .collect();
    roots.sort_unstable();
    let Some(root) = roots.first().map(|r| (*r).to_owned()) else {
        return Err(broken("The archive has no users.json. Is it a whole Slack export?"));
    };
    Ok(names
        .into_iter()
        .filter_map(|(name, index)| name.strip_prefix(&root).map(|below| (below.to_owned(), index)))
        .collect())
}

/// Refuses an entry that unpacks to more than its declared size.
struct Bounded<R> {
    inner: R,
    left: u64,
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
