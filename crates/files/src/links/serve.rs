//! Pictures of cards, for whoever may read a message that shows them.

use axum::response::{IntoResponse, Response};
use http::header;
use weft_http::Caller;
use weft_kernel::{
    Fault,
    id::{LinkId, OrgId},
};
use weft_storage::params;

use super::sql;
use crate::{
    Files,
    look::picture::mime,
    read::{guard, set},
};

/// Which picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Picture {
    /// Of the site.
    Icon = 1,
    /// Of the page.
    Image = 2,
}

impl Picture {
    /// As its object is named.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Picture::Icon => "icon",
            Picture::Image => "image",
        }
    }

    /// Those of a stored number.
    pub(crate) fn of(stored: i64) -> impl Iterator<Item = Picture> {
        [Picture::Icon, Picture::Image].into_iter().filter(move |one| stored & *one as i64 != 0)
    }
}

/// Answers with a picture.
///
/// # Errors
/// `not_found`.
pub(crate) async fn picture(
    files: &Files,
    caller: &Caller,
    id: LinkId,
    picture: Picture,
) -> Result<Response, Fault> {
    let nothing = || Fault::not_found("picture");
    let params = params![caller.org, id, caller.principal, i64::from(caller.is_guest())];
    let row = files.0.db.query_opt(sql::FIND, params).await?.ok_or_else(nothing)?;
    let (org, stored): (OrgId, i64) = (row.get(0)?, row.get(1)?);
    if !Picture::of(stored).any(|one| one == picture) {
        return Err(nothing());
    }
    let bytes = files.0.store.load(&files.0.keys.picture(org, id, picture.name())).await?;
    let mime = mime(&bytes);
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    guard(headers, false);
    set(headers, header::CONTENT_TYPE, mime);
    // What was found is never changed.
    set(headers, header::CACHE_CONTROL, "private, max-age=86400");
    Ok(response)
}
