//! The end of an upload: looked at, kept, and a file from then on.

use tokio::fs::OpenOptions;
use weft_kernel::{Fault, FaultKind, FileKey, Micros, OrgKey, id::FileId};
use weft_storage::params;

use super::{UNSENT, Was, Whole, receive::staged};
use crate::{
    File, Files,
    address::Object,
    details::PICTURE_NONE,
    documents,
    look::{self, Look, picture},
    settings, sql,
    store::unwritable,
};

/// How long an object may wait for its file.
const PENDING: Micros = 3_600 * 1_000_000;

/// Makes the file of an upload whose bytes are all here. What is refused for good is thrown away;
/// after any other failure the upload can be finished again.
pub(super) async fn finish(files: &Files, whole: &Whole<'_>) -> Result<File, Fault> {
    let done = keep(files, whole).await;
    if let Err(fault) = &done
        && matches!(fault.kind(), FaultKind::Invalid | FaultKind::Forbidden | FaultKind::TooLarge)
    {
        discard(files, whole.id, whole.owner.org, whole.size).await?;
    }
    done
}

async fn keep(files: &Files, whole: &Whole<'_>) -> Result<File, Fault> {
    let path = staged(files, whole.id);
    let file = OpenOptions::new().write(true).open(&path).await.map_err(unwritable)?;
    file.sync_all().await.map_err(unwritable)?;
    drop(file);
    let found = {
        let _permit = files.0.decoders.acquire().await.map_err(Fault::internal)?;
        let (path, size, request) = (path.clone(), whole.size, whole.request.clone());
        let work = move || look::look(&path, size, &request);
        tokio::task::spawn_blocking(work).await.map_err(Fault::internal)??
    };
    let found = believe(found, whole.was);
    if let Some(scanner) = &files.0.scanner {
        scanner.pass(&path).await?;
    }
    let address = |object| files.0.keys.address(whole.owner.org_id, whole.id, object);
    let content = address(Object::Content);
    pend(files, &content).await?;
    files.0.store.take(&content, &path).await?;
    if let Some(thumb) = &found.thumb {
        let small = address(Object::Thumb(picture::SIZES[0]));
        pend(files, &small).await?;
        files.0.store.put(&small, thumb).await?;
    }
    let file = add(files, whole, found, &content).await?;
    // It is still there when it was copied to another disk or a bucket.
    let _ = tokio::fs::remove_file(&path).await;
    Ok(file)
}

/// What was known of a file elsewhere, if its bytes say the same here.
fn believe(found: Look, was: Option<&Was>) -> Look {
    match was {
        Some(was) if was.mime == found.mime && was.kind == found.kind.name() => {
            Look { details: was.details.clone(), ..found }
        }
        _ => found,
    }
}

/// Notes that an object is waste unless its file comes to be.
pub(crate) async fn pend(files: &Files, address: &str) -> Result<(), Fault> {
    files.0.db.execute(sql::WASTE, params![address, files.0.env.now() + PENDING]).await?;
    Ok(())
}

async fn add(files: &Files, whole: &Whole<'_>, found: Look, content: &str) -> Result<File, Fault> {
    let now = files.0.env.now();
    let details = serde_json::to_string(&found.details).map_err(Fault::internal)?;
    let name = &whole.request.name;
    let created_at = whole.created_at.unwrap_or(now);
    let mut tx = files.0.db.begin().await?;
    let row = params![
        whole.id,
        whole.owner.org,
        whole.owner.principal,
        name,
        weft_kernel::names::fold(name),
        &found.mime,
        found.kind.name(),
        whole.size,
        &found.sha256[..],
        details,
        found.picture,
        found.preview.name(),
        created_at,
        now + UNSENT,
    ];
    let FileKey(key) = tx.query_one(sql::ADD, row).await?.get(0)?;
    documents::leave(&mut tx, found.kind, key, now).await?;
    tx.execute(sql::DROP_UPLOAD, params![whole.id]).await?;
    tx.execute(sql::NO_WASTE, params![content]).await?;
    if found.picture != PICTURE_NONE {
        let small = files.0.keys.address(whole.owner.org_id, whole.id, Object::Thumb(picture::SIZES[0]));
        tx.execute(sql::NO_WASTE, params![small]).await?;
    }
    tx.commit().await?;
    files.0.unread.notify_one();
    Ok(File {
        id: whole.id,
        name: name.clone(),
        mime: found.mime,
        size: whole.size,
        kind: found.kind,
        details: found.details,
        preview: found.preview,
        thumb: found.picture != PICTURE_NONE,
        created_at,
    })
}

/// Throws an upload away and gives its bytes back.
pub(crate) async fn discard(files: &Files, id: FileId, org: OrgKey, size: i64) -> Result<(), Fault> {
    let mut tx = files.0.db.begin().await?;
    if tx.execute(sql::DROP_UPLOAD, params![id]).await? == 1 {
        settings::release(&mut tx, org, size).await?;
    }
    tx.commit().await?;
    match tokio::fs::remove_file(staged(files, id)).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unwritable(error)),
        _ => Ok(()),
    }
}
