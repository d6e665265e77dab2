//! A mail as HTML: nothing is loaded from anywhere, everything that people wrote is escaped.

use std::fmt::Write;

use super::{Sheet, words};

/// As HTML shows it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push_str("<br>"),
            c => out.push(c),
        }
    }
    out
}

/// The HTML of a mail.
pub(super) fn write(sheet: &Sheet<'_>) -> String {
    let mut out = String::new();
    // Writing into a String cannot fail.
    let _ = fill(&mut out, sheet);
    out
}

const FONT: &str =
    "font:15px/1.55 -apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif";
const QUIET: &str = "color:#5f6773;font-size:13px";

fn link(url: &str, words: &str) -> String {
    format!("<a href=\"{}\" style=\"color:#2a5fb4\">{}</a>", escaped(url), escaped(words))
}

fn fill(out: &mut String, sheet: &Sheet<'_>) -> std::fmt::Result {
    let zh = sheet.zh();
    let words = words::words(zh);
    let lang = if zh { "zh-CN" } else { "en" };
    write!(
        out,
        "<!doctype html><html lang=\"{lang}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title></head>\
         <body style=\"margin:0\"><div style=\"{FONT};max-width:600px;margin:0 auto;padding:24px\">",
        escaped(&words::subject(sheet.digest))
    )?;
    if sheet.direct {
        write!(out, "<div style=\"{QUIET}\">{}</div>", words::marker(zh))?;
    }
    write!(out, "<p>{}</p>", escaped(&words::intro(sheet.digest)))?;
    for (place, answer) in sheet.places() {
        let name = link(&sheet.url(&place.path), &words::place(place, zh));
        write!(out, "<h2 style=\"font-size:16px;margin:24px 0 8px\">{name}</h2>")?;
        for line in &place.lines {
            let time = link(&sheet.url(&line.path), &sheet.time(line));
            let text = if sheet.digest.texts { line.text.as_str() } else { words::hidden(zh) };
            write!(
                out,
                "<div style=\"margin:0 0 12px;padding-left:12px;border-left:3px solid #d5d9e0\">\
                 <div><strong>{}</strong> <span style=\"{QUIET}\">{time}</span></div><div>{}</div></div>",
                escaped(&line.sender),
                escaped(text)
            )?;
        }
        if let Some(address) = answer.filter(|_| !sheet.direct) {
            let to = format!("mailto:{address}?subject={}", encoded(words.answer_subject));
            write!(out, "<p style=\"margin:0 0 12px\">{}</p>", link(&to, words.answer))?;
        }
    }
    if let Some(more) = words::more(sheet.digest) {
        write!(out, "<p>{}</p>", escaped(&more))?;
    }
    if sheet.direct {
        write!(out, "<p>{}</p>", words.answer_this)?;
    }
    let open = link(&sheet.url(&format!("/o/{}", sheet.digest.org)), words.open);
    let settings = link(&sheet.settings(), words.settings);
    let end = link(&sheet.end, words.end);
    write!(
        out,
        "<p>{open}</p><p style=\"{QUIET};margin-top:32px\">{} {settings} · {end}</p></div></body></html>",
        words.why
    )
}

/// As a part of an address.
fn encoded(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_people_wrote_is_text() {
        let evil = "<img src=x onerror=\"a('b')\">&\n";
        let safe = "&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;<br>";
        assert_eq!(super::escaped(evil), safe);
    }
}
