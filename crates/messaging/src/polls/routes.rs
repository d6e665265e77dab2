//! The routes of this module.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Page, Path, Problem, Query};
use weft_kernel::id::MessageId;

use super::{
    close,
    export::{self, Voter, VotersQuery},
    vote::{self, PollView},
};
use crate::cx::Cx;

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new()
        .routes(routes!(get_poll))
        .routes(routes!(vote_in_poll))
        .routes(routes!(add_poll_option))
        .routes(routes!(close_poll))
        .routes(routes!(list_voters))
        .routes(routes!(export_poll))
}

/// What I choose.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct VoteRequest {
    /// The options; none withdraws the vote.
    options: Vec<i64>,
}

/// An option to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct OptionRequest {
    /// What it says, 1–120 characters.
    text: String,
}

/// A poll as I see it: what I chose, and the results once I may see them.
#[utoipa::path(get, path = "/messages/{id}/poll", operation_id = "getPoll", tag = "polls",
    params(("id" = String, Path)),
    responses((status = 200, body = PollView),
        (status = 409, body = Problem, description = "`no_poll`, `message_gone`"),
        (status = "default", body = Problem)))]
async fn get_poll(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<PollView>> {
    Ok(Json(vote::show(&cx, &caller, id).await?))
}

/// I vote, change what I chose, or withdraw it.
#[utoipa::path(put, path = "/messages/{id}/poll/vote", operation_id = "voteInPoll", tag = "polls",
    params(("id" = String, Path)), request_body = VoteRequest,
    responses((status = 200, body = PollView),
        (status = 409, body = Problem, description = "`poll_closed`, `no_poll`, `message_gone`, `archived`"),
        (status = "default", body = Problem)))]
async fn vote_in_poll(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(request): Json<VoteRequest>,
) -> ApiResult<Json<PollView>> {
    Ok(Json(vote::vote(&cx, &caller, id, &request.options).await?))
}

/// Adds an option, where the poll lets people.
#[utoipa::path(post, path = "/messages/{id}/poll/options", operation_id = "addPollOption", tag = "polls",
    params(("id" = String, Path)), request_body = OptionRequest,
    responses((status = 200, body = PollView),
        (status = 409, body = Problem, description = "`poll_closed`, `option_exists`, `too_many_options`"),
        (status = "default", body = Problem)))]
async fn add_poll_option(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(request): Json<OptionRequest>,
) -> ApiResult<Json<PollView>> {
    Ok(Json(vote::add(&cx, &caller, id, &request.text).await?))
}

/// Closes a poll for good: its sender, the conversation's owners, admins.
#[utoipa::path(post, path = "/messages/{id}/poll/close", operation_id = "closePoll", tag = "polls",
    params(("id" = String, Path)),
    responses((status = 200, body = PollView), (status = "default", body = Problem)))]
async fn close_poll(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<PollView>> {
    Ok(Json(close::close(&cx, &caller, id).await?))
}

/// Who chose an option, by name; not of an anonymous poll.
#[utoipa::path(get, path = "/messages/{id}/poll/voters", operation_id = "listVoters", tag = "polls",
    params(("id" = String, Path), VotersQuery),
    responses((status = 200, body = Page<Voter>),
        (status = 403, body = Problem, description = "`anonymous`, `results_hidden`"),
        (status = "default", body = Problem)))]
async fn list_voters(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Query(query): Query<VotersQuery>,
) -> ApiResult<Json<Page<Voter>>> {
    Ok(Json(export::voters(&cx, &caller, id, query).await?))
}

/// The results as CSV, for the sender and those who manage the conversation.
#[utoipa::path(get, path = "/messages/{id}/poll/export", operation_id = "exportPoll", tag = "polls",
    params(("id" = String, Path)),
    responses((status = 200, content_type = "text/csv", body = String),
        (status = 403, body = Problem, description = "`results_hidden`, `forbidden`"),
        (status = "default", body = Problem)))]
async fn export_poll(State(cx): State<Cx>, caller: Caller, Path(id): Path<MessageId>) -> ApiResult<Response> {
    let table = export::export(&cx, &caller, id).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"poll.csv\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, table).into_response())
}
