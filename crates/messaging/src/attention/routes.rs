//! The routes of this module.

use axum::extract::State;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Problem};

use super::rules::{self, Alerts};
use crate::Cx;

/// The routes, without state.
pub fn router() -> OpenApiRouter<Cx> {
    OpenApiRouter::new().routes(routes!(get_alerts, put_alerts))
}

/// What I want to be told of, and whom I always hear.
#[utoipa::path(get, path = "/me/alerts", operation_id = "getAlerts", tag = "people",
    responses((status = 200, body = Alerts), (status = "default", body = Problem)))]
async fn get_alerts(State(cx): State<Cx>, caller: Caller) -> ApiResult<Json<Alerts>> {
    Ok(Json(rules::get(&cx.db, caller.principal).await?.0))
}

/// Sets all of it.
#[utoipa::path(put, path = "/me/alerts", operation_id = "putAlerts", tag = "people",
    request_body = Alerts,
    responses((status = 200, body = Alerts), (status = "default", body = Problem)))]
async fn put_alerts(
    State(cx): State<Cx>,
    caller: Caller,
    Json(alerts): Json<Alerts>,
) -> ApiResult<Json<Alerts>> {
    Ok(Json(rules::put(&cx, &caller, alerts).await?))
}
