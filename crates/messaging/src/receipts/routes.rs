//! The route of this module.

use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Path, Problem, Query};
use weft_kernel::id::MessageId;

use super::list::{self, ReceiptPage, ReceiptsQuery};
use crate::cx::Cx;

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new().routes(routes!(list_receipts))
}

/// Who has read my message, or has not, by name.
#[utoipa::path(get, path = "/messages/{id}/receipts", operation_id = "listReceipts", tag = "receipts",
    params(("id" = String, Path), ReceiptsQuery),
    responses((status = 200, body = ReceiptPage),
        (status = 403, body = Problem, description = "`not_sender`, `receipts_off`"),
        (status = "default", body = Problem)))]
async fn list_receipts(
    State(cx): State<Cx>,
    caller: Caller,
    Path(id): Path<MessageId>,
    Query(query): Query<ReceiptsQuery>,
) -> ApiResult<Json<ReceiptPage>> {
    Ok(Json(list::page(&cx, &caller, id, query).await?))
}
