//! What a person may take along, as other domains give it.

use async_trait::async_trait;
use serde_json::Value;
use weft_http::Caller;
use weft_kernel::{
    Fault, Micros,
    id::{ConversationId, FileId, PrincipalId},
};

use crate::shelf::Bytestream;

/// A conversation that somebody is in.
#[derive(Debug, Clone)]
pub struct Room {
    /// Public id.
    pub id: ConversationId,
    /// Empty where its people name it.
    pub name: String,
    /// The others, of a conversation that its people name.
    pub peers: Vec<PrincipalId>,
    /// As the API has it.
    pub json: Value,
}

/// A message that somebody may read.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Its place.
    pub seq: i64,
    /// Who sent it.
    pub from: Option<PrincipalId>,
    /// When.
    pub at: Micros,
    /// It is a reply in a thread.
    pub reply: bool,
    /// What it says, Markdown: mentions are ids. None for what is not there to be read.
    pub text: Option<String>,
    /// Files that came with it, and their names.
    pub files: Vec<(FileId, String)>,
    /// As the API has it.
    pub json: Value,
    /// It vanishes: it is counted and left out.
    pub vanishes: bool,
}

/// What somebody may read, now.
#[async_trait]
pub trait Own: Send + Sync {
    /// The conversations that the caller is in.
    ///
    /// # Errors
    /// Any database fault.
    async fn rooms(&self, caller: &Caller) -> Result<Vec<Room>, Fault>;

    /// Messages and replies after a place, oldest first; none: that was all.
    ///
    /// # Errors
    /// `not_found` when the caller may not read it any more, or any database fault.
    async fn entries(&self, caller: &Caller, room: ConversationId, after: i64) -> Result<Vec<Entry>, Fault>;

    /// The names of those of `ids` whom the caller may see.
    ///
    /// # Errors
    /// Any database fault.
    async fn names(&self, caller: &Caller, ids: &[PrincipalId]) -> Result<Vec<(PrincipalId, String)>, Fault>;

    /// A file's bytes; none when it is gone or not the caller's to read.
    ///
    /// # Errors
    /// A fault of the store.
    async fn file(&self, caller: &Caller, id: FileId) -> Result<Option<Bytestream>, Fault>;
}
