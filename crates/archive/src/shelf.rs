//! The port through which the bytes of files come out of and go back into another domain.

use async_trait::async_trait;
use bytes::Bytes;
use tokio::sync::mpsc;
use weft_kernel::{Fault, FileKey, Micros, OrgKey, PrincipalKey, id::FileId};

/// Bytes as they come; an error ends them.
pub type Bytestream = mpsc::Receiver<std::io::Result<Bytes>>;

/// A file as an archive describes it.
#[derive(Debug, Clone)]
pub struct Described {
    /// Its id.
    pub id: FileId,
    /// Into which org.
    pub org: OrgKey,
    /// Who uploaded it.
    pub uploader: PrincipalKey,
    /// Its name.
    pub name: String,
    /// What its bytes are.
    pub mime: String,
    /// How it is shown.
    pub kind: String,
    /// In bytes.
    pub size: i64,
    /// What else is known of it, JSON.
    pub details: String,
    /// When it was uploaded.
    pub created_at: Micros,
}

/// Files, as far as archives need to know of them.
#[async_trait]
pub trait Shelf: Send + Sync {
    /// A file's bytes; none when they are gone.
    ///
    /// # Errors
    /// A fault of the store.
    async fn content(&self, org: OrgKey, id: FileId) -> Result<Option<Bytestream>, Fault>;

    /// The picture that stands for a film, if it has one.
    ///
    /// # Errors
    /// A fault of the store.
    async fn poster(&self, org: OrgKey, id: FileId) -> Result<Option<Vec<u8>>, Fault>;

    /// Keeps a file as it was; one of this id that is here stays.
    ///
    /// # Errors
    /// The faults of an upload: the file was refused. Others end the import.
    async fn restore(
        &self,
        file: Described,
        content: Bytestream,
        poster: Option<Vec<u8>>,
    ) -> Result<FileKey, Fault>;
}
