//! The routes of stickers.

use axum::{
    extract::{DefaultBodyLimit, Multipart, State, multipart::MultipartRejection},
    response::Response,
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{ApiResult, Caller, Json, Path, Problem, Query, limits};
use weft_kernel::{
    Fault, FaultKind,
    id::{FileId, StickerId, StickerPackId},
};

use super::{
    Sticker, Stickers,
    change::{self, Place, Taken},
    intake,
};
use crate::{
    Files,
    emoji::{form::Image, picture},
};

/// The routes, without state.
pub(crate) fn routes() -> OpenApiRouter<Files> {
    OpenApiRouter::new()
        .routes(routes!(add_own_stickers))
        .routes(routes!(add_stickers))
        .layer(DefaultBodyLimit::max(limits::STICKER_FORM))
        .routes(routes!(list_stickers))
        .routes(routes!(make_sticker_pack))
        .routes(routes!(rename_sticker_pack, remove_sticker_pack))
        .routes(routes!(collect_sticker))
        .routes(routes!(remove_sticker))
        .routes(routes!(get_sticker_image))
}

/// The org's packs and the caller's own stickers.
#[utoipa::path(get, path = "/stickers", operation_id = "listStickers", tag = "stickers",
    responses((status = 200, body = Stickers), (status = "default", body = Problem)))]
async fn list_stickers(State(files): State<Files>, caller: Caller) -> ApiResult<Json<Stickers>> {
    Ok(Json(super::all(&files, &caller).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PackName {
    /// 1–40 characters.
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct MadePack {
    /// `pak_…`
    #[schema(value_type = String)]
    id: StickerPackId,
}

/// Makes a pack of the org, still empty; who may is the org's policy for emoji.
#[utoipa::path(post, path = "/sticker-packs", operation_id = "makeStickerPack", tag = "stickers",
    request_body = PackName,
    responses((status = 201, body = MadePack),
        (status = 403, body = Problem, description = "`emoji_not_allowed`"),
        (status = 409, body = Problem, description = "`too_many_packs`"),
        (status = "default", body = Problem)))]
async fn make_sticker_pack(
    State(files): State<Files>,
    caller: Caller,
    Json(request): Json<PackName>,
) -> ApiResult<(StatusCode, Json<MadePack>)> {
    Ok((StatusCode::CREATED, Json(MadePack { id: change::make(&files, &caller, &request.name).await? })))
}

/// Renames a pack: who made it, and admins.
#[utoipa::path(patch, path = "/sticker-packs/{id}", operation_id = "renameStickerPack", tag = "stickers",
    params(("id" = String, Path)), request_body = PackName,
    responses((status = 204), (status = "default", body = Problem)))]
async fn rename_sticker_pack(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<StickerPackId>,
    Json(request): Json<PackName>,
) -> ApiResult<StatusCode> {
    change::change(&files, &caller, id, Some(&request.name)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes a pack and its stickers: who made it, and admins. What was sent stays.
#[utoipa::path(delete, path = "/sticker-packs/{id}", operation_id = "removeStickerPack", tag = "stickers",
    params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn remove_sticker_pack(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<StickerPackId>,
) -> ApiResult<StatusCode> {
    change::change(&files, &caller, id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form")]
struct StickerForm {
    /// Pictures (PNG, JPEG, GIF, WebP) of at most 512 KiB and 1,024 × 1,024 pixels, and zips of them.
    #[schema(value_type = Vec<u8>, format = Binary)]
    file: Vec<u8>,
}

async fn taken(
    files: &Files,
    caller: &Caller,
    place: Place,
    form: Result<Multipart, MultipartRejection>,
) -> ApiResult<Json<Taken>> {
    let form = form.map_err(|_| {
        Fault::new(FaultKind::BadRequest, "Send a form: multipart/form-data with parts named file.")
    })?;
    // Nobody is read at length whose pictures are not taken.
    change::fits(files, caller, place).await?;
    let pictures = intake::read(form).await?;
    Ok(Json(change::add(files, caller, place, pictures).await?))
}

/// Adds stickers to a pack: who made it, and admins.
#[utoipa::path(post, path = "/sticker-packs/{id}/stickers", operation_id = "addStickers", tag = "stickers",
    params(("id" = String, Path)),
    request_body(content = StickerForm, content_type = "multipart/form-data"),
    responses((status = 200, body = Taken),
        (status = 409, body = Problem, description = "`too_many_stickers`"),
        (status = 413, body = Problem, description = "`picture_too_large`"),
        (status = "default", body = Problem)))]
async fn add_stickers(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<StickerPackId>,
    form: Result<Multipart, MultipartRejection>,
) -> ApiResult<Json<Taken>> {
    taken(&files, &caller, Place::Pack(id), form).await
}

/// Adds stickers to the caller's own.
#[utoipa::path(post, path = "/stickers", operation_id = "addOwnStickers", tag = "stickers",
    request_body(content = StickerForm, content_type = "multipart/form-data"),
    responses((status = 200, body = Taken),
        (status = 409, body = Problem, description = "`too_many_stickers`"),
        (status = 413, body = Problem, description = "`picture_too_large`"),
        (status = "default", body = Problem)))]
async fn add_own_stickers(
    State(files): State<Files>,
    caller: Caller,
    form: Result<Multipart, MultipartRejection>,
) -> ApiResult<Json<Taken>> {
    taken(&files, &caller, Place::Mine, form).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Collect {
    /// A small picture that the caller may read.
    #[schema(value_type = String)]
    file: FileId,
    /// What it is called; by its file when empty.
    #[serde(default)]
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct Collected {
    /// The new sticker; null when the caller had it already.
    sticker: Option<Sticker>,
}

/// Adds a picture that the caller was sent to their own stickers.
#[utoipa::path(post, path = "/stickers/collect", operation_id = "collectSticker", tag = "stickers",
    request_body = Collect,
    responses((status = 200, body = Collected),
        (status = 422, body = Problem, description = "`picture_type`, `picture_too_large`, `picture_dimensions`"),
        (status = "default", body = Problem)))]
async fn collect_sticker(
    State(files): State<Files>,
    caller: Caller,
    Json(request): Json<Collect>,
) -> ApiResult<Json<Collected>> {
    Ok(Json(Collected { sticker: change::collect(&files, &caller, request.file, &request.name).await? }))
}

/// Removes a sticker: one's own, or of a pack that one may change.
#[utoipa::path(delete, path = "/stickers/{id}", operation_id = "removeSticker", tag = "stickers",
    params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn remove_sticker(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<StickerId>,
) -> ApiResult<StatusCode> {
    change::remove(&files, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The picture of a sticker; it never changes under its id.
#[utoipa::path(get, path = "/stickers/{id}/image", operation_id = "getStickerImage", tag = "stickers",
    params(("id" = String, Path), Image),
    responses((status = 200, body = Vec<u8>, content_type = "image/*"), (status = "default", body = Problem)))]
async fn get_sticker_image(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<StickerId>,
    Query(image): Query<Image>,
) -> ApiResult<Response> {
    let chosen = files.sendable(&caller, id).await?;
    Ok(picture::serve_file(&files, &chosen.file, image.still).await?)
}
