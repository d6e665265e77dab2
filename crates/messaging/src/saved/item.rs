//! What is kept, as its owner sees it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_kernel::{
    Micros,
    id::{ConversationId, MessageId, SavedId},
};
use weft_storage::{DbResult, Envelope, Row};

use super::state;
use crate::wire::Message;

/// How far somebody is with what they keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SavedState {
    /// In progress.
    Open,
    /// Done.
    Done,
    /// Taken out.
    Gone,
}

impl SavedState {
    pub(super) fn stored(self) -> i64 {
        match self {
            SavedState::Open => state::OPEN,
            SavedState::Done => state::DONE,
            SavedState::Gone => state::GONE,
        }
    }

    pub(super) fn from_stored(stored: i64) -> SavedState {
        match stored {
            state::OPEN => SavedState::Open,
            state::DONE => SavedState::Done,
            _ => SavedState::Gone,
        }
    }
}

/// What is kept, without its words: enough to mark messages and to count what is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SavedMark {
    /// Public id.
    #[schema(value_type = String)]
    pub id: SavedId,
    /// The message; null for a note.
    #[schema(value_type = Option<String>)]
    pub message: Option<MessageId>,
    /// How far it is.
    pub state: SavedState,
    /// Since when it is kept.
    pub saved_at: Micros,
    /// When a reminder comes, or came.
    pub remind_at: Option<Micros>,
    /// When it came.
    pub reminded_at: Option<Micros>,
}

impl SavedMark {
    /// Reads `id, message, state, saved_at, remind_at, reminded_at`.
    pub(super) fn read(row: &Row) -> DbResult<SavedMark> {
        Ok(SavedMark {
            id: row.get(0)?,
            message: row.get(1)?,
            state: SavedState::from_stored(row.get(2)?),
            saved_at: row.get(3)?,
            remind_at: row.get(4)?,
            reminded_at: row.get(5)?,
        })
    }
}

/// What is kept, whole.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct SavedItem {
    /// Public id.
    #[schema(value_type = String)]
    pub(super) id: SavedId,
    /// The message's id; null for a note.
    #[schema(value_type = Option<String>)]
    pub(super) message_id: Option<MessageId>,
    /// Where the message is.
    #[schema(value_type = Option<String>)]
    pub(super) conversation: Option<ConversationId>,
    /// The message as it now is; null where there is none, or none that its owner may read now.
    pub(super) message: Option<Message>,
    /// Words beside it.
    pub(super) note: String,
    /// How far it is.
    pub(super) state: SavedState,
    /// Since when it is kept.
    pub(super) saved_at: Micros,
    /// When a reminder comes, or came.
    pub(super) remind_at: Option<Micros>,
    /// When it came.
    pub(super) reminded_at: Option<Micros>,
}

pub(super) fn seal(note: &str) -> Vec<u8> {
    Envelope.seal(note.as_bytes())
}

/// The words of a note; empty where they cannot be opened.
pub(super) fn open(sealed: &[u8]) -> String {
    let plain = Envelope.open(sealed).and_then(|plain| std::str::from_utf8(plain).ok());
    plain.unwrap_or_default().to_owned()
}
