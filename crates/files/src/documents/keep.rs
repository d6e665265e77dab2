//! Texts as they are stored.

use serde::Serialize;
use utoipa::ToSchema;
use weft_kernel::{LogKey, id::FileId};
use weft_storage::{Db, DbResult, Envelope, Tx, params};

use super::{Format, Read, Reason};
use crate::{Stored, sql};

/// Bytes of text that all documents of one message give to search.
const OF_MESSAGE: i64 = 4 << 20;

/// Whether a file's text is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileTextState {
    /// It is no document.
    None,
    /// It was not read yet.
    Pending,
    /// It was read.
    Ready,
    /// It cannot be read: see `reason`.
    Unreadable,
}

/// The text of a document, as far as it is kept.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FileText {
    /// Whether there is any.
    pub(crate) state: FileTextState,
    /// Why it cannot be read: `encrypted`, `damaged`, `too_large`, `too_complex`, `unsupported`,
    /// `no_text`, `unavailable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// There is more of it than is kept.
    pub(crate) cut: bool,
    /// The text, at most 1 MiB; empty when there is none.
    pub(crate) text: String,
}

/// A document of a message.
#[derive(Debug)]
pub struct DocumentText {
    /// Which file.
    pub file: FileId,
    /// What it says, as far as it is kept.
    pub text: String,
}

/// The text of a file.
pub(crate) async fn of_file(db: &Db, file: &Stored) -> DbResult<FileText> {
    let nothing = |state| FileText { state, reason: None, cut: false, text: String::new() };
    if Format::of(file).is_none() {
        return Ok(nothing(FileTextState::None));
    }
    let Some(mut row) = db.query_opt(sql::TEXT, params![file.key]).await? else {
        return Ok(nothing(FileTextState::Pending));
    };
    let (state, cut): (String, i64) = (row.get(0)?, row.get(1)?);
    let sealed = row.take_bytes(2).ok();
    let text = sealed.and_then(|sealed| opened(&sealed));
    Ok(match text {
        Some(text) => FileText { state: FileTextState::Ready, reason: None, cut: cut != 0, text },
        None => FileText { reason: Some(state), ..nothing(FileTextState::Unreadable) },
    })
}

/// The texts of the documents that one message refers to, as far as search looks at them. Whoever
/// asks has made sure that the message may be read.
///
/// # Errors
/// Any database error.
pub async fn of_message(db: &Db, log: LogKey, seq: i64) -> DbResult<Vec<DocumentText>> {
    let mut found = Vec::new();
    let mut left = OF_MESSAGE;
    for row in db.query(sql::TEXTS_OF_MESSAGE, params![log, seq]).await? {
        let (key, size): (i64, i64) = (row.get(0)?, row.get(1)?);
        left -= size;
        if left < 0 {
            break;
        }
        let Some(mut row) = db.query_opt(sql::TEXT_BODY, params![key]).await? else { continue };
        let file = row.get(0)?;
        let sealed = row.take_bytes(1).ok();
        if let Some(text) = sealed.and_then(|sealed| opened(&sealed)) {
            found.push(DocumentText { file, text });
        }
    }
    Ok(found)
}

fn opened(sealed: &[u8]) -> Option<String> {
    String::from_utf8(Envelope.open(sealed)?.to_vec()).ok()
}

/// Notes what was read in a file, or why nothing was; false when it is gone.
pub(super) async fn write(
    tx: &mut Tx,
    file: &Stored,
    read: &Result<Read, Reason>,
    now: i64,
) -> DbResult<bool> {
    // Its row's lock: whoever removes the file does so before this, or finds the text.
    if tx.execute(sql::LOCK, params![file.key]).await? == 0 {
        return Ok(false);
    }
    let seq: i64 = tx.query_one(sql::NEXT_TEXT, params![file.key]).await?.get(0)?;
    let (state, cut, size, body) = match read {
        Ok(Read { text, cut }) => {
            ("ready", i64::from(*cut), text.len() as i64, Some(Envelope.seal(text.as_bytes())))
        }
        Err(reason) => (reason.name(), 0, 0, None),
    };
    tx.execute(sql::PUT_TEXT, params![file.key, seq, state, cut, size, now, body]).await?;
    Ok(true)
}
