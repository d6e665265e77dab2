//! What every response carries and every request passes.

use std::any::Any;

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{CompressionLayer, DefaultPredicate, Predicate},
    set_header::SetResponseHeaderLayer,
};
use weft_http::{Reject, SharedAuth, TrustedProxies, limits};
use weft_kernel::Fault;

/// Scripts only from here, no frames around us, no plug-ins. Styles may be inline: components
/// compute sizes and positions.
const CSP: &str = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; \
    worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CSP),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Wraps `router`.
pub(crate) fn wrap(mut router: Router, auth: SharedAuth, proxies: TrustedProxies) -> Router {
    for (name, value) in HEADERS {
        router = router.layer(SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value)));
    }
    router
        .layer(from_fn(to_the_end))
        .layer(
            CompressionLayer::new()
                .quality(CompressionLevel::Precise(5))
                .compress_when(DefaultPredicate::new().and(is_no_file)),
        )
        .layer(DefaultBodyLimit::max(limits::JSON_BODY))
        .layer(Extension(auth))
        .layer(Extension(proxies))
        .layer(CatchPanicLayer::custom(panicked))
}

/// Files are not compressed on the way: parts of them are asked for by their place.
fn is_no_file(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    !headers.contains_key(header::ACCEPT_RANGES)
}

/// Runs a request in a task of its own: a caller who hangs up must not stop a change between its
/// commit and the telling of it.
async fn to_the_end(request: Request, next: Next) -> Response {
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => panicked(panic),
            Err(_) => Reject(Fault::internal("a request's task was cancelled")).into_response(),
        },
    }
}

/// A panic is a bug; it ends one request, not the server.
fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let text = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()))
        .unwrap_or_default();
    Reject(Fault::internal(format!("panic: {text}"))).into_response()
}
