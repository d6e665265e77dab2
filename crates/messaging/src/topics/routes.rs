//! The routes of this module.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Page, Path, Problem, Query};
use weft_kernel::id::{ConversationId, TopicId};

use super::{
    Topic,
    change::{self, TopicPatch},
    label::{self, MoveRequest},
    list::{self, TopicPage, TopicsQuery},
    marks,
    merge::{self, MergeRequest},
};
use crate::{cx::Cx, wire::Message};

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new()
        .routes(routes!(list_topics))
        .routes(routes!(move_to_topic))
        .routes(routes!(read_topic))
        .routes(routes!(change_topic))
        .routes(routes!(merge_topic))
}

/// Up to where a topic was read.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TopicReadRequest {
    /// The last event seen.
    seq: i64,
}

/// The topics of a conversation; what was last spoken of comes first.
#[utoipa::path(get, path = "/conversations/{id}/topics", operation_id = "listTopics", tag = "topics",
    params(("id" = String, Path), TopicsQuery),
    responses((status = 200, body = TopicPage), (status = "default", body = Problem)))]
async fn list_topics(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(query): Query<TopicsQuery>,
) -> ApiResult<Json<TopicPage>> {
    Ok(Json(list::list(&cx, &caller, id, query).await?))
}

/// Moves messages to another topic, or to none: one's own; owners and admins any.
#[utoipa::path(post, path = "/conversations/{id}/topics/move", operation_id = "moveToTopic", tag = "topics",
    params(("id" = String, Path)), request_body = MoveRequest,
    responses((status = 200, body = Page<Message>),
        (status = 409, body = Problem,
            description = "`not_a_root`, `message_gone`, `system_message`, `too_many_topics`, `archived`"),
        (status = "default", body = Problem)))]
async fn move_to_topic(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(request): Json<MoveRequest>,
) -> ApiResult<Json<Page<Message>>> {
    Ok(Json(Page::whole(label::move_to(&cx, &caller, id, &request).await?)))
}

/// I have read a topic (`none`: what has none) up to here.
#[utoipa::path(put, path = "/conversations/{id}/topics/{topic}/read", operation_id = "readTopic", tag = "topics",
    params(("id" = String, Path), ("topic" = String, Path)), request_body = TopicReadRequest,
    responses((status = 204), (status = "default", body = Problem)))]
async fn read_topic(
    State(cx): State<Cx>,
    caller: Caller,
    Path((id, topic)): Path<(ConversationId, String)>,
    Json(request): Json<TopicReadRequest>,
) -> ApiResult<StatusCode> {
    marks::read(&cx, &caller, id, &topic, request.seq).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Renames a topic, resolves it or opens it again: who began it, owners and admins.
#[utoipa::path(patch, path = "/topics/{id}", operation_id = "changeTopic", tag = "topics",
    params(("id" = String, Path)), request_body = TopicPatch,
    responses((status = 200, body = Topic),
        (status = 409, body = Problem, description = "`topic_taken`, `archived`"),
        (status = "default", body = Problem)))]
async fn change_topic(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<TopicId>,
    Json(patch): Json<TopicPatch>,
) -> ApiResult<Json<Topic>> {
    Ok(Json(change::patch(&cx, &caller, id, patch).await?))
}

/// Merges a topic into another, which is answered: who began it, owners and admins.
#[utoipa::path(post, path = "/topics/{id}/merge", operation_id = "mergeTopic", tag = "topics",
    params(("id" = String, Path)), request_body = MergeRequest,
    responses((status = 200, body = Topic),
        (status = 409, body = Problem, description = "`topic_too_large`, `archived`"),
        (status = "default", body = Problem)))]
async fn merge_topic(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<TopicId>,
    Json(request): Json<MergeRequest>,
) -> ApiResult<Json<Topic>> {
    Ok(Json(merge::merge(&cx, &caller, id, request.into).await?))
}
