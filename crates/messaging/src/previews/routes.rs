//! The routes of this module.

use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Path, Problem};
use weft_kernel::id::{LinkId, MessageId};

use super::remove;
use crate::{cx::Cx, wire::Message};

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new().routes(routes!(remove_preview))
}

/// Takes away a card under one's own message; the conversation's owners and the org's admins under
/// any. It does not come back.
#[utoipa::path(delete, path = "/messages/{id}/previews/{link}", operation_id = "removePreview", tag = "messages",
    params(("id" = String, Path), ("link" = String, Path)),
    responses((status = 200, body = Message), (status = "default", body = Problem)))]
async fn remove_preview(
    State(cx): State<Cx>,
    caller: Caller,
    Path((id, link)): Path<(MessageId, LinkId)>,
) -> ApiResult<Json<Message>> {
    Ok(Json(remove::remove(&cx, &caller, id, link).await?))
}
