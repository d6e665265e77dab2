//! The route of this module.

use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Path, Problem};
use weft_kernel::id::ConversationId;

use super::switch::{self, VanishRequest};
use crate::{conversations, cx::Cx, wire::Conversation};

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new().routes(routes!(set_vanish))
}

/// Sets how long after being read new messages between two people vanish, for both of them.
#[utoipa::path(put, path = "/conversations/{id}/vanish", operation_id = "setVanish", tag = "conversations",
    params(("id" = String, Path)), request_body = VanishRequest,
    responses((status = 200, body = Conversation),
        (status = 403, body = Problem, description = "`vanishing_off`"),
        (status = 409, body = Problem, description = "`not_of_two`"), (status = "default", body = Problem)))]
async fn set_vanish(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(request): Json<VanishRequest>,
) -> ApiResult<Json<Conversation>> {
    switch::switch(&cx, &caller, id, request).await?;
    Ok(Json(conversations::one(&cx, &caller, id).await?))
}
