//! The type of a file by its first bytes. A name only tells texts and old Office files apart, which
//! look alike inside.

use infer::MatcherType;

use super::text;
use crate::{Kind, names::extension};

/// A type, and how it is shown.
#[derive(Debug, PartialEq)]
pub(super) struct Sniffed {
    pub(super) mime: String,
    pub(super) kind: Kind,
}

impl Sniffed {
    pub(super) fn new(mime: &str, kind: Kind) -> Sniffed {
        Sniffed { mime: mime.to_owned(), kind }
    }
}

/// Pictures that browsers show and that thumbnails are made of.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];
/// Films and sound may share a container: there, who recorded it says which it is.
const CONTAINERS: [&str; 4] = ["video/webm", "video/mp4", "video/x-matroska", "audio/ogg"];
const FILMS: [&str; 4] = ["video/mp4", "video/webm", "video/quicktime", "video/x-matroska"];
const SOUND: [(&str, &str); 8] = [
    ("audio/mpeg", "audio/mpeg"),
    ("audio/m4a", "audio/mp4"),
    ("audio/ogg", "audio/ogg"),
    ("audio/opus", "audio/ogg"),
    ("audio/x-flac", "audio/flac"),
    ("audio/x-wav", "audio/wav"),
    ("audio/aac", "audio/aac"),
    ("audio/webm", "audio/webm"),
];
/// Compound files of old Office programs, by extension: inside they look alike.
const OLD_OFFICE: [(&str, &str); 6] = [
    ("doc", "application/msword"),
    ("dot", "application/msword"),
    ("xls", "application/vnd.ms-excel"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pps", "application/vnd.ms-powerpoint"),
    ("wps", "application/vnd.ms-works"),
];
/// The beginning of a compound file (OLE2).
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// The type of a file that begins with `head`.
pub(super) fn sniff(head: &[u8], name: &str, claimed: Option<&str>) -> Sniffed {
    let end = extension(name);
    let end = end.as_deref().unwrap_or_default();
    if head.starts_with(COMPOUND) {
        let known = OLD_OFFICE.iter().find(|(e, _)| *e == end);
        return match known {
            Some((_, mime)) => Sniffed::new(mime, Kind::Office),
            // New Office files that are encrypted come in the old container.
            None if ["docx", "xlsx", "pptx"].contains(&end) => {
                Sniffed::new("application/x-ole-storage", Kind::Office)
            }
            None => Sniffed::new("application/x-ole-storage", Kind::Other),
        };
    }
    let found = infer::get(head).filter(|found| found.matcher_type() != MatcherType::Text);
    match found {
        Some(found) => by_magic(found.mime_type(), found.matcher_type(), claimed),
        None if text::is_text(head) => text(head, end),
        None => Sniffed::new("application/octet-stream", Kind::Other),
    }
}

fn by_magic(mime: &str, matcher: MatcherType, claimed: Option<&str>) -> Sniffed {
    if PICTURES.contains(&mime) {
        return Sniffed::new(mime, Kind::Image);
    }
    if CONTAINERS.contains(&mime)
        && let Some(said) = claimed.map(|mime| mime.split(';').next().unwrap_or_default().trim())
        && said.starts_with("audio/")
    {
        let mime = if mime == "audio/ogg" { mime } else { &mime.replace("video/", "audio/") };
        return Sniffed::new(mime, Kind::Audio);
    }
    if let Some((_, mime)) = SOUND.iter().find(|(m, _)| *m == mime) {
        return Sniffed::new(mime, Kind::Audio);
    }
    if FILMS.contains(&mime) {
        return Sniffed::new(mime, Kind::Video);
    }
    match matcher {
        _ if mime == "application/pdf" => Sniffed::new(mime, Kind::Pdf),
        // What kind of Office file a zip is, its index tells.
        MatcherType::Doc => Sniffed::new("application/zip", Kind::Archive),
        MatcherType::Book if mime == "application/epub+zip" => Sniffed::new("application/zip", Kind::Archive),
        MatcherType::Archive => Sniffed::new(mime, Kind::Archive),
        _ => Sniffed::new(mime, Kind::Other),
    }
}

/// Extensions of text for people; other text is for machines if its extension is known at all.
const PROSE: [&str; 8] = ["", "txt", "text", "log", "md", "markdown", "csv", "tsv"];

fn text(head: &[u8], end: &str) -> Sniffed {
    // Markup says what it is, whatever its name: what a browser might run is never "plain" text.
    let start = String::from_utf8_lossy(&head[..head.len().min(1024)]).trim_start().to_ascii_lowercase();
    if start.contains("<svg") {
        return Sniffed::new("image/svg+xml", Kind::Code);
    }
    if start.starts_with("<!doctype html")
        || start.starts_with("<html")
        || ["html", "htm", "xhtml"].contains(&end)
    {
        return Sniffed::new("text/html", Kind::Code);
    }
    if PROSE.contains(&end) {
        let mime = match end {
            "md" | "markdown" => "text/markdown",
            "csv" => "text/csv",
            "tsv" => "text/tab-separated-values",
            _ => "text/plain",
        };
        return Sniffed::new(mime, Kind::Text);
    }
    let guess = mime_guess::from_ext(end).first_raw().unwrap_or("text/plain");
    let textual = guess.starts_with("text/")
        || [
            "application/json",
            "application/javascript",
            "application/xml",
            "application/toml",
            "application/yaml",
        ]
        .contains(&guess)
        || guess.ends_with("+xml")
        || guess.ends_with("+json");
    Sniffed::new(if textual { guess } else { "text/plain" }, Kind::Code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(head: &[u8], name: &str) -> (String, Kind) {
        let found = sniff(head, name, None);
        (found.mime, found.kind)
    }

    #[test]
    fn bytes_win_over_names() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert_eq!(kind(png, "report.pdf"), ("image/png".into(), Kind::Image));
        assert_eq!(kind(b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff", "photo.png").1, Kind::Other);
        assert_eq!(kind(b"\x7fELF\x02\x01\x01\0\0\0\0\0", "photo.jpg").1, Kind::Other);
        assert_eq!(kind(b"<svg onload=alert(1)>", "photo.png"), ("image/svg+xml".into(), Kind::Code));
        assert_eq!(kind(b"<?xml version=\"1.0\"?><svg/>", "x.xml").0, "image/svg+xml");
        assert_eq!(kind(b"<!DOCTYPE html><script>", "notes.txt"), ("text/html".into(), Kind::Code));
        assert_eq!(
            kind(b"\0\x01\x02\x03rubbish", "film.mp4"),
            ("application/octet-stream".into(), Kind::Other)
        );
    }

    #[test]
    fn texts_are_told_apart_by_their_names() {
        assert_eq!(kind("第一行\n".as_bytes(), "a.txt"), ("text/plain".into(), Kind::Text));
        assert_eq!(kind(b"fn main() {}", "main.rs").1, Kind::Code);
        assert_eq!(kind(b"a,b\n1,2\n", "t.csv"), ("text/csv".into(), Kind::Text));
        assert_eq!(kind(b"{}", "a.json"), ("application/json".into(), Kind::Code));
        assert_eq!(kind(b"", "empty.txt"), ("text/plain".into(), Kind::Text));
        assert_eq!(kind(b"hello", "program.exe"), ("text/plain".into(), Kind::Code));
    }

    #[test]
    fn sound_in_a_film_container_is_sound() {
        let head = b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm";
        let webm = &[head.as_slice(), &[0; 300]].concat();
        assert_eq!(sniff(webm, "v.webm", None), Sniffed::new("video/webm", Kind::Video));
        let said = Some("audio/webm;codecs=opus");
        assert_eq!(sniff(webm, "v.webm", said), Sniffed::new("audio/webm", Kind::Audio));
        assert_eq!(sniff(b"plain", "v.webm", said).kind, Kind::Code, "only what is such a container");
    }

    #[test]
    fn old_office_files() {
        assert_eq!(kind(&[COMPOUND, &[0; 64]].concat(), "a.xls").0, "application/vnd.ms-excel");
        assert_eq!(kind(&[COMPOUND, &[0; 64]].concat(), "secret.docx").1, Kind::Office);
        assert_eq!(kind(&[COMPOUND, &[0; 64]].concat(), "thumbs.db").1, Kind::Other);
    }
}
