//! Imports over HTTP, for owners and admins.

use std::{
    path::{Path as FsPath, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum::{
    body::Body,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::{
    fs::File,
    io::AsyncWriteExt,
    sync::{Mutex, OwnedMutexGuard},
};
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{Admin, ApiResult, Json, Module, Page, Path, Problem, Query, limits};
use weft_kernel::{
    Env, Fault, FaultKind,
    id::{ImportId, PrincipalId},
};
use weft_storage::Db;

use crate::{
    format::{Format, Input},
    mapping::{self, MapTo},
    runs::{self, Import, Run},
    shelf::Shelf,
};

/// What the domain needs.
#[derive(Clone)]
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Time and ids.
    pub env: Env,
    /// Where uploads lie while they are imported.
    pub folder: PathBuf,
    /// Where the files of messages go.
    pub shelf: Arc<dyn Shelf>,
}

#[derive(Clone)]
struct Cx {
    db: Db,
    env: Env,
    folder: Arc<FsPath>,
    shelf: Arc<dyn Shelf>,
    /// One import at a time: two would only fight for the database.
    turn: Arc<Mutex<()>>,
}

/// The domain's routes.
pub fn module(deps: Deps) -> Module {
    let cx = Cx {
        db: deps.db,
        env: deps.env,
        folder: deps.folder.into(),
        shelf: deps.shelf,
        turn: Arc::default(),
    };
    let router = OpenApiRouter::new()
        .routes(routes!(start, list))
        .routes(routes!(get))
        .routes(routes!(map))
        .layer(DefaultBodyLimit::disable())
        .with_state(cx);
    Module { name: "imports", router }
}

/// How often runs are looked for whose process is gone.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// Marks imports as failed whose process is gone, now and from time to time. Runs until dropped.
pub async fn watch(db: Db, env: Env) {
    let mut tick = tokio::time::interval(LOOK_EVERY);
    loop {
        tick.tick().await;
        match runs::recover(&db, &env).await {
            Ok(0) => {}
            Ok(_) => tracing::warn!("an import was interrupted when its process ended; it can be run again"),
            Err(fault) => tracing::warn!(%fault, "interrupted imports could not be looked for"),
        }
    }
}

/// Removes uploads from `folder`, which must be the one of [`Deps`], that no process works on any
/// more. Call it when the server starts.
pub fn tidy(folder: &FsPath) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        // Whoever receives or reads an upload holds its lock: see `Upload`.
        let left = std::fs::File::open(&path).is_ok_and(|file| file.try_lock().is_ok());
        if left && let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!(%error, file = %path.display(), "an old upload cannot be removed");
        }
    }
}

#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct StartQuery {
    /// What the body is.
    #[serde(default)]
    #[param(inline)]
    source: Format,
    /// Only report what would come in.
    #[serde(default)]
    dry_run: bool,
}

#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Started {
    /// The run's id.
    #[schema(value_type = String)]
    id: ImportId,
}

/// Takes an export (the zip as the body, or Mattermost's `.jsonl`) and imports it in the background.
#[utoipa::path(post, path = "/imports", operation_id = "startImport", tag = "imports",
    params(StartQuery),
    request_body(content = Vec<u8>, content_type = "application/zip"),
    responses((status = 202, body = Started),
        (status = 409, body = Problem, description = "`import_running`"),
        (status = "default", body = Problem)))]
async fn start(
    State(cx): State<Cx>,
    Admin(caller): Admin,
    Query(query): Query<StartQuery>,
    body: Body,
) -> ApiResult<(StatusCode, Json<Started>)> {
    let turn = cx.turn.clone().try_lock_owned().map_err(|_| {
        Fault::conflict("import_running", "Another import is running. Wait until it is done.")
    })?;
    let upload = Upload::receive(&cx.folder.join(format!("{}.upload", cx.env.uuid())), body).await?;
    let who = Some(caller.principal);
    let run = runs::begin(&cx.db, &cx.env, caller.org, query.source, who, query.dry_run).await?;
    tokio::spawn(work(cx, run, query.source, upload, turn));
    Ok((StatusCode::ACCEPTED, Json(Started { id: run.id })))
}

async fn work(cx: Cx, run: Run, format: Format, upload: Upload, _turn: OwnedMutexGuard<()>) {
    let input = Input { format, path: upload.path.clone(), folder: cx.folder.to_path_buf() };
    match runs::import(&cx.db, &cx.env, &run, input, Some(&*cx.shelf), &|_| {}).await {
        Ok(report) => tracing::info!(import = %run.id, messages = report.messages, "import done"),
        Err(fault) => tracing::warn!(import = %run.id, code = fault.code_str(), "import failed"),
    }
}

/// A received file, removed when dropped. It is locked as long, so that another server that starts
/// beside this one does not take it for one left behind.
struct Upload {
    path: PathBuf,
    _lock: std::fs::File,
}

impl Upload {
    async fn receive(path: &FsPath, body: Body) -> Result<Upload, Fault> {
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await.map_err(unwritable)?;
        }
        let lock = std::fs::File::create(path).map_err(unwritable)?;
        lock.lock().map_err(unwritable)?;
        let mut file = File::from_std(lock.try_clone().map_err(unwritable)?);
        let upload = Upload { path: path.to_owned(), _lock: lock };
        let mut left = limits::IMPORT_ARCHIVE;
        let mut body = body.into_data_stream();
        while let Some(chunk) = body.next().await {
            let chunk =
                chunk.map_err(|_| Fault::new(FaultKind::BadRequest, "The upload broke off. Try again."))?;
            left = left.checked_sub(chunk.len() as u64).ok_or_else(too_large)?;
            file.write_all(&chunk).await.map_err(unwritable)?;
        }
        file.flush().await.map_err(unwritable)?;
        Ok(upload)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_file(&self.path) {
            tracing::warn!(%error, file = %self.path.display(), "an upload cannot be removed");
        }
    }
}

fn too_large() -> Fault {
    Fault::new(
        FaultKind::TooLarge,
        "The archive is larger than 16 GiB. Import it on the server with `weft import`.",
    )
}

fn unwritable(error: std::io::Error) -> Fault {
    Fault::unavailable("The server cannot keep the upload: its disk is full or not writable.", error)
        .code("storage_full")
}

/// The latest imports, newest first.
#[utoipa::path(get, path = "/imports", operation_id = "listImports", tag = "imports",
    responses((status = 200, body = Page<Import>), (status = "default", body = Problem)))]
async fn list(State(cx): State<Cx>, Admin(caller): Admin) -> ApiResult<Json<Page<Import>>> {
    Ok(Json(runs::list(&cx.db, caller.org).await?))
}

/// One import and how far it is.
#[utoipa::path(get, path = "/imports/{id}", operation_id = "getImport", tag = "imports",
    params(("id" = String, Path)),
    responses((status = 200, body = Import), (status = "default", body = Problem)))]
async fn get(
    State(cx): State<Cx>,
    Admin(caller): Admin,
    Path(id): Path<ImportId>,
) -> ApiResult<Json<Import>> {
    Ok(Json(runs::get(&cx.db, caller.org, id).await?))
}

/// Gives a placeholder's history to another person; the placeholder is theirs from then on.
#[utoipa::path(post, path = "/principals/{id}/map", operation_id = "mapPrincipal", tag = "imports",
    params(("id" = String, Path)), request_body = MapTo,
    responses((status = 204),
        (status = 409, body = Problem, description = "`not_a_placeholder`"),
        (status = "default", body = Problem)))]
async fn map(
    State(cx): State<Cx>,
    admin: Admin,
    Path(id): Path<PrincipalId>,
    Json(target): Json<MapTo>,
) -> ApiResult<StatusCode> {
    mapping::map(&cx.db, &cx.env, &admin, id, target.to).await?;
    Ok(StatusCode::NO_CONTENT)
}
