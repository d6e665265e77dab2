//! The routes of this module.

use axum::extract::State;
use http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Page, Path, Problem, Query};
use weft_kernel::id::{MessageId, SavedId};

use super::{
    change::{self, NoteRequest, SavedPatch},
    item::{SavedItem, SavedMark},
    list::{self, SavedQuery},
};
use crate::cx::Cx;

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new()
        .routes(routes!(save_message, unsave_message))
        .routes(routes!(list_saved, save_note))
        .routes(routes!(list_saved_marks))
        .routes(routes!(change_saved, remove_saved))
}

/// Keeps a message for later, or changes how it is kept.
#[utoipa::path(put, path = "/messages/{id}/saved", operation_id = "saveMessage", tag = "saved",
    params(("id" = String, Path)), request_body = SavedPatch,
    responses((status = 200, body = SavedMark),
        (status = 409, body = Problem, description = "`too_many_saved`, `message_gone`"),
        (status = "default", body = Problem)))]
async fn save_message(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(patch): Json<SavedPatch>,
) -> ApiResult<Json<SavedMark>> {
    Ok(Json(change::save(&cx, &caller, id, &patch).await?))
}

/// Keeps a message no longer.
#[utoipa::path(delete, path = "/messages/{id}/saved", operation_id = "unsaveMessage", tag = "saved",
    params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn unsave_message(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<StatusCode> {
    change::unsave(&cx, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What I keep for later, the newest first.
#[utoipa::path(get, path = "/saved", operation_id = "listSaved", tag = "saved",
    params(SavedQuery),
    responses((status = 200, body = Page<SavedItem>), (status = "default", body = Problem)))]
async fn list_saved(
    State(cx): State<Cx>,
    caller: Caller,
    Query(query): Query<SavedQuery>,
) -> ApiResult<Json<Page<SavedItem>>> {
    Ok(Json(list::page(&cx, &caller, query).await?))
}

/// Keeps a note without a message, perhaps to be reminded of it.
#[utoipa::path(post, path = "/saved", operation_id = "saveNote", tag = "saved",
    request_body = NoteRequest,
    responses((status = 201, body = SavedMark), (status = 409, body = Problem, description = "`too_many_saved`"),
        (status = "default", body = Problem)))]
async fn save_note(
    State(cx): State<Cx>,
    caller: Caller,
    Json(request): Json<NoteRequest>,
) -> ApiResult<(StatusCode, Json<SavedMark>)> {
    Ok((StatusCode::CREATED, Json(change::note(&cx, &caller, &request).await?)))
}

/// All that I have in progress, without its words: to mark messages and count what is due.
#[utoipa::path(get, path = "/saved/marks", operation_id = "listSavedMarks", tag = "saved",
    responses((status = 200, body = Page<SavedMark>), (status = "default", body = Problem)))]
async fn list_saved_marks(State(cx): State<Cx>, caller: Caller) -> ApiResult<Json<Page<SavedMark>>> {
    Ok(Json(Page::whole(list::marks(&cx, &caller).await?)))
}

/// Changes what I keep: its state, its note, its reminder.
#[utoipa::path(patch, path = "/saved/{id}", operation_id = "changeSaved", tag = "saved",
    params(("id" = String, Path)), request_body = SavedPatch,
    responses((status = 200, body = SavedMark), (status = "default", body = Problem)))]
async fn change_saved(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<SavedId>,
    Json(patch): Json<SavedPatch>,
) -> ApiResult<Json<SavedMark>> {
    Ok(Json(change::change(&cx, &caller, id, &patch).await?))
}

/// Takes out what I keep.
#[utoipa::path(delete, path = "/saved/{id}", operation_id = "removeSaved", tag = "saved",
    params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn remove_saved(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<SavedId>,
) -> ApiResult<StatusCode> {
    change::remove(&cx, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
