//! Pictures of emoji: taken in as files are, and given to every member of the org.

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use http::header;
use weft_http::{Caller, limits};
use weft_kernel::{Fault, id::EmojiId};
use weft_storage::params;

use super::sql;
use crate::{
    Brought, Files, Stored,
    address::Object,
    look::emblem::{self, Emblem, Frame},
    read::{guard, set, thumb},
};

/// How large an emoji may be.
pub(super) const FRAME: Frame = Frame { bytes: limits::EMOJI_BYTES, side: limits::EMOJI_SIDE };

/// Looks at the bytes of a picture.
pub(crate) async fn look(files: &Files, bytes: &Bytes, frame: Frame) -> Result<Emblem, Fault> {
    let _permit = files.0.decoders.acquire().await.map_err(Fault::internal)?;
    let bytes = bytes.clone();
    tokio::task::spawn_blocking(move || emblem::look(&bytes, frame)).await.map_err(Fault::internal)?
}

/// Keeps a picture as a file of the caller's. What nothing comes to name is waste in a day.
pub(crate) async fn keep(
    files: &Files,
    caller: &Caller,
    seen: Emblem,
    name: &str,
    bytes: Bytes,
) -> Result<Stored, Fault> {
    let ending = seen.mime.trim_start_matches("image/");
    let brought = Brought {
        id: files.0.env.id(),
        org: caller.org,
        uploader: caller.principal,
        name: format!("{name}.{ending}"),
        mime: Some(seen.mime.to_owned()),
        size: bytes.len() as i64,
        at: files.0.env.now(),
    };
    files.bring(brought, stream::iter([Ok::<_, std::io::Error>(bytes)])).await
}

/// The picture of a present emoji; `still`: one that does not move.
pub(super) async fn serve(
    files: &Files,
    caller: &Caller,
    id: EmojiId,
    still: bool,
) -> Result<Response, Fault> {
    let row = files.0.db.query_opt(sql::FILE, params![caller.org, id]).await?;
    let file = Stored::read(&row.ok_or_else(|| Fault::not_found("emoji"))?)?;
    serve_file(files, &file, still).await
}

/// A small picture, for good.
pub(crate) async fn serve_file(files: &Files, file: &Stored, still: bool) -> Result<Response, Fault> {
    let mut response = if still {
        thumb(files, file, None, false).await?
    } else {
        let address = files.0.keys.address(file.org, file.file.id, Object::Content);
        let mut response = files.0.store.load(&address).await?.into_response();
        guard(response.headers_mut(), false);
        set(response.headers_mut(), header::CONTENT_TYPE, &file.file.mime);
        response
    };
    // Under its id it never changes; whoever may no longer read it keeps what they had seen.
    set(response.headers_mut(), header::CACHE_CONTROL, "private, max-age=31536000, immutable");
    Ok(response)
}
