//! The routes of this module.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Path, Problem, Query};
use weft_kernel::id::MessageId;

use super::{
    act::{self, AckState},
    list::{self, AckPage, AcksQuery, WaitingPage, WaitingQuery},
};
use crate::cx::Cx;

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new()
        .routes(routes!(list_waiting))
        .routes(routes!(list_acks))
        .routes(routes!(answer_ack))
        .routes(routes!(remind_ack))
}

/// How far I am.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerRequest {
    /// `acknowledged` or `done`.
    state: AckState,
}

/// What waits for my acknowledgement: what is urgent, then the rest, the newest first.
#[utoipa::path(get, path = "/acks", operation_id = "listWaiting", tag = "acks",
    params(WaitingQuery),
    responses((status = 200, body = WaitingPage), (status = "default", body = Problem)))]
async fn list_waiting(
    State(cx): State<Cx>,
    caller: Caller,
    Query(query): Query<WaitingQuery>,
) -> ApiResult<Json<WaitingPage>> {
    Ok(Json(list::waiting(&cx, &caller, query).await?))
}

/// How far people are with what a message asks; who they are, for its sender.
#[utoipa::path(get, path = "/messages/{id}/acks", operation_id = "listAcks", tag = "acks",
    params(("id" = String, Path), AcksQuery),
    responses((status = 200, body = AckPage),
        (status = 409, body = Problem, description = "`not_asked`: it asks nobody"),
        (status = "default", body = Problem)))]
async fn list_acks(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Query(query): Query<AcksQuery>,
) -> ApiResult<Json<AckPage>> {
    Ok(Json(list::page(&cx, &caller, id, query).await?))
}

/// I acknowledge a message that asks me, or have done what it asks for.
#[utoipa::path(put, path = "/messages/{id}/ack", operation_id = "answerAck", tag = "acks",
    params(("id" = String, Path)), request_body = AnswerRequest,
    responses((status = 204), (status = 409, body = Problem, description = "`not_asked`"),
        (status = "default", body = Problem)))]
async fn answer_ack(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(request): Json<AnswerRequest>,
) -> ApiResult<StatusCode> {
    act::answer(&cx, &caller, id, request.state).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reminds those who have not answered my message; five minutes apart.
#[utoipa::path(post, path = "/messages/{id}/ack/remind", operation_id = "remindAck", tag = "acks",
    params(("id" = String, Path)),
    responses((status = 204), (status = 429, body = Problem), (status = "default", body = Problem)))]
async fn remind_ack(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<StatusCode> {
    act::remind(&cx, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
