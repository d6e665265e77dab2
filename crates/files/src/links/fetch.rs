//! Fetching: a page, then its pictures.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use percent_encoding::percent_decode_str;
use weft_http::limits;
use weft_outbound::{Answer, Limits, Url, web_address};

use super::{
    card::{Card, Image},
    charset, page, pictures,
};
use crate::{Files, look::picture::Thumb};

const TIMEOUT: Duration = Duration::from_secs(8);
const REDIRECTS: u8 = 5;
/// Many sites tell what they hold only to whom they take for a browser.
const AGENT: &str = concat!("Mozilla/5.0 (compatible; Weft/", env!("CARGO_PKG_VERSION"), "; link preview)");

/// Nothing for now; another time it may be otherwise.
pub(super) struct Passing;

/// What was found.
pub(super) struct Found {
    pub(super) card: Card,
    pub(super) icon: Option<Vec<u8>>,
    pub(super) image: Option<Vec<u8>>,
}

impl Found {
    /// As they are stored.
    pub(super) fn pictures(&self) -> i64 {
        i64::from(self.icon.is_some()) + 2 * i64::from(self.image.is_some())
    }
}

/// A request of a page's or a picture's reader.
pub(super) fn request(url: &Url, accept: &str) -> Option<Request<Bytes>> {
    let builder = Request::get(url.as_str()).header(header::ACCEPT, accept).header(header::USER_AGENT, AGENT);
    builder.header(header::ACCEPT_LANGUAGE, "zh-CN,zh;q=0.9,en;q=0.8").body(Bytes::new()).ok()
}

/// What can be shown of `url`, which the message has as `address`.
pub(super) async fn fetch(files: &Files, address: &str, url: &Url) -> Result<Option<Found>, Passing> {
    let limits = Limits {
        timeout: TIMEOUT,
        max_body: limits::LINK_PAGE,
        max_redirects: REDIRECTS,
        ..Limits::default()
    };
    let Some(request) = request(url, "text/html,application/xhtml+xml,image/*;q=0.8,*/*;q=0.1") else {
        return Ok(None);
    };
    let answer = match files.0.links.outbound.send(request, limits).await {
        Ok(answer) => answer,
        Err(error) if error.is_passing() => return Err(Passing),
        Err(_) => return Ok(None),
    };
    if answer.status == StatusCode::TOO_MANY_REQUESTS || answer.status.is_server_error() {
        return Err(Passing);
    }
    if !answer.status.is_success() {
        return Ok(None);
    }
    let Ok(place) = web_address(&answer.url) else { return Ok(None) };
    let mime = content_type(&answer).unwrap_or_default();
    let found = match mime.split(';').next().unwrap_or_default().trim() {
        "text/html" | "application/xhtml+xml" => of_page(files, address, &place, &answer, &mime).await,
        "" if answer.body.trim_ascii_start().starts_with(b"<") => {
            of_page(files, address, &place, &answer, &mime).await
        }
        image if image.starts_with("image/") => of_picture(files, address, &place, answer).await,
        _ => None,
    };
    Ok(found)
}

fn content_type(answer: &Answer) -> Option<String> {
    Some(answer.headers.get(header::CONTENT_TYPE)?.to_str().ok()?.to_ascii_lowercase())
}

fn site_of(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").unwrap_or(host)
}

async fn of_page(files: &Files, address: &str, place: &Url, answer: &Answer, mime: &str) -> Option<Found> {
    let page = {
        let (body, mime, place) = (answer.body.clone(), mime.to_owned(), place.clone());
        let read = move || page::read(&charset::text(&body, Some(&mime)), &place);
        tokio::task::spawn_blocking(read).await.ok()?
    };
    let site = if page.site.trim().is_empty() { site_of(place) } else { &page.site };
    let card = Card::new(address, site, &page.title, &page.description);
    if card.title.is_empty() && card.description.is_empty() {
        return None;
    }
    let image = async { pictures::image(files, page.image.as_ref()?).await };
    let icon = async { pictures::icon(files, page.icon.as_ref()?).await };
    let (image, icon) = tokio::join!(image, icon);
    Some(with(card, image, icon))
}

async fn of_picture(files: &Files, address: &str, place: &Url, answer: Answer) -> Option<Found> {
    let thumb = match answer.truncated {
        true => pictures::itself(files, place).await,
        false => pictures::small(files, answer.body.to_vec(), 320, 24).await,
    };
    let name = place.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    let name = percent_decode_str(name).decode_utf8_lossy();
    let card = Card::new(address, site_of(place), &name, "");
    Some(with(card, Some(thumb?), None))
}

fn with(mut card: Card, image: Option<Thumb>, icon: Option<Thumb>) -> Found {
    card.icon = icon.is_some();
    card.image = image.as_ref().map(|image| Image {
        width: image.width,
        height: image.height,
        color: image.color.clone(),
    });
    Found { card, icon: icon.map(|icon| icon.bytes), image: image.map(|image| image.bytes) }
}
