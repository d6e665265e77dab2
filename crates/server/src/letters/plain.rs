//! A mail as plain text.

use std::fmt::Write;

use super::{Sheet, words};

/// The text of a mail.
pub(super) fn write(sheet: &Sheet<'_>) -> String {
    let mut out = String::new();
    // Writing into a String cannot fail.
    let _ = fill(&mut out, sheet);
    out
}

fn fill(out: &mut String, sheet: &Sheet<'_>) -> std::fmt::Result {
    let zh = sheet.zh();
    let words = words::words(zh);
    if sheet.direct {
        writeln!(out, "{}\n", words::marker(zh))?;
    }
    writeln!(out, "{}", words::intro(sheet.digest))?;
    for (place, answer) in sheet.places() {
        writeln!(out, "\n{}\n{}", words::place(place, zh), sheet.url(&place.path))?;
        for line in &place.lines {
            writeln!(out, "\n{} · {}", line.sender, sheet.time(line))?;
            let text = if sheet.digest.texts { line.text.as_str() } else { words::hidden(zh) };
            text.lines().try_for_each(|line| writeln!(out, "  {line}"))?;
        }
        if let Some(address) = answer.filter(|_| !sheet.direct) {
            writeln!(out, "\n{}: mailto:{address}", words.answer)?;
        }
    }
    if let Some(more) = words::more(sheet.digest) {
        writeln!(out, "\n{more}")?;
    }
    if sheet.direct {
        writeln!(out, "\n{}", words.answer_this)?;
    }
    let open = sheet.url(&format!("/o/{}", sheet.digest.org));
    writeln!(out, "\n{}: {open}", words.open)?;
    writeln!(out, "\n{}\n{}: {}\n{}: {}", words.why, words.settings, sheet.settings(), words.end, sheet.end)
}
