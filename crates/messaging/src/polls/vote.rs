//! Voting, changing one's mind, and adding an option.

use axum::extract::ws::Utf8Bytes;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{
    Fault, PrincipalKey,
    id::{ConversationId, MessageId},
};
use weft_storage::{DbResult, Envelope, params};

use super::{ask::option_text, closed, folded, no_poll, sql, view};
use crate::{
    Cx, Seat,
    messages::{Found, find},
    rights,
    teller::Spot,
    wire::{Poll, state},
};

/// A poll as its reader sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct PollView {
    /// Its present state; with results as soon as the reader may see them.
    pub(super) poll: Poll,
    /// What the reader chose. Empty for a closed anonymous poll: nobody can tell any more.
    pub(super) mine: Vec<i64>,
    /// Whether the reader may close it.
    pub(super) may_close: bool,
}

/// Told to the devices of who has voted.
#[derive(Debug, Serialize)]
struct VoteFrame<'a> {
    t: &'static str,
    conv: ConversationId,
    message: MessageId,
    mine: &'a [i64],
}

/// Finds a poll that the caller may see.
pub(super) async fn found(cx: &Cx, caller: &Caller, id: MessageId) -> Result<(Found, view::Held), Fault> {
    let found = find(cx, caller, id).await?;
    if found.row.state != state::LIVE {
        return Err(gone());
    }
    let held = view::held(&cx.db, spot(&found)).await?.ok_or_else(no_poll)?;
    Ok((found, held))
}

fn gone() -> Fault {
    Fault::conflict("message_gone", "The message was recalled or deleted.")
}

pub(super) fn spot(found: &Found) -> Spot {
    Spot { log: found.row.log, seq: found.row.seq }
}

/// Who may close a poll: its sender, the conversation's owners, admins.
pub(super) fn may_close(found: &Found, caller: &Caller) -> Result<(), Fault> {
    if found.row.sender == caller.principal && found.view.seat.is_some() {
        return Ok(());
    }
    rights::manages(&found.view, caller)
}

/// The poll as the caller sees it.
pub(super) async fn show(cx: &Cx, caller: &Caller, id: MessageId) -> Result<PollView, Fault> {
    let (found, _) = found(cx, caller, id).await?;
    present(cx, caller, &found).await
}

/// The poll as the caller sees it now.
pub(super) async fn present(cx: &Cx, caller: &Caller, found: &Found) -> Result<PollView, Fault> {
    let spot = spot(found);
    let mine = mine(cx, caller.principal, spot).await?;
    let poll = view::one(&cx.db, &cx.people, spot, !mine.is_empty()).await?.ok_or_else(no_poll)?;
    let (poll, behind) = exact(cx, spot, poll).await?;
    if behind {
        // A crash came between a vote and its count.
        cx.polls.changed(spot);
    }
    Ok(PollView { poll, mine, may_close: may_close(found, caller).is_ok() })
}

/// The poll with the counts of this moment: whoever has voted sees it at once.
async fn exact(cx: &Cx, Spot { log, seq }: Spot, mut poll: Poll) -> Result<(Poll, bool), Fault> {
    let voters: i64 = cx.db.query_one(sql::VOTERS, params![log, seq]).await?.get(0)?;
    let mut behind = voters != poll.voters;
    poll.voters = voters;
    let counts = view::pairs(cx.db.query(sql::COUNT, params![log, seq]).await?)?;
    for option in &mut poll.options {
        let now = counts.iter().find(|(of, _)| *of == option.id).map_or(0, |(_, votes)| *votes);
        behind |= option.votes.is_some_and(|votes| votes != now);
        option.votes = option.votes.map(|_| now);
    }
    Ok((poll, behind))
}

/// Who somebody is in a poll: themselves, or in an anonymous one a hash that only the poll's
/// secret makes.
fn voter(secret: Option<&[u8]>, who: PrincipalKey) -> Vec<u8> {
    let Some(secret) = secret else { return who.0.to_be_bytes().to_vec() };
    // HMAC takes a key of any length.
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("any key fits");
    mac.update(&who.0.to_be_bytes());
    mac.finalize().into_bytes().to_vec()
}

async fn mine(cx: &Cx, who: PrincipalKey, spot: Spot) -> Result<Vec<i64>, Fault> {
    let held = view::held(&cx.db, spot).await?.ok_or_else(no_poll)?;
    let row = cx.db.query_opt(sql::SECRET, params![spot.log, spot.seq]).await?.ok_or_else(no_poll)?;
    let secret: Option<Vec<u8>> = row.get(0)?;
    if held.anonymous && secret.is_none() {
        return Ok(Vec::new());
    }
    let rows = cx.db.query(sql::MINE, params![spot.log, spot.seq, voter(secret.as_deref(), who)]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect::<DbResult<_>>()?)
}

/// The caller chooses these options and no others; none withdraws the vote.
pub(super) async fn vote(
    cx: &Cx,
    caller: &Caller,
    id: MessageId,
    options: &[i64],
) -> Result<PollView, Fault> {
    let mut options = options.to_vec();
    options.sort_unstable();
    options.dedup();
    cx.reacting.take(caller.principal, cx.env.now())?;
    let options = &options;
    let found = cx
        .while_stale(|| async move {
            let (found, _) = found(cx, caller, id).await?;
            let seat = rights::seated(&found.view)?;
            seat.open()?;
            write(cx, caller, &found, seat, options).await?;
            Ok(found)
        })
        .await?;
    cx.polls.changed(spot(&found));
    let frame = VoteFrame { t: "poll_vote", conv: found.view.room.id, message: id, mine: options };
    // Our own types have string keys only and cannot fail to serialise.
    let text: Utf8Bytes = serde_json::to_string(&frame).unwrap_or_default().into();
    cx.publisher.publish_ephemeral(caller.log, None, text);
    present(cx, caller, &found).await
}

async fn write(cx: &Cx, caller: &Caller, found: &Found, seat: &Seat, options: &[i64]) -> Result<(), Fault> {
    let Spot { log, seq } = spot(found);
    let now = cx.env.now();
    let mut tx = cx.db.begin().await?;
    cx.confirm(&mut tx, caller, &seat.room, Some(seat)).await?;
    // From here on the poll cannot close before this has committed.
    let row = tx.query_opt(sql::VOTING, params![log, seq, now]).await?.ok_or_else(closed)?;
    let (choices, anonymous, secret): (i64, bool, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?, row.get(2)?);
    if options.len() as i64 > choices {
        return Err(
            Fault::invalid("options", "These are more options than may be chosen.").param("max", choices)
        );
    }
    if anonymous && secret.is_none() {
        return Err(closed());
    }
    let voter = voter(secret.as_deref(), caller.principal);
    tx.execute(sql::WITHDRAW, params![log, seq, voter.clone()]).await?;
    if !options.is_empty() {
        let (who, at) = if anonymous { (None, 0) } else { (Some(caller.principal), now) };
        let chosen = params![log, seq, voter, who, at, options.to_vec()];
        if tx.execute(sql::CHOOSE, chosen).await? != options.len() as u64 {
            return Err(Fault::invalid("options", "There is no such option in this poll."));
        }
    }
    Ok(tx.commit().await?)
}

/// The caller adds an option, where the poll lets people.
pub(super) async fn add(cx: &Cx, caller: &Caller, id: MessageId, text: &str) -> Result<PollView, Fault> {
    let text = &option_text(text)?;
    cx.reacting.take(caller.principal, cx.env.now())?;
    let found = cx
        .while_stale(|| async move {
            let (found, _) = found(cx, caller, id).await?;
            let seat = rights::seated(&found.view)?;
            seat.open()?;
            write_option(cx, caller, &found, seat, text).await?;
            Ok(found)
        })
        .await?;
    cx.polls.changed(spot(&found));
    present(cx, caller, &found).await
}

async fn write_option(cx: &Cx, caller: &Caller, found: &Found, seat: &Seat, text: &str) -> Result<(), Fault> {
    let Spot { log, seq } = spot(found);
    let mut tx = cx.db.begin().await?;
    cx.confirm(&mut tx, caller, &seat.room, Some(seat)).await?;
    let row = tx.query_opt(sql::ADDING, params![log, seq, cx.env.now()]).await?.ok_or_else(closed)?;
    let (may_add, anonymous): (bool, bool) = (row.get(0)?, row.get(1)?);
    if !may_add {
        return Err(Fault::forbidden("This poll takes no more options.").code("options_fixed"));
    }
    let rows = tx.query(sql::TEXTS, params![log, seq]).await?;
    if rows.len() >= limits::POLL_OPTIONS {
        return Err(Fault::conflict("too_many_options", "A poll can have at most 20 options.")
            .param("max", limits::POLL_OPTIONS as i64));
    }
    for row in &rows {
        let sealed: Vec<u8> = row.get(1)?;
        let known = Envelope.open(&sealed).map(|plain| folded(&String::from_utf8_lossy(plain)));
        if known.is_some_and(|known| known == folded(text)) {
            return Err(Fault::conflict("option_exists", "The poll has this option already."));
        }
    }
    let by = (!anonymous).then_some(caller.principal);
    let sealed = Envelope.seal(text.as_bytes());
    tx.execute(sql::OPTION, params![log, seq, rows.len() as i64, sealed, by]).await?;
    Ok(tx.commit().await?)
}
