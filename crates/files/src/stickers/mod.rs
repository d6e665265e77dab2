//! Stickers: pictures that are sent as a message of their own, in packs of the org and among
//! somebody's own.
//!
//! **Invariants:** the picture of a sticker is a file, which the message that it is sent with refers
//! to like any other: what was sent stays readable when its sticker or pack is gone; somebody's own
//! are nobody else's to see or send.

mod change;
mod intake;
mod routes;
pub(crate) mod sql;

use serde::Serialize;
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{
    Fault, Micros,
    id::{PrincipalId, StickerId, StickerPackId},
};
use weft_storage::{DbResult, Row, params};

use crate::{Files, Stored, sql as file_sql};
pub(crate) use routes::routes;

/// A sticker.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Sticker {
    /// `stk_…`
    #[schema(value_type = String)]
    pub id: StickerId,
    /// What stands for it in words.
    pub name: String,
    /// It moves.
    pub animated: bool,
    /// In pixels.
    pub width: i64,
    /// In pixels.
    pub height: i64,
}

/// A pack of stickers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StickerPack {
    /// `pak_…`
    #[schema(value_type = String)]
    pub id: StickerPackId,
    /// Its name.
    pub name: String,
    /// Who made it.
    #[schema(value_type = String)]
    pub by: PrincipalId,
    /// When.
    pub at: Micros,
    /// Its stickers; the first stands for it.
    pub stickers: Vec<Sticker>,
}

/// All that somebody can send.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Stickers {
    /// The org's packs, the oldest first.
    pub packs: Vec<StickerPack>,
    /// The caller's own.
    pub mine: Vec<Sticker>,
}

/// A sticker that a message is about to be sent with.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// Its file.
    pub file: Stored,
    /// What stands for it in words.
    pub name: String,
    /// It moves.
    pub animated: bool,
}

/// All that the caller can send.
async fn all(files: &Files, caller: &Caller) -> Result<Stickers, Fault> {
    let read = |row: &Row| -> DbResult<StickerPack> {
        Ok(StickerPack {
            id: row.get(0)?,
            name: row.get(1)?,
            by: row.get(2)?,
            at: row.get(3)?,
            stickers: Vec::new(),
        })
    };
    let rows = files.0.db.query(sql::PACKS, params![caller.org]).await?;
    let mut packs = rows.iter().map(read).collect::<DbResult<Vec<_>>>()?;
    let mut mine = Vec::new();
    for row in files.0.db.query(sql::ALL_OF, params![caller.org, caller.principal]).await? {
        let (pack, animated): (Option<StickerPackId>, i64) = (row.get(1)?, row.get(3)?);
        let sticker = Sticker {
            id: row.get(0)?,
            name: row.get(2)?,
            animated: animated != 0,
            width: row.get(4)?,
            height: row.get(5)?,
        };
        match pack {
            None => mine.push(sticker),
            Some(id) => packs
                .iter_mut()
                .filter(|pack| pack.id == id)
                .for_each(|pack| pack.stickers.push(sticker.clone())),
        }
    }
    Ok(Stickers { packs, mine })
}

impl Files {
    /// A sticker of the org's packs or of the caller's own.
    async fn sendable(&self, caller: &Caller, id: StickerId) -> Result<Chosen, Fault> {
        let gone = || Fault::not_found("sticker");
        let row = self
            .0
            .db
            .query_opt(sql::FILE, params![caller.org, id, caller.principal])
            .await?
            .ok_or_else(gone)?;
        let animated: i64 = row.get(14)?;
        let chosen = Chosen { file: Stored::read(&row)?, name: row.get(13)?, animated: animated != 0 };
        Ok(chosen)
    }

    /// A sticker that `caller` is about to send; its file is kept for the message meanwhile.
    ///
    /// # Errors
    /// `not_found`, when it is none of the org's or their own.
    pub async fn sticker(&self, caller: &Caller, id: StickerId) -> Result<Chosen, Fault> {
        let chosen = self.sendable(caller, id).await?;
        let until = self.0.env.now() + crate::files::HOLD;
        match self.0.db.execute(file_sql::HOLD, params![vec![chosen.file.key.0], until]).await? {
            1 => Ok(chosen),
            _ => Err(Fault::not_found("sticker")),
        }
    }
}
