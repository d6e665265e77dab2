//! Pictures of pages: fetched, decoded within limits, and made small. A drawing (SVG) is none.

use std::time::Duration;

use weft_http::limits;
use weft_outbound::{Limits, Url};

use super::fetch::request;
use crate::{
    Files,
    look::picture::{self, Thumb},
};

/// The longer side of a card's picture, in pixels.
const SIDE: u32 = 320;
/// The longer side of an icon, in pixels.
const ICON: u32 = 64;
/// What is smaller is no picture but a mark to count readers by.
const SMALLEST: u32 = 24;
const TIMEOUT: Duration = Duration::from_secs(8);

/// The picture at `url`, made small.
pub(super) async fn image(files: &Files, url: &Url) -> Option<Thumb> {
    fetch(files, url, SIDE, SMALLEST).await
}

/// The icon at `url`.
pub(super) async fn icon(files: &Files, url: &Url) -> Option<Thumb> {
    fetch(files, url, ICON, 1).await
}

async fn fetch(files: &Files, url: &Url, side: u32, smallest: u32) -> Option<Thumb> {
    let limits =
        Limits { timeout: TIMEOUT, max_body: limits::LINK_PICTURE, max_redirects: 4, ..Limits::default() };
    let request = request(url, "image/webp,image/png,image/jpeg,image/gif,image/*;q=0.5")?;
    let answer = files.0.links.outbound.send(request, limits).await.ok()?.whole().ok()?;
    if !answer.status.is_success() {
        return None;
    }
    small(files, answer.body.to_vec(), side, smallest).await
}

/// Bytes of a stranger as a picture of ours.
pub(super) async fn small(files: &Files, bytes: Vec<u8>, side: u32, smallest: u32) -> Option<Thumb> {
    let _permit = files.0.decoders.acquire().await.ok()?;
    let made = tokio::task::spawn_blocking(move || picture::thumb_of_stranger(&bytes, side)).await.ok()??;
    (made.width >= smallest && made.height >= smallest).then_some(made)
}

/// A picture that a link leads to itself.
pub(super) async fn itself(files: &Files, url: &Url) -> Option<Thumb> {
    image(files, url).await
}
