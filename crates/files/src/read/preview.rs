//! What can be shown of a file without opening it: the beginning of a text.

use axum::response::{IntoResponse, Response};
use futures_util::TryStreamExt;
use http::header;
use weft_http::limits;
use weft_kernel::Fault;

use super::content::{guard, set};
use crate::{Files, Preview, Stored, address::Object, look::text};

/// The preview of a file.
///
/// # Errors
/// `not_found` when there is none.
pub(crate) async fn preview(files: &Files, file: &Stored) -> Result<Response, Fault> {
    if file.file.preview == Preview::None || !file.file.kind.is_text() {
        return Err(Fault::not_found("preview of this file"));
    }
    let size = u64::try_from(file.file.size).unwrap_or(0).min(limits::TEXT_PREVIEW);
    let address = files.0.keys.address(file.org, file.file.id, Object::Content);
    let stream = files.0.store.read(&address, 0..size).await?;
    let bytes: Vec<u8> = stream
        .try_fold(Vec::new(), async |mut all, chunk| {
            all.extend_from_slice(&chunk);
            Ok(all)
        })
        .await
        .map_err(|e| Fault::unavailable("The server's file storage broke off. Try again.", e))?;
    let mut response = text::decoded(&bytes).0.into_response();
    let headers = response.headers_mut();
    guard(headers, false);
    set(headers, header::CONTENT_TYPE, "text/plain; charset=utf-8");
    set(headers, header::CACHE_CONTROL, "private, no-cache");
    Ok(response)
}
