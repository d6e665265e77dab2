//! Uploads that go on where they broke off.

use axum::body::Body;
use serde::Serialize;
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{Fault, FaultKind, Micros, id::FileId};
use weft_storage::{Tx, params};

use super::{
    Owner, UPLOAD_WITHIN, UploadRequest, Whole,
    finish::{discard, finish},
    receive::{arrived, receive, staged},
};
use crate::{File, Files, settings, sql};

/// An upload under way, or just whole.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Upload {
    /// The id that the file will have.
    #[schema(value_type = String)]
    pub(crate) id: FileId,
    /// Bytes that have arrived.
    pub(crate) offset: i64,
    /// Bytes in all.
    pub(crate) size: i64,
    /// What to send at once; any other amount is taken as well.
    pub(crate) chunk_size: i64,
    /// When it is thrown away, whole or not.
    pub(crate) expires_at: Micros,
    /// The file, when all has arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<File>,
}

/// Begins an upload: its size is counted from now on.
pub(crate) async fn create(files: &Files, caller: &Caller, request: UploadRequest) -> Result<Upload, Fault> {
    request.check()?;
    begin(files, caller.into(), files.0.env.id(), &request).await
}

/// Notes an upload and counts its size.
pub(super) async fn begin(
    files: &Files,
    owner: Owner,
    id: FileId,
    request: &UploadRequest,
) -> Result<Upload, Fault> {
    let (db, now) = (&files.0.db, files.0.env.now());
    let limits = settings::load(db, owner.org).await?;
    settings::fits(&limits, request.size)?;
    let mut tx = db.begin().await?;
    // First: its row lock lets the count below see every upload of the org.
    settings::reserve(&mut tx, owner.org, request.size).await?;
    let open: i64 = tx.query_one(sql::UPLOADS_OF, params![owner.principal, now]).await?.get(0)?;
    if open >= limits::UPLOADS {
        return Err(Fault::conflict(
            "too_many_uploads",
            "You have 100 uploads under way. Finish or cancel some.",
        )
        .param("max", limits::UPLOADS));
    }
    let expires_at = now + UPLOAD_WITHIN;
    add(&mut tx, owner, id, request, expires_at).await?;
    tx.commit().await?;
    Ok(Upload { id, offset: 0, size: request.size, chunk_size: limits::UPLOAD_CHUNK, expires_at, file: None })
}

/// Notes an upload of the server's own and counts its size, however many there are.
pub(super) async fn note(
    files: &Files,
    owner: Owner,
    id: FileId,
    request: &UploadRequest,
) -> Result<(), Fault> {
    let limits = settings::load(&files.0.db, owner.org).await?;
    settings::fits(&limits, request.size)?;
    let mut tx = files.0.db.begin().await?;
    settings::reserve(&mut tx, owner.org, request.size).await?;
    add(&mut tx, owner, id, request, files.0.env.now() + UPLOAD_WITHIN).await?;
    Ok(tx.commit().await?)
}

async fn add(
    tx: &mut Tx,
    owner: Owner,
    id: FileId,
    request: &UploadRequest,
    expires_at: Micros,
) -> Result<(), Fault> {
    let said = UploadRequest { name: crate::clean_name(&request.name), ..request.clone() };
    let said = serde_json::to_string(&said).map_err(Fault::internal)?;
    let row = params![id, owner.org, owner.principal, request.size, said, expires_at];
    tx.execute(sql::ADD_UPLOAD, row).await?;
    Ok(())
}

struct Found {
    size: i64,
    request: UploadRequest,
    expires_at: Micros,
}

async fn find(files: &Files, caller: &Caller, id: FileId) -> Result<Found, Fault> {
    let nothing = || Fault::not_found("upload");
    let row = files.0.db.query_opt(sql::UPLOAD, params![id, caller.org, caller.principal]).await?;
    let row = row.ok_or_else(nothing)?;
    let expires_at: Micros = row.get(2)?;
    if expires_at <= files.0.env.now() {
        return Err(nothing());
    }
    let request: String = row.get(1)?;
    let request = serde_json::from_str(&request).map_err(Fault::internal)?;
    Ok(Found { size: row.get(0)?, request, expires_at })
}

/// How far an upload is.
pub(crate) async fn progress(files: &Files, caller: &Caller, id: FileId) -> Result<Upload, Fault> {
    let found = find(files, caller, id).await?;
    let offset = arrived(&staged(files, id)).await?;
    Ok(found.upload(id, offset, None))
}

impl Found {
    fn upload(&self, id: FileId, offset: i64, file: Option<File>) -> Upload {
        let (size, expires_at) = (self.size, self.expires_at);
        Upload { id, offset, size, chunk_size: limits::UPLOAD_CHUNK, expires_at, file }
    }
}

/// Takes the bytes behind `offset`; the last ones make the file.
pub(crate) async fn write(
    files: &Files,
    caller: &Caller,
    id: FileId,
    offset: i64,
    body: Body,
) -> Result<Upload, Fault> {
    let found = find(files, caller, id).await?;
    let _turn = Turn::take(files, id)?;
    let path = staged(files, id);
    let have = arrived(&path).await?;
    if have != offset {
        return Err(Fault::conflict("upload_offset", "The upload is at another place. Continue from there.")
            .param("offset", have));
    }
    let too_much = || {
        Fault::new(FaultKind::TooLarge, "More bytes came than the upload was announced with.")
            .code("upload_overrun")
    };
    let have = receive(&path, offset, found.size, too_much, body.into_data_stream()).await?;
    if have < found.size {
        return Ok(found.upload(id, have, None));
    }
    let whole = Whole {
        id,
        owner: caller.into(),
        size: found.size,
        request: &found.request,
        created_at: None,
        was: None,
    };
    let file = finish(files, &whole).await?;
    Ok(found.upload(id, have, Some(file)))
}

/// Throws an upload away.
pub(crate) async fn cancel(files: &Files, caller: &Caller, id: FileId) -> Result<(), Fault> {
    let found = find(files, caller, id).await?;
    let _turn = Turn::take(files, id)?;
    discard(files, id, caller.org, found.size).await
}

/// The right to write to an upload: one request at a time.
struct Turn<'a> {
    files: &'a Files,
    id: FileId,
}

impl<'a> Turn<'a> {
    fn take(files: &'a Files, id: FileId) -> Result<Turn<'a>, Fault> {
        if files.0.busy.lock().insert(id) {
            return Ok(Turn { files, id });
        }
        Err(Fault::conflict("upload_busy", "Another request is writing to this upload. Wait until it ends."))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.files.0.busy.lock().remove(&self.id);
    }
}
