//! The route of it.

use axum::{
    body::Body,
    extract::State,
    response::{IntoResponse, Response},
};
use futures_util::stream::poll_fn;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Problem, Query};

use super::Takeout;

pub(super) fn router() -> OpenApiRouter<Takeout> {
    OpenApiRouter::new().routes(routes!(export_own))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct What {
    /// Also the bytes of files.
    files: bool,
}

/// All conversations that I may read, as a zip: pages to read and JSON lines.
#[utoipa::path(get, path = "/me/export", operation_id = "exportMine", tag = "me", params(What),
    responses((status = 200, body = Vec<u8>, content_type = "application/zip"),
        (status = 409, body = Problem, description = "`export_running`"), (status = "default", body = Problem)))]
async fn export_own(
    State(takeout): State<Takeout>,
    caller: Caller,
    Query(What { files }): Query<What>,
) -> ApiResult<Response> {
    let mut bytes = takeout.start(caller, files)?;
    let headers = [
        (CONTENT_TYPE, "application/zip"),
        (CONTENT_DISPOSITION, "attachment; filename=\"weft-conversations.zip\""),
        (CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(poll_fn(move |cx| bytes.poll_recv(cx)))).into_response())
}
