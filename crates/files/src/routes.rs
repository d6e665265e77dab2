//! The routes of this domain.

use axum::{
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Multipart, State},
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{Admin, ApiResult, Caller, Json, Module, Page, Path, Problem, Query, Reject, limits};
use weft_kernel::{
    Fault, FaultKind,
    id::{FileId, LinkId},
};

use crate::{
    File, Files,
    documents::{self, FileText},
    emoji,
    layouts::{self, FileLayout},
    links, poster,
    read::{self, Link, ListQuery, Posted, Reader},
    settings::{self, Change, Settings},
    stickers,
    upload::{self, Upload, UploadRequest},
};

/// The header that says how far an upload is, and where its next bytes belong.
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");

/// The domain's routes.
pub fn module(files: &Files) -> Module {
    // These bound what they take themselves, as it comes.
    let streams = OpenApiRouter::new()
        .routes(routes!(list_files, upload_files))
        .routes(routes!(get_upload, write_upload, cancel_upload))
        .layer(DefaultBodyLimit::disable());
    let poster =
        OpenApiRouter::new().routes(routes!(set_poster)).layer(DefaultBodyLimit::max(limits::AVATAR));
    let router = OpenApiRouter::new()
        .routes(routes!(create_upload))
        .routes(routes!(get_settings, update_settings))
        .routes(routes!(get_file))
        .routes(routes!(get_content))
        .routes(routes!(get_thumb))
        .routes(routes!(get_preview))
        .routes(routes!(get_text))
        .routes(routes!(get_layout, ask_for_layout))
        .routes(routes!(sign_link))
        .routes(routes!(get_link_image))
        .routes(routes!(get_link_icon))
        .merge(streams)
        .merge(poster)
        .merge(emoji::routes())
        .merge(stickers::routes())
        .with_state(files.clone());
    Module { name: "files", router }
}

#[derive(Debug, Serialize, ToSchema)]
struct Uploaded {
    /// The files, in the order of the request.
    items: Vec<File>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form")]
struct UploadForm {
    /// One or several files.
    #[schema(value_type = Vec<u8>, format = Binary)]
    file: Vec<u8>,
}

/// Files that messages refer to and the caller may read, newest first.
#[utoipa::path(get, path = "/files", operation_id = "listFiles", tag = "files", params(ListQuery),
    responses((status = 200, body = Page<Posted>), (status = "default", body = Problem)))]
async fn list_files(
    State(files): State<Files>,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<Posted>>> {
    Ok(Json(read::list(&files, &caller, &query).await?))
}

/// Takes files in one request; large ones over bad lines had better be sent by `POST
/// /files/uploads`.
#[utoipa::path(post, path = "/files", operation_id = "uploadFiles", tag = "files",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, body = Uploaded),
        (status = 413, body = Problem, description = "`file_too_large`, `quota_exceeded`"),
        (status = 422, body = Problem, description = "`file_bomb`"),
        (status = "default", body = Problem)))]
async fn upload_files(
    State(files): State<Files>,
    caller: Caller,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> ApiResult<(StatusCode, Json<Uploaded>)> {
    let form = form.map_err(|_| {
        Fault::new(FaultKind::BadRequest, "Send a form: multipart/form-data with parts named file.")
    })?;
    let items = upload::simple(&files, &caller, form).await?;
    Ok((StatusCode::CREATED, Json(Uploaded { items })))
}

/// Begins an upload that can be continued where it breaks off.
#[utoipa::path(post, path = "/files/uploads", operation_id = "createUpload", tag = "files",
    request_body = UploadRequest,
    responses((status = 201, body = Upload),
        (status = 413, body = Problem, description = "`file_too_large`, `quota_exceeded`"),
        (status = "default", body = Problem)))]
async fn create_upload(
    State(files): State<Files>,
    caller: Caller,
    Json(request): Json<UploadRequest>,
) -> ApiResult<(StatusCode, Json<Upload>)> {
    Ok((StatusCode::CREATED, Json(upload::create(&files, &caller, request).await?)))
}

/// How far an upload is; also as the header `Upload-Offset`, for `HEAD`. A finished one is
/// `not_found`: it is the file of the same id.
#[utoipa::path(get, path = "/files/uploads/{id}", operation_id = "getUpload", tag = "files",
    params(("id" = String, Path)),
    responses((status = 200, body = Upload), (status = "default", body = Problem)))]
async fn get_upload(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<FileId>,
) -> ApiResult<Response> {
    Ok(told(upload::progress(&files, &caller, id).await?))
}

/// Takes the bytes that belong at `Upload-Offset`; the last ones make the file.
#[utoipa::path(patch, path = "/files/uploads/{id}", operation_id = "writeUpload", tag = "files",
    params(("id" = String, Path), ("upload-offset" = i64, Header, description = "Bytes that have arrived")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, body = Upload),
        (status = 409, body = Problem, description = "`upload_offset` with `params.offset`, `upload_busy`"),
        (status = 422, body = Problem, description = "`checksum_mismatch`, `file_bomb`"),
        (status = "default", body = Problem)))]
async fn write_upload(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<FileId>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<Response> {
    let offset = headers.get(&OFFSET).and_then(|v| v.to_str().ok()?.parse().ok());
    let offset = offset.ok_or_else(|| {
        Fault::invalid("upload-offset", "Say in the header Upload-Offset how many bytes have arrived.")
    })?;
    Ok(told(upload::write(&files, &caller, id, offset, body).await?))
}

fn told(upload: Upload) -> Response {
    let offset = HeaderValue::from(upload.offset);
    let mut response = Json(upload).into_response();
    response.headers_mut().insert(OFFSET, offset);
    response
}

/// Throws an upload away.
#[utoipa::path(delete, path = "/files/uploads/{id}", operation_id = "cancelUpload", tag = "files",
    params(("id" = String, Path)),
    responses((status = 204), (status = "default", body = Problem)))]
async fn cancel_upload(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<FileId>,
) -> ApiResult<StatusCode> {
    upload::cancel(&files, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The org's limits for files, and what it keeps.
#[utoipa::path(get, path = "/files/settings", operation_id = "getFileSettings", tag = "files",
    responses((status = 200, body = Settings), (status = "default", body = Problem)))]
async fn get_settings(State(files): State<Files>, caller: Caller) -> ApiResult<Json<Settings>> {
    Ok(Json(settings::load(&files.0.db, caller.org).await?))
}

/// Changes them (admins).
#[utoipa::path(patch, path = "/files/settings", operation_id = "updateFileSettings", tag = "files",
    request_body = Change,
    responses((status = 200, body = Settings), (status = "default", body = Problem)))]
async fn update_settings(
    State(files): State<Files>,
    Admin(admin): Admin,
    Json(change): Json<Change>,
) -> ApiResult<Json<Settings>> {
    Ok(Json(settings::change(&files.0.db, admin.org, &change).await?))
}

/// What is known of a file.
#[utoipa::path(get, path = "/files/{id}", operation_id = "getFile", tag = "files",
    params(("id" = String, Path)),
    responses((status = 200, body = File), (status = "default", body = Problem)))]
async fn get_file(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<FileId>,
) -> ApiResult<Json<File>> {
    Ok(Json(files.find(&caller, id).await?.file))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct Download {
    /// To be saved, whatever it is.
    download: bool,
}

/// A file's bytes, or a range of them.
#[utoipa::path(get, path = "/files/{id}/content", operation_id = "getFileContent", tag = "files",
    params(("id" = String, Path), Download, Reader),
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 206, body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 410, body = Problem, description = "`link_expired`"),
        (status = "default", body = Problem)))]
async fn get_content(
    State(files): State<Files>,
    caller: Result<Caller, Reject>,
    Path(id): Path<FileId>,
    Query(Download { download }): Query<Download>,
    Query(reader): Query<Reader>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let file = reader.file(&files, caller, id).await?;
    let ask = read::Ask { download, by_link: reader.is_link() };
    Ok(read::content(&files, &file, &headers, &ask).await?)
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
struct ThumbSize {
    /// Pixels that the longer side needs: there are 320, 960 and 1920.
    size: Option<u32>,
}

/// A small picture of a file, upright and without what a camera adds.
#[utoipa::path(get, path = "/files/{id}/thumb", operation_id = "getFileThumb", tag = "files",
    params(("id" = String, Path), ThumbSize, Reader),
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg"), (status = "default", body = Problem)))]
async fn get_thumb(
    State(files): State<Files>,
    caller: Result<Caller, Reject>,
    Path(id): Path<FileId>,
    Query(ThumbSize { size }): Query<ThumbSize>,
    Query(reader): Query<Reader>,
) -> ApiResult<Response> {
    let file = reader.file(&files, caller, id).await?;
    Ok(read::thumb(&files, &file, size, reader.is_link()).await?)
}

/// The beginning of a text, as UTF-8; at most 256 KiB of it.
#[utoipa::path(get, path = "/files/{id}/preview", operation_id = "getFilePreview", tag = "files",
    params(("id" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "text/plain"), (status = "default", body = Problem)))]
async fn get_preview(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<FileId>,
) -> ApiResult<Response> {
    let file = files.find(&caller, id).await?;
    Ok(read::preview(&files, &file).await?)
}

/// The text of a document, by which it is found: of PDF, Office files and plain text.
#[utoipa::path(get, path = "/files/{id}/text", operation_id = "getFileText", tag = "files",
    params(("id" = String, Path)),
    responses((status = 200, body = FileText), (status = "default", body = Problem)))]
async fn get_text(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<FileId>,
) -> ApiResult<Json<FileText>> {
    let file = files.find(&caller, id).await?;
    Ok(Json(documents::of_file(&files.0.db, &file).await?))
}

/// An Office document as it is laid out: PDF, or a range of it.
#[utoipa::path(get, path = "/files/{id}/layout", operation_id = "getFileLayout", tag = "files",
    params(("id" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "application/pdf"),
        (status = 206, body = Vec<u8>, content_type = "application/pdf"),
        (status = "default", body = Problem)))]
async fn get_layout(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<FileId>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let file = files.find(&caller, id).await?;
    Ok(read::layout(&files, &file, &headers).await?)
}

/// How far the layout of an Office document is. Whoever asks first has it made.
#[utoipa::path(post, path = "/files/{id}/layout", operation_id = "askForFileLayout", tag = "files",
    params(("id" = String, Path)),
    responses((status = 200, body = FileLayout), (status = "default", body = Problem)))]
async fn ask_for_layout(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<FileId>,
) -> ApiResult<Json<FileLayout>> {
    Ok(Json(layouts::ask(&files, &caller, id).await?))
}

/// Signs a link that opens the file for a minute, without the caller's cookie or token.
#[utoipa::path(post, path = "/files/{id}/link", operation_id = "signFileLink", tag = "files",
    params(("id" = String, Path)),
    responses((status = 200, body = Link), (status = "default", body = Problem)))]
async fn sign_link(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<FileId>,
) -> ApiResult<Json<Link>> {
    Ok(Json(read::link(&files, &caller, id).await?))
}

/// The picture of what a link leads to, made small.
#[utoipa::path(get, path = "/links/{id}/image", operation_id = "getLinkImage", tag = "files",
    params(("id" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/jpeg"), (status = "default", body = Problem)))]
async fn get_link_image(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<LinkId>,
) -> ApiResult<Response> {
    Ok(links::picture(&files, &caller, id, links::Picture::Image).await?)
}

/// The icon of the site that a link leads to.
#[utoipa::path(get, path = "/links/{id}/icon", operation_id = "getLinkIcon", tag = "files",
    params(("id" = String, Path)),
    responses((status = 200, body = Vec<u8>, content_type = "image/webp"), (status = "default", body = Problem)))]
async fn get_link_icon(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<LinkId>,
) -> ApiResult<Response> {
    Ok(links::picture(&files, &caller, id, links::Picture::Icon).await?)
}

/// Gives a film that one has uploaded a picture to stand for it: PNG, JPEG, GIF or WebP, ≤ 2 MB.
#[utoipa::path(put, path = "/files/{id}/poster", operation_id = "setFilePoster", tag = "files",
    params(("id" = String, Path)),
    request_body(content = Vec<u8>, content_type = "image/jpeg"),
    responses((status = 200, body = File), (status = 409, body = Problem, description = "`no_poster`"),
        (status = "default", body = Problem)))]
async fn set_poster(
    State(files): State<Files>,
    caller: Caller,
    Path(id): Path<FileId>,
    body: Bytes,
) -> ApiResult<Json<File>> {
    Ok(Json(poster::set(&files, &caller, id, body).await?))
}
