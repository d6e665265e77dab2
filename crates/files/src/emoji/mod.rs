//! Emoji of an org's own: small pictures with a name that people write between colons.
//!
//! **Invariants:** a name means one picture at a time (`emoji_names`, written under the lock of the
//! org's log); a message and a reaction name an emoji by its name only, so that a removed one leaves
//! its name in the text; the picture of an emoji is a file that is kept for as long as it is there,
//! and never changes under its address.

mod change;
pub(crate) mod form;
mod names;
pub(crate) mod picture;
mod routes;
pub(crate) mod sql;

use serde::Serialize;
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{
    Fault, LogKey, Micros, OrgKey,
    id::{EmojiId, PrincipalId},
    names::{fold, search_key},
};
use weft_storage::{Db, DbResult, Row, params};

use crate::Files;
pub(crate) use change::{manages, may_add};
pub(crate) use routes::routes;

/// An emoji of the org's own.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Emoji {
    /// `emo_…`
    #[schema(value_type = String)]
    pub id: EmojiId,
    /// Without colons.
    pub name: String,
    /// Other names of it.
    pub aliases: Vec<String>,
    /// What its name is found by, where that is more than the name: pinyin, initials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_key: Option<String>,
    /// Who added it.
    #[schema(value_type = String)]
    pub by: PrincipalId,
    /// When.
    pub at: Micros,
    /// It moves.
    pub animated: bool,
    /// In pixels.
    pub width: i64,
    /// In pixels.
    pub height: i64,
    /// It is there no more: its name is shown as text.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

impl Emoji {
    /// Reads `id, name, aliases, by, at, animated, width, height, removed_at`.
    fn read(row: &Row) -> DbResult<Emoji> {
        let (name, aliases): (String, String) = (row.get(1)?, row.get(2)?);
        let removed_at: Option<Micros> = row.get(8)?;
        let animated: i64 = row.get(5)?;
        let key = search_key(&name);
        Ok(Emoji {
            id: row.get(0)?,
            search_key: (key != fold(&name)).then_some(key),
            name,
            aliases: serde_json::from_str(&aliases).unwrap_or_default(),
            by: row.get(3)?,
            at: row.get(4)?,
            animated: animated != 0,
            width: row.get(6)?,
            height: row.get(7)?,
            removed: removed_at.is_some(),
        })
    }
}

/// One item of the org's log.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EmojiChange {
    /// An emoji as it is now.
    Emoji {
        /// It.
        emoji: Emoji,
    },
}

/// Emoji that changed after an event of the org's log, each with the number of its last change;
/// none when there are more than `limit`.
///
/// # Errors
/// Any database fault.
pub async fn changes(
    db: &Db,
    org: OrgKey,
    after: i64,
    limit: u32,
) -> Result<Option<Vec<(i64, EmojiChange)>>, Fault> {
    let rows = db.query(sql::CHANGED, params![org, after, i64::from(limit) + 1]).await?;
    if rows.len() > limit as usize {
        return Ok(None);
    }
    let read = |row: &Row| Ok((row.get(9)?, EmojiChange::Emoji { emoji: Emoji::read(row)? }));
    Ok(Some(rows.iter().map(read).collect::<DbResult<_>>()?))
}

/// Whether an emoji changed in the log of an org after an event, up to another.
///
/// # Errors
/// Any database fault.
pub async fn touched(db: &Db, org_log: LogKey, (after, upto): (i64, i64)) -> Result<bool, Fault> {
    Ok(db.query_opt(sql::TOUCHED, params![org_log, after, upto]).await?.is_some())
}

/// The org's present emoji, and the number of their last change.
async fn list(files: &Files, caller: &Caller) -> Result<(Vec<Emoji>, i64), Fault> {
    // The number first: what changes while we read has a higher one, and the list is asked for again.
    let last: i64 = files.0.db.query_one(sql::LAST, params![caller.org]).await?.get(0)?;
    let rows = files.0.db.query(sql::LIST, params![caller.org]).await?;
    Ok((rows.iter().map(Emoji::read).collect::<DbResult<_>>()?, last))
}
