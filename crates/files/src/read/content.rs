//! A file's bytes, whole or in part. Whatever they are, a browser can only show pictures, films,
//! sound and PDF of them; everything else it may save.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use weft_kernel::Fault;

use super::range;
use crate::{Files, Kind, Stored, address::Object, layouts, names::disposition};

/// How a file is asked for.
pub(crate) struct Ask {
    pub(crate) download: bool,
    /// By a signed link: also from pages of other sites.
    pub(crate) by_link: bool,
}

/// The type that a file is served as, and whether a browser may show it.
fn served(file: &Stored) -> (&str, bool) {
    match file.file.kind {
        Kind::Image | Kind::Video | Kind::Audio | Kind::Voice | Kind::Pdf => (&file.file.mime, true),
        kind if kind.is_text() => ("text/plain", false),
        _ => ("application/octet-stream", false),
    }
}

/// Answers with the bytes that `asked` asks for.
pub(crate) async fn content(
    files: &Files,
    file: &Stored,
    asked: &HeaderMap,
    ask: &Ask,
) -> Result<Response, Fault> {
    let etag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&file.sha256[..16.min(file.sha256.len())]));
    let (mime, inline) = served(file);
    let bytes = Bytes {
        address: files.0.keys.address(file.org, file.file.id, Object::Content),
        size: u64::try_from(file.file.size).unwrap_or(0),
        etag,
    };
    let mut response = bytes.answer(files, asked).await?;
    let headers = response.headers_mut();
    guard(headers, ask.by_link);
    set(headers, header::CONTENT_TYPE, mime);
    set(headers, header::CONTENT_DISPOSITION, &disposition(inline && !ask.download, &file.file.name));
    Ok(response)
}

/// An Office document as PDF, for whoever may read it.
///
/// # Errors
/// `not_found` while there is none.
pub(crate) async fn layout(files: &Files, file: &Stored, asked: &HeaderMap) -> Result<Response, Fault> {
    let made = layouts::made(&files.0.db, file).await?;
    let made = made.ok_or_else(|| Fault::not_found("layout of this file"))?;
    let bytes = Bytes {
        address: files.0.keys.address(file.org, file.file.id, Object::Layout),
        size: made.size,
        etag: format!("\"{}-{}\"", file.file.id, made.at),
    };
    let mut response = bytes.answer(files, asked).await?;
    let headers = response.headers_mut();
    guard(headers, false);
    set(headers, header::CONTENT_TYPE, "application/pdf");
    set(headers, header::CONTENT_DISPOSITION, &disposition(true, &format!("{}.pdf", file.file.name)));
    Ok(response)
}

/// An object that is given out, whole or in part.
struct Bytes {
    address: String,
    size: u64,
    etag: String,
}

impl Bytes {
    async fn answer(&self, files: &Files, asked: &HeaderMap) -> Result<Response, Fault> {
        let mut response = if matches(asked, &header::IF_NONE_MATCH, &self.etag) {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            bytes(files, self, asked).await?
        };
        let headers = response.headers_mut();
        set(headers, header::ETAG, &self.etag);
        set(headers, header::ACCEPT_RANGES, "bytes");
        // Asked again each time: who may read it may change.
        set(headers, header::CACHE_CONTROL, "private, no-cache");
        Ok(response)
    }
}

async fn bytes(files: &Files, what: &Bytes, asked: &HeaderMap) -> Result<Response, Fault> {
    let Bytes { address, size, etag } = what;
    let size = *size;
    // A range of another version is no use to whoever holds a part of that.
    let stands = !asked.contains_key(header::IF_RANGE) || matches(asked, &header::IF_RANGE, etag);
    let wanted = asked.get(header::RANGE).and_then(|v| v.to_str().ok()).filter(|_| stands);
    let Ok(range) = range::asked(wanted, size) else {
        let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
        set(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{size}"));
        return Ok(response);
    };
    let (status, range) = match range {
        Some(range) => (StatusCode::PARTIAL_CONTENT, range),
        None => (StatusCode::OK, 0..size),
    };
    let stream = files.0.store.read(address, range.clone()).await?;
    let mut response = (status, Body::from_stream(stream)).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LENGTH, (range.end - range.start).into());
    if status == StatusCode::PARTIAL_CONTENT {
        let (first, last) = (range.start, range.end.saturating_sub(1));
        set(headers, header::CONTENT_RANGE, &format!("bytes {first}-{last}/{size}"));
    }
    Ok(response)
}

fn matches(asked: &HeaderMap, name: &HeaderName, etag: &str) -> bool {
    let value = asked.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    value.split(',').any(|one| one.trim().trim_start_matches("W/") == etag)
}

/// What keeps bytes of strangers from being more than bytes.
pub(crate) fn guard(headers: &mut HeaderMap, by_link: bool) {
    set(headers, header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'");
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    let policy = if by_link { "cross-origin" } else { "same-origin" };
    set(headers, HeaderName::from_static("cross-origin-resource-policy"), policy);
}

pub(crate) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    // Types and names were made of visible ASCII; what is not is left out.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
