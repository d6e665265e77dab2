//! Cards, as they are read with the messages that they belong to.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_kernel::{LogKey, id::LinkId};
use weft_storage::{Db, DbResult, Envelope, params};

use super::sql;
use crate::wire::StoredBody;

/// What a link leads to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LinkPreview {
    /// `lnk_…`; its pictures are at `/links/{id}/image` and `/links/{id}/icon`.
    #[schema(value_type = String)]
    pub id: LinkId,
    /// What was found there.
    #[serde(flatten)]
    pub card: LinkCard,
}

/// What was found at an address.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct LinkCard {
    /// The address, as the message has it.
    pub url: String,
    /// Whose page it is.
    pub site: String,
    /// What it is called.
    pub title: String,
    /// What it is about; may be empty.
    pub description: String,
    /// Whether there is an icon of the site.
    #[serde(default)]
    pub icon: bool,
    /// Its picture, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<LinkImage>,
}

/// The picture of a page, made small.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct LinkImage {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// The mean colour, `#rrggbb`.
    pub color: String,
}

/// Whether a body may have links at all: most have none, and nothing is asked for them.
pub(crate) fn may_have_links(body: &StoredBody) -> bool {
    let parts = body.parts.get();
    parts.contains("://") || parts.contains("www.")
}

/// What is shown under messages of one conversation.
pub(crate) async fn cards(
    db: &Db,
    log: LogKey,
    seqs: Vec<i64>,
) -> DbResult<FxHashMap<i64, Vec<LinkPreview>>> {
    let mut found: FxHashMap<i64, Vec<LinkPreview>> = FxHashMap::default();
    for mut row in db.query(sql::CARDS, params![log, seqs]).await? {
        let (seq, id) = (row.get(0)?, row.get(1)?);
        let sealed = row.take_bytes(2).unwrap_or_default();
        // One that cannot be read is not shown; it must not stop a page.
        let card = Envelope.open(&sealed).and_then(|plain| serde_json::from_slice(plain).ok());
        if let Some(card) = card {
            found.entry(seq).or_default().push(LinkPreview { id, card });
        }
    }
    Ok(found)
}
