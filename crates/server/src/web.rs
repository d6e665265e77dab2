//! The web client, embedded in the binary (in debug builds read from `web/client/dist`).

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, StatusCode, Uri, header};
use rust_embed::RustEmbed;
use weft_http::{API, Reject};
use weft_kernel::Fault;

#[derive(RustEmbed)]
#[folder = "../../web/client/dist"]
struct Client;

/// Files whose name carries a hash of their content.
const ASSETS: &str = "assets/";
const FOREVER: &str = "public, max-age=31536000, immutable";

/// Whatever is not the API: a file of the client, or its page, which routes by itself.
pub(crate) async fn fallback(method: Method, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if uri.path().starts_with(API) || path.starts_with("api/") {
        return Reject(Fault::not_found("address in this API")).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    if let Some(file) = Client::get(path) {
        let caching = if path.starts_with(ASSETS) { FOREVER } else { "no-cache" };
        return serve(file, caching);
    }
    if path.starts_with(ASSETS) {
        return StatusCode::NOT_FOUND.into_response();
    }
    match Client::get("index.html") {
        Some(page) => serve(page, "no-cache"),
        None => (StatusCode::NOT_FOUND, "The web client was not built into this binary: run `make build`.\n")
            .into_response(),
    }
}

fn serve(file: rust_embed::EmbeddedFile, caching: &'static str) -> Response {
    let mime = file.metadata.mimetype().to_owned();
    let mut response = Response::new(Body::from(file.data));
    let headers = response.headers_mut();
    if let Ok(mime) = HeaderValue::from_str(&mime) {
        headers.insert(header::CONTENT_TYPE, mime);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}
