//! A conversation as a page to read, without anything that runs.

use std::fmt::Write;

use rustc_hash::FxHashMap;
use weft_kernel::{Micros, id::PrincipalId};

use super::{Entry, entry_of_file};

/// Names by `usr_…`.
pub(super) type Names = FxHashMap<String, String>;

const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:46em;margin:2em auto;padding:0 1em;\
color:#1b1f23;background:#fff}h1{font-size:1.3em}p{margin:.2em 0 0;white-space:pre-wrap;overflow-wrap:anywhere}\
article{margin:1em 0}.reply{margin-left:2em}small{color:#667;margin-left:.5em}li{margin:.3em 0}\
@media(prefers-color-scheme:dark){body{color:#e6e8eb;background:#16181b}a{color:#7cc4e8}small{color:#9aa}}";

/// The beginning of a page.
pub(super) fn head(title: &str) -> String {
    let title = escape(title);
    format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title}</title><style>{STYLE}</style></head><body><h1>{title}</h1>\n"
    )
}

/// The end of a page.
pub(super) const END: &str = "</body></html>\n";

/// The first page: where each conversation is.
pub(super) fn index(title: &str, rooms: &[(String, String)]) -> String {
    let mut page = head(title);
    page.push_str("<ul>\n");
    for (id, name) in rooms {
        let _ = writeln!(page, "<li><a href=\"conversations/{id}.html\">{}</a></li>", escape(name));
    }
    page.push_str("</ul>\n");
    page + END
}

/// One message; nothing for what says nothing to people.
pub(super) fn article(entry: &Entry, names: &Names, with_files: bool) -> String {
    let Some(text) = &entry.text else { return String::new() };
    let from = entry.from.map(|id| named(names, id)).unwrap_or_default();
    let class = if entry.reply { " class=\"reply\"" } else { "" };
    let mut out = format!("<article{class}><b>{}</b><small>{}</small>", escape(&from), when(entry.at));
    if !text.is_empty() {
        let _ = write!(out, "<p>{}</p>", escape(&with_names(text, names)));
    }
    for (id, name) in &entry.files {
        let name_html = escape(name);
        let _ = match with_files {
            true => {
                write!(out, "<p><a href=\"../{}\">{name_html}</a></p>", address(&entry_of_file(*id, name)))
            }
            false => write!(out, "<p>[{name_html}]</p>"),
        };
    }
    out + "</article>\n"
}

fn named(names: &Names, id: PrincipalId) -> String {
    let id = id.to_string();
    names.get(&id).cloned().unwrap_or(id)
}

/// Puts names in the place of `<@usr_…>`.
fn with_names(text: &str, names: &Names) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<@") {
        out.push_str(before);
        match after.split_once('>') {
            Some((id, next)) if id.len() < 64 => {
                let _ = write!(out, "@{}", names.get(id).map_or(id, String::as_str));
                rest = next;
            }
            _ => {
                out.push_str("<@");
                rest = after;
            }
        }
    }
    out + rest
}

/// In UTC, to the second.
fn when(at: Micros) -> String {
    jiff::Timestamp::from_microsecond(at)
        .map(|time| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
        .unwrap_or_default()
}

/// A path within the zip as an address.
fn address(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => out.push(byte as char),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_never_becomes_markup() {
        let names = Names::from_iter([("usr_1".to_owned(), "<b>Mei</b>".to_owned())]);
        assert_eq!(
            escape(&with_names("<@usr_1> <script> <@", &names)),
            "@&lt;b&gt;Mei&lt;/b&gt; &lt;script&gt; &lt;@"
        );
        assert_eq!(with_names("a <@usr_2> b", &names), "a @usr_2 b");
        assert_eq!(address("files/a b\"号.txt"), "files/a%20b%22%E5%8F%B7.txt");
        assert!(head("</title><script>").contains("&lt;/title&gt;"));
    }
}
