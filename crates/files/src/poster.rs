//! A picture that stands for a film, made by the client that has decoded it anyway.

use axum::body::Bytes;
use weft_http::Caller;
use weft_kernel::{Fault, id::FileId};
use weft_storage::params;

use crate::{
    File, Files, Kind, Stored,
    address::Object,
    details::{PICTURE_NONE, PICTURE_POSTER},
    look::picture::{self, SIZES},
    sql,
};

/// Gives a film that the caller has uploaded its poster; once.
pub(crate) async fn set(files: &Files, caller: &Caller, id: FileId, bytes: Bytes) -> Result<File, Fault> {
    let Stored { key, uploader, org, picture, mut file, .. } = files.find(caller, id).await?;
    if uploader != caller.principal {
        return Err(Fault::forbidden("Only who uploaded a film gives it a poster."));
    }
    if file.kind != Kind::Video || picture != PICTURE_NONE {
        return Err(Fault::conflict("no_poster", "Only a film that has no picture yet takes a poster."));
    }
    let _permit = files.0.decoders.acquire().await.map_err(Fault::internal)?;
    let work = move || picture::thumb(&bytes, SIZES[2]);
    let made = tokio::task::spawn_blocking(work).await.map_err(Fault::internal)?;
    let made = made.ok_or_else(|| Fault::invalid("body", "It must be a PNG, JPEG, GIF or WebP picture."))?;
    files.0.store.put(&files.0.keys.address(org, id, Object::Poster), &made.bytes).await?;
    file.details.color = Some(made.color);
    file.thumb = true;
    let details = serde_json::to_string(&file.details).map_err(Fault::internal)?;
    files.0.db.execute(sql::PICTURE, params![key, PICTURE_POSTER, details]).await?;
    Ok(file)
}
