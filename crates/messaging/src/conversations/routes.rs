//! The routes of this module.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Page, Path, Problem, Query};
use weft_kernel::id::{ConversationId, PrincipalId};

use super::{
    create::{self, NewConversation},
    find::{self, BrowseQuery, MemberPage, MembersQuery},
    join, leave,
    publish::{self, MemberPatch},
    settings::{self, ConversationPatch},
};
use crate::{cx::Cx, wire::Conversation};

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new()
        .routes(routes!(list_conversations, create_conversation))
        .routes(routes!(browse_conversations))
        .routes(routes!(get_conversation, change_conversation))
        .routes(routes!(archive_conversation))
        .routes(routes!(unarchive_conversation))
        .routes(routes!(join_conversation))
        .routes(routes!(leave_conversation))
        .routes(routes!(list_members, add_members))
        .routes(routes!(change_member, remove_member))
}

/// Whom to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AddMembers {
    /// Up to 500 people.
    #[schema(value_type = Vec<String>)]
    pub members: Vec<PrincipalId>,
}

/// The conversations that I am in.
#[utoipa::path(get, path = "/conversations", operation_id = "listConversations", tag = "conversations",
    responses((status = 200, body = Page<Conversation>), (status = "default", body = Problem)))]
async fn list_conversations(State(cx): State<Cx>, caller: Caller) -> ApiResult<Json<Page<Conversation>>> {
    Ok(Json(find::mine(&cx, &caller).await?))
}

/// Makes a conversation; a direct one or an unnamed group that these people already have is
/// returned with 200.
#[utoipa::path(post, path = "/conversations", operation_id = "createConversation", tag = "conversations",
    request_body = NewConversation,
    responses((status = 201, body = Conversation), (status = 200, body = Conversation),
        (status = 409, body = Problem, description = "`name_taken`"), (status = "default", body = Problem)))]
async fn create_conversation(
    State(cx): State<Cx>,
    caller: Caller,
    Json(wanted): Json<NewConversation>,
) -> ApiResult<(StatusCode, Json<Conversation>)> {
    let (conversation, new) = create::create(&cx, &caller, wanted).await?;
    Ok((if new { StatusCode::CREATED } else { StatusCode::OK }, Json(conversation)))
}

/// The public channels of the org, by name.
#[utoipa::path(get, path = "/conversations/browse", operation_id = "browseConversations", tag = "conversations",
    params(BrowseQuery),
    responses((status = 200, body = Page<Conversation>), (status = "default", body = Problem)))]
async fn browse_conversations(
    State(cx): State<Cx>,
    caller: Caller,
    Query(query): Query<BrowseQuery>,
) -> ApiResult<Json<Page<Conversation>>> {
    Ok(Json(find::browse(&cx, &caller, query).await?))
}

/// One conversation.
#[utoipa::path(get, path = "/conversations/{id}", operation_id = "getConversation", tag = "conversations",
    params(("id" = String, Path)),
    responses((status = 200, body = Conversation), (status = "default", body = Problem)))]
async fn get_conversation(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<Conversation>> {
    Ok(Json(find::one(&cx, &caller, id).await?))
}

/// Changes name, topic, purpose or default.
#[utoipa::path(patch, path = "/conversations/{id}", operation_id = "changeConversation", tag = "conversations",
    params(("id" = String, Path)), request_body = ConversationPatch,
    responses((status = 200, body = Conversation),
        (status = 409, body = Problem, description = "`name_taken`, `archived`, `direct`"),
        (status = "default", body = Problem)))]
async fn change_conversation(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(patch): Json<ConversationPatch>,
) -> ApiResult<Json<Conversation>> {
    settings::patch(&cx, &caller, id, patch).await?;
    Ok(Json(find::one(&cx, &caller, id).await?))
}

/// Closes a conversation for writing.
#[utoipa::path(post, path = "/conversations/{id}/archive", operation_id = "archiveConversation",
    tag = "conversations", params(("id" = String, Path)),
    responses((status = 200, body = Conversation), (status = "default", body = Problem)))]
async fn archive_conversation(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<Conversation>> {
    settings::archive(&cx, &caller, id, true).await?;
    Ok(Json(find::one(&cx, &caller, id).await?))
}

/// Opens an archived conversation again.
#[utoipa::path(post, path = "/conversations/{id}/unarchive", operation_id = "unarchiveConversation",
    tag = "conversations", params(("id" = String, Path)),
    responses((status = 200, body = Conversation), (status = "default", body = Problem)))]
async fn unarchive_conversation(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<Conversation>> {
    settings::archive(&cx, &caller, id, false).await?;
    Ok(Json(find::one(&cx, &caller, id).await?))
}

/// Joins a public channel.
#[utoipa::path(post, path = "/conversations/{id}/join", operation_id = "joinConversation", tag = "conversations",
    params(("id" = String, Path)),
    responses((status = 200, body = Conversation), (status = 409, body = Problem, description = "`archived`"),
        (status = "default", body = Problem)))]
async fn join_conversation(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> ApiResult<Json<Conversation>> {
    join::join(&cx, &caller, id).await?;
    Ok(Json(find::one(&cx, &caller, id).await?))
}

/// Leaves a conversation.
#[utoipa::path(post, path = "/conversations/{id}/leave", operation_id = "leaveConversation", tag = "conversations",
    params(("id" = String, Path)),
    responses((status = 204), (status = 409, body = Problem, description = "`direct`"),
        (status = "default", body = Problem)))]
async fn leave_conversation(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> ApiResult<StatusCode> {
    leave::leave(&cx, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The members, by name.
#[utoipa::path(get, path = "/conversations/{id}/members", operation_id = "listMembers", tag = "conversations",
    params(("id" = String, Path), MembersQuery),
    responses((status = 200, body = MemberPage), (status = "default", body = Problem)))]
async fn list_members(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(query): Query<MembersQuery>,
) -> ApiResult<Json<MemberPage>> {
    Ok(Json(find::members(&cx, &caller, id, query).await?))
}

/// Adds people; those who are members already stay as they are.
#[utoipa::path(post, path = "/conversations/{id}/members", operation_id = "addMembers", tag = "conversations",
    params(("id" = String, Path)), request_body = AddMembers,
    responses((status = 204), (status = 409, body = Problem, description = "`archived`, `direct`"),
        (status = "default", body = Problem)))]
async fn add_members(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(asked): Json<AddMembers>,
) -> ApiResult<StatusCode> {
    join::invite(&cx, &caller, id, &asked.members).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Names a member of an announcement conversation as one who posts, or takes that back.
#[utoipa::path(patch, path = "/conversations/{id}/members/{member}", operation_id = "changeMember",
    tag = "conversations", params(("id" = String, Path), ("member" = String, Path)), request_body = MemberPatch,
    responses((status = 204),
        (status = 409, body = Problem, description = "`archived`, `not_announcement`, `owner_publishes`"),
        (status = "default", body = Problem)))]
async fn change_member(
    State(cx): State<Cx>,
    caller: Caller,
    Path((id, member)): Path<(ConversationId, PrincipalId)>,
    Json(patch): Json<MemberPatch>,
) -> ApiResult<StatusCode> {
    publish::change_member(&cx, &caller, id, member, patch.role).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes someone; oneself: leaves.
#[utoipa::path(delete, path = "/conversations/{id}/members/{member}", operation_id = "removeMember",
    tag = "conversations", params(("id" = String, Path), ("member" = String, Path)),
    responses((status = 204), (status = 409, body = Problem, description = "`direct`"),
        (status = "default", body = Problem)))]
async fn remove_member(
    State(cx): State<Cx>,
    caller: Caller,
    Path((id, member)): Path<(ConversationId, PrincipalId)>,
) -> ApiResult<StatusCode> {
    leave::remove(&cx, &caller, id, member).await?;
    Ok(StatusCode::NO_CONTENT)
}
