//! The files, for archives.

use async_trait::async_trait;
use futures_util::{StreamExt, stream::poll_fn};
use tokio::sync::mpsc;
use weft_archive::shelf::{Bytestream, Described, Shelf};
use weft_files::{Brought, Files, Restored};
use weft_kernel::{Fault, FileKey, OrgKey, id::FileId};

/// Chunks that the store may be ahead.
const AHEAD: usize = 4;

/// Where the bytes of an archive come from and go to.
pub(crate) struct Cellar(pub(crate) Files);

#[async_trait]
impl Shelf for Cellar {
    async fn content(&self, org: OrgKey, id: FileId) -> Result<Option<Bytestream>, Fault> {
        let Some(mut bytes) = self.0.bytes_of(org, id).await? else { return Ok(None) };
        let (to, stream) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            while let Some(chunk) = bytes.next().await {
                if to.send(chunk).await.is_err() {
                    break;
                }
            }
        });
        Ok(Some(stream))
    }

    async fn poster(&self, org: OrgKey, id: FileId) -> Result<Option<Vec<u8>>, Fault> {
        self.0.poster_of(org, id).await
    }

    async fn restore(
        &self,
        file: Described,
        mut content: Bytestream,
        poster: Option<Vec<u8>>,
    ) -> Result<FileKey, Fault> {
        let Described { id, org, uploader, name, mime, kind, size, details, created_at } = file;
        let brought = Brought { id, org, uploader, name, mime: None, size, at: created_at };
        let restored = Restored { mime, kind, details, poster };
        Ok(self.0.restore(brought, restored, poll_fn(|cx| content.poll_recv(cx))).await?.key)
    }
}
