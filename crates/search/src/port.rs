//! What search needs of other domains; the server fills it.

use async_trait::async_trait;
use serde_json::Value;
use uuid::Uuid;
use weft_http::Caller;
use weft_kernel::{Fault, LogKey};
use weft_storage::DbResult;

use crate::index::schema::Place;

/// What a message says, as far as search cares.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The text that people read, without markup; parts on lines of their own. Ids in it are
    /// replaced by [`REFERENCE`](crate::snippet::REFERENCE).
    pub text: String,
    /// What those stand for, in order.
    pub refs: Vec<String>,
    /// It holds an address.
    pub link: bool,
    /// It holds code.
    pub code: bool,
    /// It holds files.
    pub file: bool,
    /// One of them is a picture.
    pub image: bool,
    /// Ids of the people mentioned.
    pub mentions: Vec<Uuid>,
    /// Everybody is mentioned.
    pub everybody: bool,
    /// It vanishes once it was read: nobody finds it.
    pub vanishes: bool,
}

/// A message as the caller may see it now.
#[derive(Debug)]
pub struct Shown {
    /// Where it is.
    pub place: Place,
    /// Its text, as [`Said::text`].
    pub text: String,
    /// As [`Said::refs`].
    pub refs: Vec<String>,
    /// It holds files.
    pub file: bool,
    /// Its JSON, as every route gives it.
    pub message: Value,
}

/// A document of a message.
#[derive(Debug)]
pub struct Document {
    /// `fil_…`
    pub file: String,
    /// What it says.
    pub text: String,
}

/// Messages, people and conversations.
#[async_trait]
pub trait Content: Send + Sync {
    /// What a stored body says, given as the JSON that was sealed.
    fn read(&self, body: &[u8]) -> Said;

    /// Those of the messages at `places` that stand and that `caller` may read now, in any order.
    ///
    /// # Errors
    /// Any database fault.
    async fn messages(&self, caller: &Caller, places: &[Place]) -> Result<Vec<Shown>, Fault>;

    /// The texts of the documents that the message at `place` refers to, whoever may read it.
    ///
    /// # Errors
    /// Any database error.
    async fn documents(&self, place: Place) -> DbResult<Vec<Document>>;

    /// The conversations of `logs` as `caller` sees them, in that order.
    ///
    /// # Errors
    /// Any database fault.
    async fn conversations(&self, caller: &Caller, logs: &[LogKey]) -> Result<Vec<Value>, Fault>;

    /// People whom `caller` may see and who are found by `q`: name, pinyin, initials.
    ///
    /// # Errors
    /// Any database fault.
    async fn people(&self, caller: &Caller, q: &str, limit: u32) -> Result<Vec<Value>, Fault>;
}
