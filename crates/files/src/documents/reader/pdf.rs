//! PDF, page by page.

use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Document, PlainTextOutput, output_doc_page};

use super::{super::Reason, out::Out};

/// Pages that are read; whatever comes after is cut.
const PAGES: usize = 1_000;

/// Reads what is protected against changes only, too: that opens without a password.
pub(super) fn read(bytes: &[u8]) -> Result<Out, Reason> {
    // How an encrypted one fails depends on how it is encrypted; that it is stands there in clear.
    let sealed = || memchr::memmem::find(bytes, b"/Encrypt").is_some();
    opened(bytes).map_err(|reason| if sealed() { Reason::Encrypted } else { reason })
}

fn opened(bytes: &[u8]) -> Result<Out, Reason> {
    let mut document = Document::load_mem(bytes).map_err(|_| Reason::Damaged)?;
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
