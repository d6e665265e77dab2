//! Pictures for stickers out of a form: one by one, or packed in a zip, which is unpacked within
//! limits.

use std::io::{Cursor, Read};

use axum::extract::Multipart;
use bytes::Bytes;
use weft_http::limits;
use weft_kernel::{Fault, FaultKind, names};
use zip::ZipArchive;

use crate::emoji::form;

/// Longest name of a sticker, in characters.
const NAME: usize = 40;

/// A picture and what it was called.
pub(super) struct Picture {
    pub(super) name: String,
    pub(super) bytes: Bytes,
}

/// Reads all parts named `file`.
///
/// # Errors
/// `bad_request`, `picture_too_large`, and `invalid` for more than a pack may hold.
pub(super) async fn read(mut form: Multipart) -> Result<Vec<Picture>, Fault> {
    let mut found = Vec::new();
    while let Some(field) = form.next_field().await.map_err(form::broken)? {
        if field.name() != Some("file") {
            return Err(Fault::invalid("file", "Only parts named file are understood."));
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        let bytes = form::bytes(field, limits::STICKER_ZIP, |max| {
            Fault::new(FaultKind::TooLarge, "The zip is too large. Send it in parts.")
                .code("picture_too_large")
                .param("max", max as i64)
        })
        .await?;
        if bytes.starts_with(b"PK\x03\x04") {
            found
                .extend(tokio::task::spawn_blocking(move || unpack(&bytes)).await.map_err(Fault::internal)??);
        } else {
            found.push(Picture { name: called(&name), bytes });
        }
        if found.len() as i64 > limits::STICKERS {
            return Err(too_many());
        }
    }
    if found.is_empty() {
        return Err(Fault::invalid("file", "Send at least one picture, as a part named file."));
    }
    Ok(found)
}

/// Refuses more than a pack may hold.
pub(super) fn too_many() -> Fault {
    Fault::conflict("too_many_stickers", "A pack holds at most 100 stickers. Begin another one.")
        .param("max", limits::STICKERS)
}

fn unpack(bytes: &[u8]) -> Result<Vec<Picture>, Fault> {
    let broken = || Fault::invalid("file", "The zip cannot be read. Pack it again.").code("picture_broken");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if archive.len() > 10 * limits::STICKERS as usize {
        return Err(too_many());
    }
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(|_| broken())?;
        let path = entry.name().map_err(|_| broken())?.replace('\\', "/");
        let base = path.rsplit('/').next().unwrap_or_default();
        if entry.is_dir() || base.starts_with('.') || path.starts_with("__MACOSX/") {
            continue;
        }
        let name = called(base);
        // One byte more than is allowed is enough to refuse it; what it says of its size is not asked.
        let mut bytes = Vec::new();
        let most = limits::STICKER_BYTES as u64 + 1;
        entry.take(most).read_to_end(&mut bytes).map_err(|_| broken())?;
        found.push(Picture { name, bytes: bytes.into() });
        if found.len() as i64 > limits::STICKERS {
            return Err(too_many());
        }
    }
    Ok(found)
}

/// What a sticker is called by its file's name.
pub(super) fn called(file: &str) -> String {
    let base = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    names::tidy_line(stem, NAME).unwrap_or_else(|| "…".to_owned())
}
