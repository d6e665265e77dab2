//! Making packs, and adding and removing stickers.

use serde::Serialize;
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{
    Fault, FaultKind, FileKey, PrincipalKey,
    id::{FileId, StickerId, StickerPackId},
    names,
};
use weft_storage::{Tx, params};

use super::{
    Sticker,
    intake::{Picture, too_many},
    sql,
};
use crate::{
    Files, Kind,
    address::Object,
    emoji::{manages, may_add, picture},
    look::emblem::{Emblem, Frame},
};

/// How large a sticker may be.
const FRAME: Frame = Frame { bytes: limits::STICKER_BYTES, side: limits::STICKER_SIDE };
/// Longest name of a pack, in characters.
const NAME: usize = 40;

/// What became of several pictures.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Taken {
    /// Those that are stickers now.
    pub(super) added: Vec<Sticker>,
    /// The others.
    pub(super) refused: Vec<Refused>,
}

/// A picture that was not taken.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RefusedSticker)]
pub(super) struct Refused {
    /// What it was called.
    name: String,
    /// Why: `picture_type`, `picture_too_large`, `picture_dimensions`, `picture_broken`, …
    code: String,
}

/// Where stickers are added.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Mine,
    Pack(StickerPackId),
}

/// Makes a pack, still empty.
pub(super) async fn make(files: &Files, caller: &Caller, name: &str) -> Result<StickerPackId, Fault> {
    may_add(files, caller).await?;
    let name = names::clean_line("name", name, NAME)?;
    let id: StickerPackId = files.0.env.id();
    let mut tx = files.0.db.begin().await?;
    let count: i64 = tx.query_one(sql::COUNT_PACKS, params![caller.org]).await?.get(0)?;
    if count >= limits::STICKER_PACKS {
        return Err(Fault::conflict("too_many_packs", "The organisation has 200 packs. Remove some first.")
            .param("max", limits::STICKER_PACKS));
    }
    tx.execute(sql::ADD_PACK, params![id, caller.org, name, caller.principal, files.0.env.now()]).await?;
    tx.commit().await?;
    Ok(id)
}

/// Renames a pack, or removes it where there is no name.
pub(super) async fn change(
    files: &Files,
    caller: &Caller,
    id: StickerPackId,
    name: Option<&str>,
) -> Result<(), Fault> {
    let mut tx = files.0.db.begin().await?;
    owned(&mut tx, caller, id).await?;
    match name {
        Some(name) => {
            let name = names::clean_line("name", name, NAME)?;
            tx.execute(sql::RENAME_PACK, params![caller.org, id, name]).await?;
        }
        None => {
            tx.execute(sql::DROP_OF_PACK, params![caller.org, id]).await?;
            tx.execute(sql::DROP_PACK, params![caller.org, id]).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Locks a pack that the caller may change: who made it, and admins.
async fn owned(tx: &mut Tx, caller: &Caller, id: StickerPackId) -> Result<(), Fault> {
    let row = tx.query_opt(sql::PACK, params![caller.org, id]).await?;
    let by: PrincipalKey = row.ok_or_else(|| Fault::not_found("pack"))?.get(0)?;
    may_change(caller, by)
}

fn may_change(caller: &Caller, by: PrincipalKey) -> Result<(), Fault> {
    if manages(caller) || by == caller.principal {
        return Ok(());
    }
    Err(Fault::forbidden("Only who made a pack, and admins, may change it."))
}

/// Refuses where no more fit, or where it is not for the caller to add.
pub(super) async fn fits(files: &Files, caller: &Caller, place: Place) -> Result<(), Fault> {
    room(&mut files.0.db.begin().await?, caller, place).await
}

/// Adds pictures as stickers; what one of them lacks keeps no other from being added.
pub(super) async fn add(
    files: &Files,
    caller: &Caller,
    place: Place,
    pictures: Vec<Picture>,
) -> Result<Taken, Fault> {
    let mut taken = Taken { added: Vec::new(), refused: Vec::new() };
    for Picture { name, bytes } in pictures {
        let done = async {
            let seen = picture::look(files, &bytes, FRAME).await?;
            let file = picture::keep(files, caller, seen, &name, bytes).await?;
            put(files, caller, place, &name, (file.key, true), seen).await
        };
        match done.await {
            Ok(sticker) => taken.added.push(sticker),
            Err(fault) if matches!(fault.kind(), FaultKind::Internal | FaultKind::Unavailable) => {
                return Err(fault);
            }
            Err(fault) => taken.refused.push(Refused { name, code: fault.code_str().to_owned() }),
        }
    }
    Ok(taken)
}

/// Adds a picture that the caller may read to their own, such as a sticker that they were sent.
pub(super) async fn collect(
    files: &Files,
    caller: &Caller,
    id: FileId,
    name: &str,
) -> Result<Option<Sticker>, Fault> {
    let file = files.find(caller, id).await?;
    if file.file.kind != Kind::Image || file.file.size > limits::STICKER_BYTES as i64 {
        return Err(Fault::invalid("file", "Only small pictures can be stickers.").code("picture_too_large"));
    }
    let address = files.0.keys.address(file.org, file.file.id, Object::Content);
    let bytes = files.0.store.load(&address).await?.into();
    let seen = picture::look(files, &bytes, FRAME).await?;
    let name = super::intake::called(if name.is_empty() { &file.file.name } else { name });
    let has = files.0.db.query_opt(sql::HAS, params![caller.org, caller.principal, file.key]).await?;
    if has.is_some() {
        return Ok(None);
    }
    put(files, caller, Place::Mine, &name, (file.key, false), seen).await.map(Some)
}

/// As [`fits`], under the lock of the pack.
async fn room(tx: &mut Tx, caller: &Caller, place: Place) -> Result<(), Fault> {
    let (count, most): (i64, i64) = match place {
        Place::Pack(id) => {
            owned(tx, caller, id).await?;
            (tx.query_one(sql::COUNT_OF_PACK, params![caller.org, id]).await?.get(0)?, limits::STICKERS)
        }
        Place::Mine => {
            let row = tx.query_one(sql::COUNT_OWN, params![caller.org, caller.principal]).await?;
            (row.get(0)?, limits::OWN_STICKERS)
        }
    };
    if count < most { Ok(()) } else { Err(too_many()) }
}

/// Writes a sticker; of a file that is nothing else, that it is one.
async fn put(
    files: &Files,
    caller: &Caller,
    place: Place,
    name: &str,
    (file, only): (FileKey, bool),
    seen: Emblem,
) -> Result<Sticker, Fault> {
    let id: StickerId = files.0.env.id();
    let (pack, owner) = match place {
        Place::Mine => (None, Some(caller.principal)),
        Place::Pack(pack) => (Some(pack), None),
    };
    let (width, height) = (i64::from(seen.width), i64::from(seen.height));
    let mut tx = files.0.db.begin().await?;
    room(&mut tx, caller, place).await?;
    let animated = i64::from(seen.animated);
    let row = params![id, caller.org, pack, owner, name, file, animated, width, height, files.0.env.now()];
    tx.execute(sql::ADD, row).await?;
    if only {
        tx.execute(sql::MARK, params![file]).await?;
    }
    tx.commit().await?;
    Ok(Sticker { id, name: name.to_owned(), animated: seen.animated, width, height })
}

/// Removes a sticker: one's own, or of a pack that one may change. What was sent with it stays.
pub(super) async fn remove(files: &Files, caller: &Caller, id: StickerId) -> Result<(), Fault> {
    let mut tx = files.0.db.begin().await?;
    let row = tx.query_opt(sql::REMOVABLE, params![caller.org, id, caller.principal]).await?;
    let row = row.ok_or_else(|| Fault::not_found("sticker"))?;
    if let Some(by) = row.get::<Option<PrincipalKey>>(1)? {
        may_change(caller, by)?;
    }
    tx.execute(sql::DROP_ONE, params![caller.org, id]).await?;
    Ok(tx.commit().await?)
}
