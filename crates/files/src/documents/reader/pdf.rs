//! PDF, page by page.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document, PlainTextOutput, output_doc_page};

use super::{super::Reason, out::Out};

/// Pages that are read; whatever comes after is cut.
const PAGES: usize = 1_000;

pub(super) fn read(bytes: &[u8]) -> Result<Out, Reason> {
    let mut document = Document::load_mem(bytes).map_err(|error| refused(&error))?;
    // Many are only protected against changes: those open without a password.
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Err(Reason::Encrypted);
    }
    let pages = document.get_pages();
    if pages.is_empty() {
        return Err(Reason::Damaged);
    }
    let (mut out, mut failed) = (Out::default(), 0);
    for number in pages.keys().take(PAGES) {
        // A page that cannot be read does not take the others with it.
        let page = catch_unwind(AssertUnwindSafe(|| {
            let mut text = String::new();
            let mut writer = PlainTextOutput::new(&mut text);
            output_doc_page(&document, &mut writer, *number).map(|()| text)
        }));
        match page {
            Ok(Ok(text)) => {
                out.push(&text);
                out.push("\n\n");
            }
            _ => failed += 1,
        }
        if out.full() {
            break;
        }
    }
    if failed == pages.len().min(PAGES) {
        return Err(Reason::Damaged);
    }
    out.cut |= pages.len() > PAGES;
    Ok(out)
}

fn refused(error: &impl std::fmt::Display) -> Reason {
    let said = error.to_string().to_lowercase();
    let sealed = ["encrypt", "decrypt", "password"].iter().any(|word| said.contains(word));
    if sealed { Reason::Encrypted } else { Reason::Damaged }
}
