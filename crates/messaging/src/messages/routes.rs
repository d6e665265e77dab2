//! The routes of this module.

use axum::extract::State;
use http::StatusCode;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Page, Path, Problem};
use weft_kernel::id::{ConversationId, MessageId};

use super::{
    change::find,
    edit::{self, EditRequest, Version},
    forward::{self, ForwardRequest},
    forward_many::{self, ForwardManyRequest},
    pin, react, remove,
};
use crate::{cx::Cx, wire::Message};

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new()
        .routes(routes!(get_message, edit_message, delete_message))
        .routes(routes!(recall_message))
        .routes(routes!(message_history))
        .routes(routes!(add_reaction, remove_reaction))
        .routes(routes!(pin_message, unpin_message))
        .routes(routes!(list_pins))
        .routes(routes!(forward_message))
        .routes(routes!(forward_messages))
}

/// One message.
#[utoipa::path(get, path = "/messages/{id}", operation_id = "getMessage", tag = "messages",
    params(("id" = String, Path)),
    responses((status = 200, body = Message), (status = "default", body = Problem)))]
async fn get_message(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<Message>> {
    Ok(Json(find(&cx, &caller, id).await?.present(&cx).await?))
}

/// Edits one's own message.
#[utoipa::path(patch, path = "/messages/{id}", operation_id = "editMessage", tag = "messages",
    params(("id" = String, Path)), request_body = EditRequest,
    responses((status = 200, body = Message),
        (status = 409, body = Problem, description = "`message_gone`, `archived`, `too_many_edits`"),
        (status = "default", body = Problem)))]
async fn edit_message(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(request): Json<EditRequest>,
) -> ApiResult<Json<Message>> {
    Ok(Json(edit::edit(&cx, &caller, id, &request).await?))
}

/// Deletes one's own message; the conversation's owners and the org's admins any.
#[utoipa::path(delete, path = "/messages/{id}", operation_id = "deleteMessage", tag = "messages",
    params(("id" = String, Path)),
    responses((status = 200, body = Message), (status = "default", body = Problem)))]
async fn delete_message(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<Message>> {
    Ok(Json(remove::delete(&cx, &caller, id).await?))
}

/// Takes one's own message back, within 24 hours.
#[utoipa::path(post, path = "/messages/{id}/recall", operation_id = "recallMessage", tag = "messages",
    params(("id" = String, Path)),
    responses((status = 200, body = Message), (status = 409, body = Problem, description = "`too_late`"),
        (status = "default", body = Problem)))]
async fn recall_message(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<Message>> {
    Ok(Json(remove::recall(&cx, &caller, id).await?))
}

/// Earlier versions, oldest first.
#[utoipa::path(get, path = "/messages/{id}/history", operation_id = "messageHistory", tag = "messages",
    params(("id" = String, Path)),
    responses((status = 200, body = Page<Version>), (status = "default", body = Problem)))]
async fn message_history(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<Json<Page<Version>>> {
    Ok(Json(Page::whole(edit::history(&cx, &caller, id).await?)))
}

/// Reacts with an emoji or a `:shortcode:`.
#[utoipa::path(put, path = "/messages/{id}/reactions/{emoji}", operation_id = "addReaction", tag = "messages",
    params(("id" = String, Path), ("emoji" = String, Path)),
    responses((status = 204), (status = 409, body = Problem, description = "`too_many_reactions`, `message_gone`"),
        (status = "default", body = Problem)))]
async fn add_reaction(
    State(cx): State<Cx>,
    caller: Caller,
    Path((id, emoji)): Path<(MessageId, String)>,
) -> ApiResult<StatusCode> {
    react::react(&cx, &caller, id, &emoji, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a reaction back.
#[utoipa::path(delete, path = "/messages/{id}/reactions/{emoji}", operation_id = "removeReaction", tag = "messages",
    params(("id" = String, Path), ("emoji" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn remove_reaction(
    State(cx): State<Cx>,
    caller: Caller,
    Path((id, emoji)): Path<(MessageId, String)>,
) -> ApiResult<StatusCode> {
    react::react(&cx, &caller, id, &emoji, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Pins a message for everybody.
#[utoipa::path(put, path = "/messages/{id}/pin", operation_id = "pinMessage", tag = "messages",
    params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = Problem, description = "`too_many_pins`, `message_gone`"),
        (status = "default", body = Problem)))]
async fn pin_message(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<StatusCode> {
    pin::pin(&cx, &caller, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Unpins a message.
#[utoipa::path(delete, path = "/messages/{id}/pin", operation_id = "unpinMessage", tag = "messages",
    params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn unpin_message(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
) -> ApiResult<StatusCode> {
    pin::pin(&cx, &caller, id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A conversation's pins, newest first.
#[utoipa::path(get, path = "/conversations/{id}/pins", operation_id = "listPins", tag = "messages",
    params(("id" = String, Path)),
    responses((status = 200, body = Page<Message>), (status = "default", body = Problem)))]
async fn list_pins(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<Page<Message>>> {
    Ok(Json(Page::whole(pin::pins(&cx, &caller, id).await?)))
}

/// Forwards a message to up to 10 conversations; answers with the new messages.
#[utoipa::path(post, path = "/messages/{id}/forward", operation_id = "forwardMessage", tag = "messages",
    params(("id" = String, Path)), request_body = ForwardRequest,
    responses((status = 200, body = Page<Message>),
        (status = 409, body = Problem, description = "`nonce_reused`, `message_gone`, `archived`"),
        (status = "default", body = Problem)))]
async fn forward_message(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Json(request): Json<ForwardRequest>,
) -> ApiResult<Json<Page<Message>>> {
    Ok(Json(Page::whole(forward::forward(&cx, &caller, id, &request).await?)))
}

/// Forwards up to 100 messages of one conversation to up to 10 others: as one card, or one by one.
#[utoipa::path(post, path = "/messages/forward", operation_id = "forwardMessages", tag = "messages",
    request_body = ForwardManyRequest,
    responses((status = 200, body = Page<Message>),
        (status = 409, body = Problem,
            description = "`nonce_reused`, `message_gone`, `system_message`, `archived`"),
        (status = "default", body = Problem)))]
async fn forward_messages(
    State(cx): State<Cx>,
    caller: Caller,
    Json(request): Json<ForwardManyRequest>,
) -> ApiResult<Json<Page<Message>>> {
    Ok(Json(Page::whole(forward_many::forward(&cx, &caller, &request).await?)))
}
