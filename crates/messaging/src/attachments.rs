//! The port through which messages refer to files, which belong to another domain.
//!
//! Messaging writes `message_files`, an index over the messages as `mentions` is one; what a file
//! is, and who may read it, the other domain knows.

use async_trait::async_trait;
use weft_http::{Caller, limits};
use weft_kernel::{
    Fault, FileKey,
    id::{FileId, StickerId},
};

use crate::content::{FileRef, Part, StickerPart};

/// A file that a message is about to refer to.
#[derive(Debug, Clone)]
pub struct Attached {
    /// Internal key.
    pub key: FileKey,
    /// As the message names it.
    pub file: FileRef,
}

/// Files, as far as messages need to know of them.
#[async_trait]
pub trait Attachments: Send + Sync {
    /// Files that `caller` may read, in the order of `ids`; they are kept until the message that
    /// refers to them has been written.
    ///
    /// # Errors
    /// `not_found` when one of them is none that they may read.
    async fn claim(&self, caller: &Caller, ids: &[FileId]) -> Result<Vec<Attached>, Fault>;

    /// A sticker that `caller` may send: its file, kept as by [`Attachments::claim`], and the part
    /// that shows it.
    ///
    /// # Errors
    /// `not_found`.
    async fn sticker(&self, caller: &Caller, id: StickerId) -> Result<(FileKey, StickerPart), Fault>;
}

/// Refuses more files than a message may have, or one of them twice.
pub(crate) fn check(ids: &[FileId]) -> Result<(), Fault> {
    if ids.len() > limits::FILES_AT_ONCE {
        return Err(Fault::invalid("files", "A message may have at most 20 files.")
            .param("max", limits::FILES_AT_ONCE as i64));
    }
    let twice = ids.iter().enumerate().any(|(at, id)| ids[..at].contains(id));
    if twice { Err(Fault::invalid("files", "A file is named twice.")) } else { Ok(()) }
}

/// The part that names them, if there are any, and their keys.
pub(crate) fn part(attached: Vec<Attached>) -> (Option<Part>, Vec<FileKey>) {
    let (keys, files): (Vec<_>, Vec<_>) = attached.into_iter().map(|a| (a.key, a.file)).unzip();
    ((!files.is_empty()).then_some(Part::Files { files }), keys)
}
