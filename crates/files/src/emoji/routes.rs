//! The routes of emoji.

use axum::{
    extract::{DefaultBodyLimit, Multipart, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, StatusCode, header};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Path, Problem, Query, limits};
use weft_kernel::{Fault, FaultKind, id::EmojiId};

use super::{
    Emoji,
    change::{self, New},
    form::{Image, broken, bytes, text},
    picture,
};
use crate::{Files, look::emblem, read::set};

/// What a form may have around a picture, in bytes.
const FORM: usize = 64 * 1024;

/// The routes, without state.
pub(crate) fn routes() -> OpenApiRouter<Files> {
    OpenApiRouter::new()
        .routes(routes!(list_emoji, add_emoji))
        .layer(DefaultBodyLimit::max(limits::EMOJI_BYTES + FORM))
        .routes(routes!(update_emoji, remove_emoji))
        .routes(routes!(get_emoji_image))
}

#[derive(Debug, Serialize, ToSchema)]
struct EmojiList {
    /// All of them, in the order of their names.
    items: Vec<Emoji>,
}

/// The org's own emoji. `ETag` tells whether anything changed.
#[utoipa::path(get, path = "/emoji", operation_id = "listEmoji", tag = "emoji",
    responses((status = 200, body = EmojiList), (status = 304), (status = "default", body = Problem)))]
async fn list_emoji(State(files): State<Files>, caller: Caller, asked: HeaderMap) -> ApiResult<Response> {
    let (items, last) = super::list(&files, &caller).await?;
    let tag = format!("\"{}-{last}\"", caller.org_id);
    let known = asked.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let same = known.split(',').any(|one| one.trim().trim_start_matches("W/") == tag);
    let mut response = match same {
        true => StatusCode::NOT_MODIFIED.into_response(),
        false => Json(EmojiList { items }).into_response(),
    };
    set(response.headers_mut(), header::ETAG, &tag);
    set(response.headers_mut(), header::CACHE_CONTROL, "private, no-cache");
    Ok(response)
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form")]
struct EmojiForm {
    /// 1–32 letters a–z, Chinese characters, digits, `_` and `-`; capitals become small.
    name: String,
    /// Other names; may be repeated.
    aliases: Option<Vec<String>>,
    /// PNG, JPEG, GIF or WebP of at most 256 KiB and 512 × 512 pixels.
    #[schema(value_type = Vec<u8>, format = Binary)]
    file: Vec<u8>,
}

/// Adds an emoji; who may is the org's policy.
#[utoipa::path(post, path = "/emoji", operation_id = "addEmoji", tag = "emoji",
    request_body(content = EmojiForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Emoji),
        (status = 403, body = Problem, description = "`emoji_not_allowed`"),
        (status = 409, body = Problem, description = "`emoji_exists`, `emoji_standard`, `too_many_emoji`"),
        (status = 413, body = Problem, description = "`picture_too_large`, `quota_exceeded`"),
        (status = 422, body = Problem,
            description = "`picture_type`, `picture_dimensions`, `picture_broken`, `file_bomb`"),
        (status = "default", body = Problem)))]
async fn add_emoji(
    State(files): State<Files>,
    caller: Caller,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> ApiResult<(StatusCode, Json<Emoji>)> {
    // Nobody who may not add one is read at length.
    change::may_add(&files, &caller).await?;
    let form = form.map_err(|_| {
        Fault::new(FaultKind::BadRequest, "Send a form: multipart/form-data with the parts name and file.")
    })?;
    let new = read(form).await?;
    Ok((StatusCode::CREATED, Json(change::add(&files, &caller, new).await?)))
}

async fn read(mut form: Multipart) -> Result<New, Fault> {
    let (mut new, mut given) = (New::default(), false);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some("name") => new.name = text("name", field).await?,
            Some("aliases") if new.aliases.len() < 100 => new.aliases.push(text("aliases", field).await?),
            Some("file") if !given => {
                given = true;
                new.bytes = bytes(field, limits::EMOJI_BYTES, emblem::too_large).await?;
            }
            _ => {
                return Err(Fault::invalid(
                    "file",
                    "Only the parts name, aliases and one file are understood.",
                ));
            }
        }
    }
    match given {
        true => Ok(new),
        false => Err(Fault::invalid("file", "Send the picture as a part named file.")),
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EmojiPatch {
    /// All its other names from now on.
    aliases: Vec<String>,
}

/// Gives an emoji other aliases: who added it, and admins.
#[utoipa::path(patch, path = "/emoji/{id}", operation_id = "updateEmoji", tag = "emoji",
    params(("id" = String, Path)), request_body = EmojiPatch,
    responses((status = 200, body = Emoji),
        (status = 409, body = Problem, description = "`emoji_exists`, `emoji_standard`"),
        (status = "default", body = Problem)))]
async fn update_emoji(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<EmojiId>,
    Json(patch): Json<EmojiPatch>,
) -> ApiResult<Json<Emoji>> {
    Ok(Json(change::rename(&files, &caller, id, &patch.aliases).await?))
}

/// Removes an emoji: who added it, and admins. Where it was used its name stays.
#[utoipa::path(delete, path = "/emoji/{id}", operation_id = "removeEmoji", tag = "emoji",
    params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn remove_emoji(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<EmojiId>,
) -> ApiResult<StatusCode> {
    change::remove(&files, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The picture of an emoji; it never changes under its id.
#[utoipa::path(get, path = "/emoji/{id}/image", operation_id = "getEmojiImage", tag = "emoji",
    params(("id" = String, Path), Image),
    responses((status = 200, body = Vec<u8>, content_type = "image/*"), (status = "default", body = Problem)))]
async fn get_emoji_image(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<EmojiId>,
    Query(image): Query<Image>,
) -> ApiResult<Response> {
    Ok(picture::serve(&files, &caller, id, image.still).await?)
}
