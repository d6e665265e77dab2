//! Zip archives: their index tells Office files from others, and bombs from archives. Nothing is
//! unpacked here.

use std::io::{Read, Seek};

use weft_http::limits;
use weft_kernel::Fault;
use zip::ZipArchive;

use super::{bomb, sniff::Sniffed};
use crate::Kind;

const OFFICE: [(&str, &str); 3] = [
    ("word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
];
const OPEN_DOCUMENT: &str = "application/vnd.oasis.opendocument.";

/// Looks at a zip of `size` bytes: an Office file's type, none for another archive.
///
/// # Errors
/// `file_bomb`.
pub(super) fn look(file: impl Read + Seek, size: i64) -> Result<Option<Sniffed>, Fault> {
    // What cannot be read as a zip is kept as it is: whoever opens it will be told.
    let Ok(mut archive) = ZipArchive::new(file) else { return Ok(None) };
    if archive.len() > limits::ARCHIVE_ENTRIES {
        return Err(bomb("The archive has more than 200,000 entries. Send fewer at once."));
    }
    let mut unpacked: u64 = 0;
    let mut packed: u64 = 0;
    for index in 0..archive.len() {
        if let Ok(entry) = archive.by_index_raw(index) {
            unpacked = unpacked.saturating_add(entry.size());
            packed = packed.saturating_add(entry.compressed_size());
        }
    }
    let size = u64::try_from(size).unwrap_or(0);
    // Entries that lie over each other pack more than the archive is long.
    let overlapping = packed > size.saturating_mul(2);
    let swollen = unpacked > limits::ARCHIVE_UNPACKED && unpacked / size.max(1) > limits::ARCHIVE_RATIO;
    if overlapping || swollen {
        return Err(bomb("The archive unpacks to far more than it should and was refused."));
    }
    Ok(office(&mut archive))
}

fn office(archive: &mut ZipArchive<impl Read + Seek>) -> Option<Sniffed> {
    if archive.index_for_name("[Content_Types].xml").is_some() {
        let found = OFFICE
            .iter()
            .find(|(folder, _)| archive.file_names().flatten().any(|name| name.starts_with(folder)));
        return found.map(|(_, mime)| Sniffed::new(mime, Kind::Office));
    }
    let mut mime = String::new();
    archive.by_name("mimetype").ok()?.take(100).read_to_string(&mut mime).ok()?;
    let plain = |rest: &str| rest.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let known = mime.trim().strip_prefix(OPEN_DOCUMENT).is_some_and(plain);
    known.then(|| Sniffed::new(mime.trim(), Kind::Office))
}
