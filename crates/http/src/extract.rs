//! Extractors that answer bad input with a problem document.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
    response::{IntoResponse, Response},
};
use http::{StatusCode, header, request::Parts};
use serde::{Serialize, de::DeserializeOwned};
use weft_kernel::{Fault, FaultKind};

use crate::problem::Reject;

/// A JSON body, or answer. Give request types `#[serde(deny_unknown_fields)]`.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Reject;

    async fn from_request(request: Request, state: &S) -> Result<Self, Reject> {
        // A form cannot send this type across sites without asking first (CORS preflight).
        let json =
            request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).is_some_and(|v| {
                v.split(';').next().is_some_and(|m| m.trim().eq_ignore_ascii_case("application/json"))
            });
        if !json {
            return Err(
                Fault::new(FaultKind::BadRequest, "Send JSON, with content-type application/json.").into()
            );
        }
        let body = Bytes::from_request(request, state).await.map_err(unreadable)?;
        parse(&body).map(Json).map_err(Reject)
    }
}

/// Parses JSON strictly.
///
/// # Errors
/// `bad_request` when it is not JSON, `invalid` when it is not of the expected shape. NUL is
/// refused wherever it stands.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    refuse_nul(body)?;
    serde_json::from_slice(body).map_err(|e| {
        let kind = if e.is_data() { FaultKind::Invalid } else { FaultKind::BadRequest };
        Fault::new(kind, format!("The request is not understood: {e}."))
    })
}

/// Refuses JSON that holds an escaped NUL, which PostgreSQL cannot store.
///
/// # Errors
/// `invalid`.
pub fn refuse_nul(json: &[u8]) -> Result<(), Fault> {
    if json.windows(6).any(|w| w == b"\\u0000") {
        return Err(Fault::new(
            FaultKind::Invalid,
            "The text holds a NUL character (U+0000), which cannot be stored.",
        ));
    }
    Ok(())
}

fn unreadable(rejection: BytesRejection) -> Reject {
    if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Fault::new(FaultKind::TooLarge, "The request is larger than the server accepts.").into();
    }
    Fault::new(FaultKind::BadRequest, "The request broke off.").into()
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(header::CONTENT_TYPE, "application/json")], body).into_response(),
            Err(e) => Reject(Fault::internal(e)).into_response(),
        }
    }
}

/// Query parameters.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Reject> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(value)| Query(value))
            .map_err(|e| {
                Fault::new(FaultKind::Invalid, format!("The query is not understood: {}.", e.body_text()))
                    .into()
            })
    }
}

/// Path parameters: ids of another kind or shape are simply not found.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Reject> {
        axum::extract::Path::<T>::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(value)| Path(value))
            .map_err(|_| Fault::not_found("thing at this address").into())
    }
}
