//! Adding, changing and removing emoji.

use bytes::Bytes;
use serde::Serialize;
use weft_http::{Caller, EmojiAdders, OrgPolicy, Role, limits};
use weft_kernel::{Fault, id::EmojiId};
use weft_log::{Frame, LogName, head};
use weft_storage::{Tx, params};

use super::{Emoji, names, picture, sql};
use crate::Files;

/// What somebody adds.
#[derive(Debug, Default)]
pub(super) struct New {
    pub(super) name: String,
    pub(super) aliases: Vec<String>,
    pub(super) bytes: Bytes,
}

#[derive(Serialize)]
struct EmojiEvent<'a> {
    k: &'static str,
    emoji: &'a Emoji,
}

/// Whether `caller` is an owner or admin.
pub(crate) fn manages(caller: &Caller) -> bool {
    matches!(caller.role, Role::Owner | Role::Admin)
}

/// Refuses whom the org does not let add emoji.
pub(crate) async fn may_add(files: &Files, caller: &Caller) -> Result<(), Fault> {
    let settings: String = files.0.db.query_one(sql::POLICY, params![caller.org]).await?.get(0)?;
    let everybody = OrgPolicy::from_stored(&settings).emoji.add == EmojiAdders::Everybody;
    if manages(caller) || (everybody && !caller.is_guest()) {
        return Ok(());
    }
    Err(Fault::forbidden("You may not add emoji here. Ask an admin to add it.").code("emoji_not_allowed"))
}

/// Adds an emoji.
pub(super) async fn add(files: &Files, caller: &Caller, new: New) -> Result<Emoji, Fault> {
    may_add(files, caller).await?;
    let name = names::clean("name", &new.name)?;
    let aliases = names::aliases(&name, &new.aliases)?;
    let id: EmojiId = files.0.env.id();
    let taken: Vec<String> = std::iter::once(&name).chain(&aliases).cloned().collect();
    // Before the picture is kept, and again under the lock.
    free(&mut files.0.db.begin().await?, caller, &taken, id).await?;
    let seen = picture::look(files, &new.bytes, picture::FRAME).await?;
    let file = picture::keep(files, caller, seen, &name, new.bytes).await?;
    let now = files.0.env.now();
    let mut tx = files.0.db.begin().await?;
    let seq = head::advance(&mut tx, caller.org_log, now).await?.seq;
    free(&mut tx, caller, &taken, id).await?;
    let count: i64 = tx.query_one(sql::COUNT, params![caller.org]).await?.get(0)?;
    if count >= limits::EMOJI {
        return Err(Fault::conflict(
            "too_many_emoji",
            "The organisation has 5,000 emoji. Remove some first.",
        )
        .param("max", limits::EMOJI));
    }
    let listed = serde_json::to_string(&aliases).map_err(Fault::internal)?;
    let row = params![
        id,
        caller.org,
        &name,
        listed,
        file.key,
        caller.principal,
        now,
        i64::from(seen.animated),
        i64::from(seen.width),
        i64::from(seen.height),
        seq,
    ];
    tx.execute(sql::ADD, row).await?;
    take(&mut tx, caller, &taken, id).await?;
    done(files, caller, tx, id, seq).await
}

/// Gives an emoji other aliases.
pub(super) async fn rename(
    files: &Files,
    caller: &Caller,
    id: EmojiId,
    aliases: &[String],
) -> Result<Emoji, Fault> {
    let mut tx = files.0.db.begin().await?;
    let seq = head::advance(&mut tx, caller.org_log, files.0.env.now()).await?.seq;
    let emoji = mine(&mut tx, caller, id).await?;
    let aliases = names::aliases(&emoji.name, aliases)?;
    let taken: Vec<String> = std::iter::once(&emoji.name).chain(&aliases).cloned().collect();
    free(&mut tx, caller, &taken, id).await?;
    tx.execute(sql::UNNAME, params![caller.org, id]).await?;
    take(&mut tx, caller, &taken, id).await?;
    let listed = serde_json::to_string(&aliases).map_err(Fault::internal)?;
    tx.execute(sql::ALIASES, params![caller.org, id, listed, seq]).await?;
    done(files, caller, tx, id, seq).await
}

/// Removes an emoji. Its picture goes with the next tidying.
pub(super) async fn remove(files: &Files, caller: &Caller, id: EmojiId) -> Result<(), Fault> {
    let now = files.0.env.now();
    let mut tx = files.0.db.begin().await?;
    let seq = head::advance(&mut tx, caller.org_log, now).await?.seq;
    mine(&mut tx, caller, id).await?;
    tx.execute(sql::UNNAME, params![caller.org, id]).await?;
    tx.execute(sql::REMOVE, params![caller.org, id, now, seq]).await?;
    done(files, caller, tx, id, seq).await?;
    Ok(())
}

/// A present emoji that the caller may change: who added it, and admins.
async fn mine(tx: &mut Tx, caller: &Caller, id: EmojiId) -> Result<Emoji, Fault> {
    let row = tx.query_opt(sql::ONE, params![caller.org, id]).await?;
    let emoji = row.map(|row| Emoji::read(&row)).transpose()?.filter(|emoji| !emoji.removed);
    let emoji = emoji.ok_or_else(|| Fault::not_found("emoji"))?;
    if manages(caller) || emoji.by == caller.principal_id {
        return Ok(emoji);
    }
    Err(Fault::forbidden("Only who added an emoji, and admins, may change or remove it."))
}

/// Refuses names that another emoji has.
async fn free(tx: &mut Tx, caller: &Caller, names: &[String], id: EmojiId) -> Result<(), Fault> {
    match tx.query_opt(sql::TAKEN, params![caller.org, names.to_vec(), id]).await? {
        None => Ok(()),
        Some(row) => {
            let name: String = row.get(0)?;
            Err(Fault::conflict(
                "emoji_exists",
                format!("There is an emoji :{name}: already. Choose another name."),
            ))
        }
    }
}

async fn take(tx: &mut Tx, caller: &Caller, names: &[String], id: EmojiId) -> Result<(), Fault> {
    for name in names {
        tx.execute(sql::NAME, params![caller.org, name, id]).await?;
    }
    Ok(())
}

/// Commits, and tells everybody what has become of an emoji.
async fn done(files: &Files, caller: &Caller, mut tx: Tx, id: EmojiId, seq: i64) -> Result<Emoji, Fault> {
    let emoji = Emoji::read(&tx.query_one(sql::ONE, params![caller.org, id]).await?)?;
    tx.commit().await?;
    let event = EmojiEvent { k: "emoji", emoji: &emoji };
    files.0.publisher.publish(Frame::event(caller.org_log, LogName::Org(caller.org_id), seq, &event));
    Ok(emoji)
}
