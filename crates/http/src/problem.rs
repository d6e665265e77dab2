//! Faults as RFC 9457 problem documents.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;
use weft_kernel::{Fault, FaultKind};
use weft_storage::DbError;

/// The result of a handler.
pub type ApiResult<T> = Result<T, Reject>;

/// A failed request, on its way to the caller.
#[derive(Debug)]
pub struct Reject(pub Fault);

impl From<Fault> for Reject {
    fn from(fault: Fault) -> Self {
        Reject(fault)
    }
}

impl From<DbError> for Reject {
    fn from(error: DbError) -> Self {
        Reject(error.into())
    }
}

/// An `application/problem+json` document.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// `about:blank`: `title` is the status's meaning.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// What the status means.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// Stable, for programs and translations.
    pub code: &'static str,
    /// What was wrong and what to do, in English.
    pub detail: String,
    /// The request's offending field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// Numbers for a translated message.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<&'static str, i64>,
}

fn status(kind: FaultKind) -> StatusCode {
    match kind {
        FaultKind::BadRequest => StatusCode::BAD_REQUEST,
        FaultKind::UpgradeRequired => StatusCode::UPGRADE_REQUIRED,
        FaultKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        FaultKind::Unauthenticated => StatusCode::UNAUTHORIZED,
        FaultKind::Forbidden => StatusCode::FORBIDDEN,
        FaultKind::NotFound => StatusCode::NOT_FOUND,
        FaultKind::Conflict => StatusCode::CONFLICT,
        FaultKind::Gone => StatusCode::GONE,
        FaultKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FaultKind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        FaultKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        FaultKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl Problem {
    /// The document that tells a caller of `fault`; also used in gateway frames.
    pub fn of(fault: &Fault) -> Problem {
        let status = status(fault.kind());
        Problem {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            code: fault.code_str(),
            detail: fault.detail().to_owned(),
            field: fault.field(),
            params: fault.params().iter().copied().collect(),
        }
    }
}

impl IntoResponse for Reject {
    fn into_response(self) -> Response {
        let Reject(fault) = self;
        log(&fault);
        let problem = Problem::of(&fault);
        let status = status(fault.kind());
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = fault.retry_after_s() {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

fn log(fault: &Fault) {
    match fault.internal_detail() {
        Some(internal) if fault.kind() == FaultKind::Internal => {
            tracing::error!(code = fault.code_str(), internal, "request failed");
        }
        Some(internal) => tracing::warn!(code = fault.code_str(), internal, "request refused"),
        None => {}
    }
}
