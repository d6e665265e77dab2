//! The routes of this module.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Page, Path, Problem, Query};
use weft_kernel::id::{ConversationId, MessageId};

use super::{
    drafts::{self, DraftRequest},
    membership::{self, MembershipPatch},
    read_all,
    threads::{self, ThreadItem, ThreadsQuery},
};
use crate::{cx::Cx, wire::Membership};

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new()
        .routes(routes!(change_membership))
        .routes(routes!(read_conversation))
        .routes(routes!(unread_conversation))
        .routes(routes!(read_everything))
        .routes(routes!(put_draft))
        .routes(routes!(follow_thread))
        .routes(routes!(read_thread))
        .routes(routes!(list_threads))
}

/// Up to where something was read.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadRequest {
    /// The last event seen.
    seq: i64,
}

/// From where on something counts as unread.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnreadRequest {
    /// The first unread event.
    from_seq: i64,
}

/// Whether a thread is followed.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FollowRequest {
    /// Follow, or stop.
    following: bool,
}

/// Changes my preferences for a conversation.
#[utoipa::path(patch, path = "/conversations/{id}/me", operation_id = "changeMembership", tag = "marks",
    params(("id" = String, Path)), request_body = MembershipPatch,
    responses((status = 200, body = Membership), (status = "default", body = Problem)))]
async fn change_membership(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(patch): Json<MembershipPatch>,
) -> ApiResult<Json<Membership>> {
    Ok(Json(membership::prefer(&cx, &caller, id, patch).await?))
}

/// I have read a conversation up to here.
#[utoipa::path(put, path = "/conversations/{id}/read", operation_id = "readConversation", tag = "marks",
    params(("id" = String, Path)), request_body = ReadRequest,
    responses((status = 204), (status = "default", body = Problem)))]
async fn read_conversation(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(request): Json<ReadRequest>,
) -> ApiResult<StatusCode> {
    membership::read(&cx, &caller, id, request.seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A conversation counts as unread from here on, until I read it.
#[utoipa::path(put, path = "/conversations/{id}/unread", operation_id = "unreadConversation", tag = "marks",
    params(("id" = String, Path)), request_body = UnreadRequest,
    responses((status = 204), (status = "default", body = Problem)))]
async fn unread_conversation(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(request): Json<UnreadRequest>,
) -> ApiResult<StatusCode> {
    membership::unread(&cx, &caller, id, request.from_seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// I have read everything.
#[utoipa::path(post, path = "/read-all", operation_id = "readAll", tag = "marks",
    responses((status = 204), (status = "default", body = Problem)))]
async fn read_everything(State(cx): State<Cx>, caller: Caller) -> ApiResult<StatusCode> {
    read_all::read_all(&cx, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Keeps what I have not sent yet.
#[utoipa::path(put, path = "/conversations/{id}/draft", operation_id = "putDraft", tag = "marks",
    params(("id" = String, Path)), request_body = DraftRequest,
    responses((status = 204), (status = "default", body = Problem)))]
async fn put_draft(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(request): Json<DraftRequest>,
) -> ApiResult<StatusCode> {
    drafts::put(&cx, &caller, id, &request).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Follows a thread, or stops.
#[utoipa::path(put, path = "/messages/{id}/thread", operation_id = "followThread", tag = "threads",
    params(("id" = String, Path)), request_body = FollowRequest,
    responses((status = 204), (status = "default", body = Problem)))]
async fn follow_thread(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(request): Json<FollowRequest>,
) -> ApiResult<StatusCode> {
    threads::follow(&cx, &caller, id, request.following).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// I have read a thread up to here.
#[utoipa::path(put, path = "/messages/{id}/thread/read", operation_id = "readThread", tag = "threads",
    params(("id" = String, Path)), request_body = ReadRequest,
    responses((status = 204), (status = "default", body = Problem)))]
async fn read_thread(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(request): Json<ReadRequest>,
) -> ApiResult<StatusCode> {
    threads::read_thread(&cx, &caller, id, request.seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The threads that I follow, the newest reply first.
#[utoipa::path(get, path = "/threads", operation_id = "listThreads", tag = "threads",
    params(ThreadsQuery),
    responses((status = 200, body = Page<ThreadItem>), (status = "default", body = Problem)))]
async fn list_threads(
    State(cx): State<Cx>,
    caller: Caller,
    Query(query): Query<ThreadsQuery>,
) -> ApiResult<Json<Page<ThreadItem>>> {
    Ok(Json(threads::list(&cx, &caller, query).await?))
}
