//! The routes.

use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Problem, Query, page};

use crate::{
    Search,
    search::{Sort, Wanted},
    wire::{Everything, MessageHits},
};

/// Most hits of a page.
const HITS: u32 = 100;
/// Hits of a page when the caller does not say.
const HITS_USUAL: u32 = 20;
/// Most of each kind in the one box.
const FEW: u32 = 20;

pub(crate) fn router() -> OpenApiRouter<Search> {
    OpenApiRouter::new().routes(routes!(search)).routes(routes!(search_messages))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MessagesQuery {
    /// Words, `"phrases"`, `-excluded`, filters: see "Search" in `docs/API.md`.
    q: String,
    /// `relevance` (usual) or `time`.
    #[param(inline)]
    sort: Option<Sort>,
    /// From the page before.
    cursor: Option<String>,
    /// 1 to 100, 20 if absent.
    limit: Option<u32>,
}

/// Messages that fit, of those that the caller may read now.
#[utoipa::path(get, path = "/search/messages", operation_id = "searchMessages", tag = "search",
    params(MessagesQuery), responses((status = 200, body = MessageHits), (status = "default", body = Problem)))]
async fn search_messages(
    State(search): State<Search>,
    caller: Caller,
    Query(query): Query<MessagesQuery>,
) -> ApiResult<Json<MessageHits>> {
    let limit = page::limit(query.limit.or(Some(HITS_USUAL)), HITS)? as usize;
    let cursor = query.cursor.as_deref();
    let wanted = Wanted { q: &query.q, sort: query.sort.unwrap_or_default(), cursor, limit };
    Ok(Json(search.messages(&caller, &wanted).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EverythingQuery {
    /// As for messages; people and conversations are looked for when it has no filter.
    q: String,
    /// How many of each kind: 1 to 20, 5 if absent.
    limit: Option<u32>,
}

/// The best of everything: people, conversations and messages.
#[utoipa::path(get, path = "/search", operation_id = "search", tag = "search",
    params(EverythingQuery), responses((status = 200, body = Everything), (status = "default", body = Problem)))]
async fn search(
    State(search): State<Search>,
    caller: Caller,
    Query(query): Query<EverythingQuery>,
) -> ApiResult<Json<Everything>> {
    let limit = query.limit.map(|limit| page::limit(Some(limit), FEW)).transpose()?;
    Ok(Json(search.everything(&caller, &query.q, limit).await?))
}
