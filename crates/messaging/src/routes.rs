//! Routes of the log itself: bootstrap, pages, changes, sending.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Page, Path, Problem, Query, limits};
use weft_kernel::{Fault, id::ConversationId};

use crate::{
    Cx,
    history::{self, MessagePage, PageQuery, Root, RootsQuery},
    load,
    send::{self, SendRequest},
    sync::{self, Bootstrap, Changes},
    wire::Message,
};

/// The routes, without state.
pub(crate) fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new()
        .routes(routes!(bootstrap))
        .routes(routes!(list_messages, send_message))
        .routes(routes!(list_roots))
        .routes(routes!(list_changes))
}

/// Everything that a client shows first.
#[utoipa::path(get, path = "/bootstrap", operation_id = "bootstrap", tag = "sync",
    responses((status = 200, body = Bootstrap), (status = "default", body = Problem)))]
async fn bootstrap(State(cx): State<Cx>, caller: Caller) -> ApiResult<Json<Bootstrap>> {
    Ok(Json(sync::bootstrap(&cx, &*cx.directory, &cx.epoch, &caller).await?))
}

/// A page of messages, oldest first.
#[utoipa::path(get, path = "/conversations/{id}/messages", operation_id = "listMessages", tag = "messages",
    params(("id" = String, Path), PageQuery),
    responses((status = 200, body = MessagePage), (status = "default", body = Problem)))]
async fn list_messages(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<MessagePage>> {
    let view = cx.guard.view(&caller, id).await?;
    Ok(Json(history::page(&cx, &view, &query).await?))
}

/// A conversation as its threads, those last spoken in first.
#[utoipa::path(get, path = "/conversations/{id}/threads", operation_id = "listConversationThreads",
    tag = "messages", params(("id" = String, Path), RootsQuery),
    responses((status = 200, body = Page<Root>), (status = "default", body = Problem)))]
async fn list_roots(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(query): Query<RootsQuery>,
) -> ApiResult<Json<Page<Root>>> {
    let view = cx.guard.view(&caller, id).await?;
    Ok(Json(history::roots(&cx, &view, &query).await?))
}

/// Sends a message; answers after it is durable. 200 instead of 201 when the nonce had made it
/// before.
#[utoipa::path(post, path = "/conversations/{id}/messages", operation_id = "sendMessage", tag = "messages",
    params(("id" = String, Path)), request_body = SendRequest,
    responses((status = 201, body = Message), (status = 200, body = Message),
        (status = 409, body = Problem, description = "`nonce_reused`, `confirm_all`, `archived`"),
        (status = "default", body = Problem)))]
async fn send_message(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(request): Json<SendRequest>,
) -> ApiResult<(StatusCode, Json<Message>)> {
    let done = send::send(&cx, &caller, id, &request).await?;
    let row = load::by_id(&cx.db, done.id).await?.ok_or_else(|| Fault::not_found("message"))?;
    let message = load::assemble(&cx.db, &cx.people, id, vec![row]).await?.pop();
    let message = message.ok_or_else(|| Fault::not_found("message"))?;
    Ok((if done.repeated { StatusCode::OK } else { StatusCode::CREATED }, Json(message)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ChangesQuery {
    /// The cursor.
    after_seq: i64,
    /// 1–200 changes; 50 when absent.
    limit: Option<u32>,
}

/// What changed after a cursor, as it now is.
#[utoipa::path(get, path = "/conversations/{id}/changes", operation_id = "listChanges", tag = "sync",
    params(("id" = String, Path), ChangesQuery),
    responses((status = 200, body = Changes), (status = "default", body = Problem)))]
async fn list_changes(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(query): Query<ChangesQuery>,
) -> ApiResult<Json<Changes>> {
    let limit = weft_http::page::limit(query.limit, limits::PAGE_MAX)?;
    let view = cx.guard.view(&caller, id).await?;
    Ok(Json(sync::changes(&cx, caller.principal, &view, query.after_seq, limit).await?))
}
