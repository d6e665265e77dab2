//! What a file is, found in its bytes. Nothing here is told by a name alone, and nothing unpacks
//! more than its limits allow.

mod archive;
pub(crate) mod emblem;
pub(crate) mod picture;
mod sniff;
pub(crate) mod text;

use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::Path,
};

use sha2::{Digest, Sha256};
use weft_http::limits;
use weft_kernel::Fault;
use weft_storage::Envelope;

use crate::{
    Details, Kind, Preview,
    details::{PICTURE_NONE, PICTURE_OWN},
    store::unwritable,
    upload::UploadRequest,
};

/// How much of a file its type is read from.
const HEAD: u64 = 16 << 10;

/// What looking at a file found.
pub(crate) struct Look {
    pub(crate) mime: String,
    pub(crate) kind: Kind,
    pub(crate) details: Details,
    pub(crate) picture: i64,
    /// The smallest thumbnail, made on the way.
    pub(crate) thumb: Option<Vec<u8>>,
    pub(crate) preview: Preview,
    pub(crate) sha256: [u8; 32],
}

/// A staged file without its envelope.
struct Plain(File);

impl Plain {
    fn open(path: &Path) -> std::io::Result<Plain> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(Envelope::STREAM.len() as u64))?;
        Ok(Plain(file))
    }
}

impl Read for Plain {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(into)
    }
}

impl Seek for Plain {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let head = Envelope::STREAM.len() as u64;
        let to = match to {
            SeekFrom::Start(at) => SeekFrom::Start(at + head),
            other => other,
        };
        let at = self.0.seek(to)?;
        at.checked_sub(head).ok_or_else(|| std::io::Error::from(std::io::ErrorKind::InvalidInput))
    }
}

/// Looks at a staged file. Blocks; for pictures it takes memory: hold a decoder's permit.
///
/// # Errors
/// `file_bomb`, `checksum_mismatch`, or a fault of the disk.
pub(crate) fn look(staged: &Path, size: i64, request: &UploadRequest) -> Result<Look, Fault> {
    let mut head = Vec::new();
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 256 << 10]);
    let mut file = Plain::open(staged).map_err(unwritable)?;
    loop {
        let read = file.read(&mut buffer).map_err(unwritable)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        let wanted = (HEAD as usize).saturating_sub(head.len()).min(read);
        head.extend_from_slice(&buffer[..wanted]);
    }
    let sha256: [u8; 32] = hash.finalize().into();
    request.check_sum(&sha256)?;
    let mut found = sniff::sniff(&head, &request.name, request.mime.as_deref());
    if found.mime == "application/zip" {
        let file = Plain::open(staged).map_err(unwritable)?;
        if let Some(office) = archive::look(BufReader::new(file), size)? {
            found = office;
        }
    }
    let mut details = Details::default();
    let (mut picture, mut thumb) = (PICTURE_NONE, None);
    match found.kind {
        Kind::Image => {
            let file = Plain::open(staged).map_err(unwritable)?;
            if let Some(seen) = picture::look(BufReader::new(file), size)? {
                details = Details {
                    width: Some(seen.width),
                    height: Some(seen.height),
                    color: seen.thumb.as_ref().map(|thumb| thumb.color.clone()),
                    ..Details::default()
                };
                thumb = seen.thumb.map(|thumb| thumb.bytes);
                picture = if thumb.is_some() { PICTURE_OWN } else { PICTURE_NONE };
            }
        }
        Kind::Video => {
            details = Details { waveform: None, color: None, ..request.details() };
        }
        Kind::Audio => {
            details = Details { width: None, height: None, color: None, ..request.details() };
            if details.waveform.is_some() {
                found.kind = Kind::Voice;
            }
        }
        _ => {}
    }
    let preview = match found.kind {
        Kind::Text | Kind::Code => Preview::Ready,
        _ => Preview::None,
    };
    Ok(Look { mime: found.mime, kind: found.kind, details, picture, thumb, preview, sha256 })
}

/// The fault of what unpacks to far more than it is.
fn bomb(detail: &'static str) -> Fault {
    Fault::invalid("file", detail).code("file_bomb")
}

fn too_many_pixels() -> Fault {
    bomb("The picture has more than 150 million pixels. Make it smaller, or send it packed in an archive.")
        .param("max", limits::IMAGE_PIXELS as i64)
}
