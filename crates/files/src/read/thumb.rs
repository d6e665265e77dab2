//! Thumbnails: made when they are first asked for, kept beside the file.

use axum::response::{IntoResponse, Response};
use http::header;
use weft_kernel::{Fault, FaultKind};

use super::content::{guard, set};
use crate::{
    Files, Stored,
    address::Object,
    details::{PICTURE_NONE, PICTURE_POSTER},
    look::picture::{self, SIZES},
};

/// The smallest thumbnail that is at least `asked` pixels a side, or as large as the picture.
pub(crate) async fn thumb(
    files: &Files,
    file: &Stored,
    asked: Option<u32>,
    by_link: bool,
) -> Result<Response, Fault> {
    if file.picture == PICTURE_NONE {
        return Err(Fault::not_found("picture of this file"));
    }
    let whole = file.file.details.width.max(file.file.details.height).unwrap_or(u32::MAX);
    let enough = asked.unwrap_or(SIZES[0]).min(whole);
    let size = SIZES.into_iter().find(|size| *size >= enough).unwrap_or(SIZES[SIZES.len() - 1]);
    let address = files.0.keys.address(file.org, file.file.id, Object::Thumb(size));
    let bytes = match files.0.store.load(&address).await {
        Err(fault) if fault.kind() == FaultKind::NotFound => make(files, file, size, &address).await?,
        found => found?,
    };
    let mime = picture::mime(&bytes);
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    guard(headers, by_link);
    set(headers, header::CONTENT_TYPE, mime);
    set(headers, header::CACHE_CONTROL, "private, max-age=86400");
    Ok(response)
}

async fn make(files: &Files, file: &Stored, size: u32, address: &str) -> Result<Vec<u8>, Fault> {
    let source = if file.picture == PICTURE_POSTER { Object::Poster } else { Object::Content };
    let _permit = files.0.decoders.acquire().await.map_err(Fault::internal)?;
    let bytes = files.0.store.load(&files.0.keys.address(file.org, file.file.id, source)).await?;
    let work = move || picture::thumb(&bytes, size);
    let made = tokio::task::spawn_blocking(work).await.map_err(Fault::internal)?;
    let made = made.ok_or_else(|| Fault::not_found("picture of this file"))?.bytes;
    files.0.store.put(address, &made).await?;
    Ok(made)
}
