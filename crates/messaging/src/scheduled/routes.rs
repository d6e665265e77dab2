//! The routes of this module.

use axum::extract::State;
use http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Page, Path, Problem};
use weft_kernel::id::{ConversationId, ScheduledId};

use super::{
    change::{self, ScheduleRequest, ScheduledPatch},
    item::{self, Scheduled},
};
use crate::cx::Cx;

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new()
        .routes(routes!(schedule_message))
        .routes(routes!(list_scheduled))
        .routes(routes!(change_scheduled, remove_scheduled))
        .routes(routes!(send_scheduled))
}

/// Sends a message at a time.
#[utoipa::path(post, path = "/conversations/{id}/scheduled", operation_id = "scheduleMessage", tag = "scheduled",
    params(("id" = String, Path)), request_body = ScheduleRequest,
    responses((status = 201, body = Scheduled),
        (status = 409, body = Problem, description = "`too_many_scheduled`, and whatever sending is refused with"),
        (status = "default", body = Problem)))]
async fn schedule_message(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(request): Json<ScheduleRequest>,
) -> ApiResult<(StatusCode, Json<Scheduled>)> {
    Ok((StatusCode::CREATED, Json(change::add(&cx, &caller, id, &request).await?)))
}

/// My scheduled messages, the next first, and those that could not be sent.
#[utoipa::path(get, path = "/scheduled", operation_id = "listScheduled", tag = "scheduled",
    responses((status = 200, body = Page<Scheduled>), (status = "default", body = Problem)))]
async fn list_scheduled(State(cx): State<Cx>, caller: Caller) -> ApiResult<Json<Page<Scheduled>>> {
    Ok(Json(Page::whole(item::list(&cx, &caller).await?)))
}

/// Changes a scheduled message, or its time; one that failed waits again.
#[utoipa::path(patch, path = "/scheduled/{id}", operation_id = "changeScheduled", tag = "scheduled",
    params(("id" = String, Path)), request_body = ScheduledPatch,
    responses((status = 200, body = Scheduled),
        (status = 409, body = Problem, description = "`scheduled_sending`: it is on its way"),
        (status = "default", body = Problem)))]
async fn change_scheduled(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ScheduledId>,
    Json(patch): Json<ScheduledPatch>,
) -> ApiResult<Json<Scheduled>> {
    Ok(Json(change::change(&cx, &caller, id, &patch).await?))
}

/// Gives a scheduled message up.
#[utoipa::path(delete, path = "/scheduled/{id}", operation_id = "removeScheduled", tag = "scheduled",
    params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = Problem, description = "`scheduled_sending`"),
        (status = "default", body = Problem)))]
async fn remove_scheduled(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ScheduledId>,
) -> ApiResult<StatusCode> {
    change::remove(&cx, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Sends a scheduled message now.
#[utoipa::path(post, path = "/scheduled/{id}/send", operation_id = "sendScheduled", tag = "scheduled",
    params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = Problem, description = "`scheduled_sending`"),
        (status = "default", body = Problem)))]
async fn send_scheduled(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ScheduledId>,
) -> ApiResult<StatusCode> {
    change::send_now(&cx, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
