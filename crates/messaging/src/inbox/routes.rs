//! The routes of this module.

use axum::extract::State;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Page, Problem, Query};

use super::{
    list::{self, InboxItem, InboxQuery},
    read::{self, InboxRead},
};
use crate::Cx;

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new().routes(routes!(list_inbox)).routes(routes!(count_inbox)).routes(routes!(read_inbox))
}

/// How much of the inbox is unread.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
struct InboxCount {
    /// Mentions and alerts, up to 100.
    unread: i64,
}

/// What calls me: what is unread first, then the newest.
#[utoipa::path(get, path = "/inbox", operation_id = "listInbox", tag = "inbox",
    params(InboxQuery),
    responses((status = 200, body = Page<InboxItem>), (status = "default", body = Problem)))]
async fn list_inbox(
    State(cx): State<Cx>,
    caller: Caller,
    Query(query): Query<InboxQuery>,
) -> ApiResult<Json<Page<InboxItem>>> {
    Ok(Json(list::list(&cx, &caller, query).await?))
}

/// How much of it is unread.
#[utoipa::path(get, path = "/inbox/unread", operation_id = "countInbox", tag = "inbox",
    responses((status = 200, body = InboxCount), (status = "default", body = Problem)))]
async fn count_inbox(State(cx): State<Cx>, caller: Caller) -> ApiResult<Json<InboxCount>> {
    Ok(Json(InboxCount { unread: list::unread(&cx, &caller).await? }))
}

/// Marks what calls me as read: everything, or these messages.
#[utoipa::path(put, path = "/inbox/read", operation_id = "readInbox", tag = "inbox",
    request_body = InboxRead,
    responses((status = 204), (status = "default", body = Problem)))]
async fn read_inbox(
    State(cx): State<Cx>,
    caller: Caller,
    Json(request): Json<InboxRead>,
) -> ApiResult<StatusCode> {
    read::read(&cx, &caller, request).await?;
    Ok(StatusCode::NO_CONTENT)
}
