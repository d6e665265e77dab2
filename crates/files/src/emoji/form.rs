//! What the forms of small pictures have in common.

use axum::extract::multipart::{Field, MultipartError};
use bytes::{Bytes, BytesMut};
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use weft_http::limits;
use weft_kernel::{Fault, FaultKind, id::OrgId};

use crate::look::emblem;

/// Longest text in a form, in bytes.
const TEXT: usize = 4 * 1024;

/// A form that breaks off, or is none.
pub(crate) fn broken(error: MultipartError) -> Fault {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => emblem::too_large(limits::EMOJI_BYTES),
        _ => Fault::new(FaultKind::BadRequest, format!("The form is not understood: {}.", error.body_text())),
    }
}

/// The bytes of a part, at most `max`.
pub(crate) async fn bytes(
    mut field: Field<'_>,
    max: usize,
    too_large: impl Fn(usize) -> Fault,
) -> Result<Bytes, Fault> {
    let mut all = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        if all.len() + chunk.len() > max {
            return Err(too_large(max));
        }
        all.extend_from_slice(&chunk);
    }
    Ok(all.freeze())
}

/// A part that is text.
pub(super) async fn text(name: &'static str, field: Field<'_>) -> Result<String, Fault> {
    let long = |_| Fault::invalid(name, "It is too long.");
    let bytes = bytes(field, TEXT, long).await?;
    String::from_utf8(bytes.to_vec()).map_err(|_| Fault::invalid(name, "It must be UTF-8 text."))
}

/// Which picture.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct Image {
    /// One that does not move.
    pub(crate) still: bool,
    /// Which of an account's orgs; instead of the header.
    #[param(value_type = Option<String>)]
    #[allow(dead_code, reason = "read where callers are told apart")]
    org: Option<OrgId>,
}
