//! The bytes of files, back where files are kept.

use std::io::{self, Read};

use bytes::Bytes;
use tokio::sync::{mpsc, oneshot};
use weft_kernel::{Fault, OrgKey, PrincipalKey, id::FileId};
use weft_storage::{Uuid, Value};

use super::{Cx, heads::one, text};
use crate::{
    open::{self, Zip},
    refs::Of,
    sections::FILES,
    shelf::Described,
};

/// Bytes that are handed on at once.
const CHUNK: u64 = 256 << 10;
/// Chunks that the reader may be ahead.
const AHEAD: usize = 4;
/// Largest picture that stands for a film, in bytes.
const POSTER: u64 = 16 << 20;

/// A file whose thumbnails come from a poster.
const HAS_POSTER: i64 = 2;

/// Keeps those files of the batch, whose ids are the archive's, that are not here.
pub(super) async fn restore(cx: &mut Cx<'_>, batch: &[Vec<Value>]) -> Result<(), Fault> {
    for row in batch {
        let value = |column: &str| &row[FILES.at(column)];
        let (Value::Uuid(original), Value::Uuid(uploader)) = (value("id"), value("uploader")) else {
            continue;
        };
        let id = cx.ids.of(*original);
        if cx.here.files.contains_key(&id) {
            continue;
        }
        let uploader = cx.here.people.get(&cx.ids.of(*uploader)).copied();
        let file = Described {
            id: FileId::from_uuid(id),
            org: OrgKey(cx.here.org),
            uploader: PrincipalKey(uploader.ok_or_else(|| Fault::internal("an uploader is missing"))?),
            name: text(value("name")),
            mime: text(value("mime")),
            kind: text(value("kind")),
            size: one(value("size")),
            details: text(value("details")),
            created_at: one(value("created_at")),
        };
        let key = keep(cx, file, *original, one(value("picture")) == HAS_POSTER).await?;
        cx.here.files.insert(id, key);
    }
    Ok(())
}

async fn keep(cx: &mut Cx<'_>, file: Described, original: Uuid, has_poster: bool) -> Result<i64, Fault> {
    let name = Of::File.show(original);
    let mut zip = match cx.zip.take() {
        Some(zip) => zip,
        None => open::zip(&cx.archive.path)?,
    };
    let (poster_told, poster) = oneshot::channel();
    let (to, content) = mpsc::channel(AHEAD);
    let reader = tokio::task::spawn_blocking(move || {
        let picture = if has_poster { poster_of(&mut zip, &format!("posters/{name}")) } else { Ok(None) };
        // Whoever does not wait for it has stopped.
        let _ = poster_told.send(picture);
        if let Err(error) = copy(&mut zip, &format!("files/{name}"), &to) {
            let _ = to.blocking_send(Err(error));
        }
        zip
    });
    let poster = poster.await.map_err(Fault::internal)?.map_err(Fault::internal)?;
    let key = cx.shelf.restore(file, content, poster).await?;
    cx.zip = Some(reader.await.map_err(Fault::internal)?);
    Ok(key.0)
}

fn copy(zip: &mut Zip, entry: &str, to: &mpsc::Sender<io::Result<Bytes>>) -> io::Result<()> {
    let mut file = zip.by_name(entry).map_err(io::Error::other)?;
    loop {
        let mut chunk = Vec::new();
        (&mut file).take(CHUNK).read_to_end(&mut chunk)?;
        if chunk.is_empty() || to.blocking_send(Ok(chunk.into())).is_err() {
            return Ok(());
        }
    }
}

fn poster_of(zip: &mut Zip, entry: &str) -> io::Result<Option<Vec<u8>>> {
    let Ok(file) = zip.by_name(entry) else { return Ok(None) };
    let mut bytes = Vec::new();
    file.take(POSTER).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}
