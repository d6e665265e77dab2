//! The port through which an import hands over the bytes of files, which belong to another domain.

use async_trait::async_trait;
use axum::body::Bytes;
use tokio::sync::mpsc;
use weft_kernel::{Fault, FileKey, Micros, OrgKey, PrincipalKey, id::FileId};

/// A file's bytes as they are read; an error ends them.
pub type Bytestream = mpsc::Receiver<std::io::Result<Bytes>>;

/// A file that comes with a message.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// Follows from where it comes from and what the archive says of its bytes: the same in each run.
    pub id: FileId,
    /// Into which org.
    pub org: OrgKey,
    /// Who wrote the message.
    pub uploader: PrincipalKey,
    /// Its name in the source.
    pub name: String,
    /// What the source takes it for.
    pub mime: Option<String>,
    /// In bytes, as the archive says.
    pub size: i64,
    /// When the message was written.
    pub at: Micros,
}

/// A file that is kept.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Internal key.
    pub key: FileKey,
    /// As a message names it.
    pub part: serde_json::Value,
}

/// What an org may still keep.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// The largest file, in bytes.
    pub max_file_size: i64,
    /// Bytes that are left; none: no limit.
    pub left: Option<i64>,
}

/// Files, as far as imports need to know of them.
#[async_trait]
pub trait Shelf: Send + Sync {
    /// What `org` may still keep.
    ///
    /// # Errors
    /// Any database fault.
    async fn room(&self, org: OrgKey) -> Result<Room, Fault>;

    /// Keeps a file; one of this id that is here already is used again. It stays for a day without
    /// a message that refers to it.
    ///
    /// # Errors
    /// `file_too_large`, `quota_exceeded`, `file_bomb`, `upload_broken`: the file was refused and
    /// nothing of it is kept. Others end the import.
    async fn keep(&self, file: Incoming, bytes: Bytestream) -> Result<Kept, Fault>;
}
