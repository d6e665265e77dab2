//! Files that come with an import: from a stream that the server reads itself, for whoever wrote
//! the message, and as old as that message.
//!
//! Their ids are given by the importer and follow from what it reads: what an earlier run brought
//! is found again by its id, and what a broken one left half is thrown away first.

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use sha2::{Digest, Sha256};
use weft_kernel::{Fault, FaultKind, Micros, OrgKey, PrincipalKey, id::FileId};
use weft_storage::params;

use super::{
    Owner, UNSENT, UploadRequest, Was, Whole,
    finish::{discard, finish},
    receive::{receive, staged},
    resumable::note,
};
use crate::{Files, Stored, settings, sql};

/// A file that is brought in.
#[derive(Debug, Clone)]
pub struct Brought {
    /// Its id: the same whenever these bytes are brought, and no others'.
    pub id: FileId,
    /// Into which org.
    pub org: OrgKey,
    /// Who counts as its uploader.
    pub uploader: PrincipalKey,
    /// Its name, made harmless here.
    pub name: String,
    /// What its source takes it for.
    pub mime: Option<String>,
    /// In bytes; neither more nor fewer are taken.
    pub size: i64,
    /// When it was uploaded.
    pub at: Micros,
}

/// What an org may still keep.
#[derive(Debug, Clone, Copy)]
pub struct Room {
    /// The largest file, in bytes.
    pub max_file_size: i64,
    /// Bytes that are left; none: no limit.
    pub left: Option<i64>,
}

impl Files {
    /// What `org` may still keep.
    ///
    /// # Errors
    /// Any database fault.
    pub async fn room(&self, org: OrgKey) -> Result<Room, Fault> {
        let settings = settings::load(&self.0.db, org).await?;
        let left = settings.quota.map(|quota| (quota - settings.used).max(0));
        Ok(Room { max_file_size: settings.max_file_size, left })
    }

    /// Takes a file in. One that is here already is used again, if it has the same bytes. It is
    /// kept for a day, for the message that is to refer to it.
    ///
    /// # Errors
    /// `file_too_large`, `quota_exceeded`, `file_bomb`, and `upload_broken` when the stream ends
    /// early, late or with an error: then nothing of it is kept. Faults of the store or the
    /// database.
    pub async fn bring<E>(
        &self,
        what: Brought,
        bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Stored, Fault> {
        match self.by_id(&what).await? {
            Some(stored) => self.again(&what, stored, bytes).await,
            None => {
                let request = UploadRequest::new(crate::clean_name(&what.name), what.mime.clone());
                self.anew(&what, request, None, bytes).await
            }
        }
    }

    pub(super) async fn by_id(&self, what: &Brought) -> Result<Option<Stored>, Fault> {
        let row = self.0.db.query_opt(sql::OF_ORG, params![what.org, what.id]).await?;
        Ok(row.map(|row| Stored::read(&row)).transpose()?)
    }

    async fn again<E>(
        &self,
        what: &Brought,
        stored: Stored,
        mut bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Stored, Fault> {
        let mut hash = Sha256::new();
        while let Some(chunk) = bytes.next().await {
            hash.update(&chunk.map_err(|_| broken())?);
        }
        if hash.finalize()[..] != stored.sha256[..] {
            return Err(broken());
        }
        let until = self.0.env.now() + UNSENT;
        // Between the look and this it may have been removed as one that nothing refers to.
        match self.0.db.execute(sql::HOLD, params![vec![stored.key.0], until]).await? {
            1 => Ok(stored),
            _ => Err(Fault::unavailable("A file was removed while it was imported. Run it again.", what.id)
                .code("storage_unavailable")),
        }
    }

    pub(super) async fn anew<E>(
        &self,
        what: &Brought,
        mut request: UploadRequest,
        was: Option<&Was>,
        bytes: impl Stream<Item = Result<Bytes, E>> + Unpin,
    ) -> Result<Stored, Fault> {
        let owner = self.owner(what).await?;
        request.size = what.size;
        request.mime = request.mime.filter(|mime| mime.len() <= 200);
        request.check()?;
        if let Some(row) = self.0.db.query_opt(sql::LEFT_OVER, params![what.id, what.org]).await? {
            discard(self, what.id, what.org, row.get(0)?).await?;
        }
        note(self, owner, what.id, &request).await?;
        let path = staged(self, what.id);
        let whole = match receive(&path, 0, what.size, broken, bytes).await {
            Ok(size) if size == what.size => {
                let created_at = Some(what.at);
                finish(self, &Whole { id: what.id, owner, size, request: &request, created_at, was }).await
            }
            Ok(_) => Err(broken()),
            Err(fault) => Err(fault),
        };
        if let Err(fault) = whole {
            discard(self, what.id, what.org, what.size).await?;
            return Err(fault);
        }
        self.by_id(what).await?.ok_or_else(|| Fault::internal("a file that was just made is gone"))
    }

    async fn owner(&self, what: &Brought) -> Result<Owner, Fault> {
        let row = self.0.db.query_opt(sql::ORG_ID, params![what.org]).await?;
        let row = row.ok_or_else(|| Fault::not_found("organisation"))?;
        Ok(Owner { org: what.org, org_id: row.get(0)?, principal: what.uploader })
    }
}

fn broken() -> Fault {
    Fault::new(FaultKind::BadRequest, "The file's bytes are not whole.").code("upload_broken")
}
