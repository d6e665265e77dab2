//! Files out of an archive, and their bytes on the way into one.

use bytes::Bytes;
use futures_util::{Stream, stream::BoxStream};
use weft_kernel::{Fault, FaultKind, OrgKey, id::FileId};
use weft_storage::params;

use super::{Brought, UploadRequest, Was};
use crate::{
    Details, Files, Stored,
    address::Object,
    details::{PICTURE_NONE, PICTURE_POSTER},
    sql,
};

/// What an archive says of a file beside its name.
#[derive(Debug, Clone)]
pub struct Restored {
    /// What its bytes are.
    pub mime: String,
    /// How it is shown.
    pub kind: String,
    /// What else is known of it, JSON.
    pub details: String,
    /// The picture that stands for a film.
    pub poster: Option<Vec<u8>>,
}

impl Files {
    /// A file's bytes, whoever may read it; none when they are gone.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn bytes_of(
        &self,
        org: OrgKey,
        id: FileId,
    ) -> Result<Option<BoxStream<'static, std::io::Result<Bytes>>>, Fault> {
        let Some(stored) = self.stored(org, id).await? else { return Ok(None) };
        let address = self.0.keys.address(stored.org, id, Object::Content);
        let size = u64::try_from(stored.file.size).unwrap_or_default();
        found(self.0.store.read(&address, 0..size).await)
    }

    /// The picture that stands for a film.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn poster_of(&self, org: OrgKey, id: FileId) -> Result<Option<Vec<u8>>, Fault> {
        let Some(stored) = self.stored(org, id).await? else { return Ok(None) };
        found(self.0.store.load(&self.0.keys.address(stored.org, id, Object::Poster)).await)
    }

    async fn stored(&self, org: OrgKey, id: FileId) -> Result<Option<Stored>, Fault> {
        let row = self.0.db.query_opt(sql::OF_ORG, params![org, id]).await?;
        Ok(row.map(|row| Stored::read(&row)).transpose()?)
    }

    /// Takes a file in as it was. One of its id that is here stays as it is.
    ///
    /// # Errors
    /// As [`Files::bring`].
    pub async fn restore<E>(
        &self,
        what: Brought,
        restored: Restored,
        bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Stored, Fault> {
        if let Some(stored) = self.by_id(&what).await? {
            return Ok(stored);
        }
        let details: Details = serde_json::from_str(&restored.details).unwrap_or_default();
        let was = Was { mime: restored.mime, kind: restored.kind, details: details.clone() };
        let request = UploadRequest {
            width: details.width,
            height: details.height,
            duration_ms: details.duration_ms,
            waveform: details.waveform,
            ..UploadRequest::new(crate::clean_name(&what.name), Some(was.mime.clone()))
        };
        let stored = self.anew(&what, request, Some(&was), bytes).await?;
        match restored.poster {
            Some(poster) if stored.picture == PICTURE_NONE => self.set_poster(stored, &poster).await,
            _ => Ok(stored),
        }
    }

    async fn set_poster(&self, mut stored: Stored, poster: &[u8]) -> Result<Stored, Fault> {
        let address = self.0.keys.address(stored.org, stored.file.id, Object::Poster);
        self.0.store.put(&address, poster).await?;
        let details = serde_json::to_string(&stored.file.details).map_err(Fault::internal)?;
        self.0.db.execute(sql::PICTURE, params![stored.key, PICTURE_POSTER, details]).await?;
        stored.picture = PICTURE_POSTER;
        stored.file.thumb = true;
        Ok(stored)
    }
}

fn found<T>(read: Result<T, Fault>) -> Result<Option<T>, Fault> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(fault) if fault.kind() == FaultKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}
