//! Reactions.

use weft_http::{Caller, limits};
use weft_kernel::{Fault, emoji as names, id::MessageId};
use weft_log::{Head, head};
use weft_storage::{Tx, params};

use super::{
    change::{Found, find},
    sql,
};
use crate::{cx::Cx, events::Event, rights};

/// Longest emoji, in bytes: a family of four with skin tones takes 41, a flag of a region 28.
const EMOJI_BYTES: usize = 64;
/// Longest name between colons, in bytes, of another system's own.
const NAME_BYTES: usize = 64;
/// Letters that are also emoji.
const LETTERS: [char; 8] = ['ℹ', 'Ⓜ', '🅰', '🅱', '🅾', '🅿', '㊗', '㊙'];

/// The name between two colons.
fn shortcode(text: &str) -> Option<&str> {
    text.strip_prefix(':')?.strip_suffix(':')
}

/// Whether `text` is an emoji, or a custom one's `:shortcode:`.
fn is_emoji(text: &str) -> bool {
    if let Some(name) = shortcode(text) {
        // Imports bring names of other systems' own, such as `+1`.
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_+-".contains(&b);
        return names::is_name(name) || (1..=NAME_BYTES).contains(&name.len()) && name.bytes().all(fits);
    }
    if text.len() > EMOJI_BYTES {
        return false;
    }
    let keycap = |c: char| c.is_ascii_digit() || c == '#' || c == '*';
    let drawn = |c: char| !c.is_ascii() && !c.is_whitespace() && !c.is_control() && !c.is_alphanumeric();
    let fits = |c: char| drawn(c) || keycap(c) || LETTERS.contains(&c);
    text.chars().all(fits) && text.chars().any(|c| drawn(c) || LETTERS.contains(&c))
}

/// Adds the caller's reaction, or takes it back. Twice is once.
pub(super) async fn react(
    cx: &Cx,
    caller: &Caller,
    id: MessageId,
    emoji: &str,
    on: bool,
) -> Result<(), Fault> {
    if !is_emoji(emoji) {
        return Err(Fault::invalid("emoji", "It must be one emoji or a :shortcode:."));
    }
    cx.reacting.take(caller.principal, cx.env.now())?;
    cx.while_stale(|| async move {
        let found = find(cx, caller, id).await?;
        rights::seated(&found.view)?.open()?;
        write(cx, caller, &found, emoji, on).await
    })
    .await
}

async fn write(cx: &Cx, caller: &Caller, found: &Found, emoji: &str, on: bool) -> Result<(), Fault> {
    let (log, seq) = (found.log(), found.seq());
    let (mut tx, locked) = found.lock(cx, caller).await?;
    locked.live()?;
    let emoji = if on { &known(&mut tx, caller, found, emoji).await? } else { emoji };
    let changed = if on {
        let reaction = params![log, seq, emoji, caller.principal, cx.env.now(), found.row.sender];
        tx.execute(sql::REACT, reaction).await?
    } else {
        tx.execute(sql::UNREACT, params![log, seq, emoji, caller.principal]).await?
    };
    if changed == 0 {
        return Ok(tx.rollback().await?);
    }
    let head: Head = head::advance(&mut tx, log, cx.env.now()).await?;
    tx.execute(sql::TOUCH, params![log, seq, head.seq]).await?;
    let count = tx.query_one(sql::COUNT, params![log, seq, emoji]).await?.get(0)?;
    tx.commit().await?;
    let event = Event::Reaction {
        message: found.row.id,
        message_seq: seq,
        emoji,
        by: caller.principal_id,
        on,
        count,
    };
    cx.publisher.publish(found.changed(&locked, head.seq, &event));
    Ok(())
}

/// The emoji as it is kept, if the message may have it as one more: that of an alias is the one
/// that it stands for.
async fn known(tx: &mut Tx, caller: &Caller, found: &Found, emoji: &str) -> Result<String, Fault> {
    let rows = tx.query(sql::EMOJI, params![found.log(), found.seq()]).await?;
    let held = |emoji: &str| rows.iter().any(|row| row.get::<String>(0).is_ok_and(|held| held == emoji));
    // One that is gone, or came with an import, can still be joined.
    if held(emoji) {
        return Ok(emoji.to_owned());
    }
    let emoji = match shortcode(emoji) {
        None => emoji.to_owned(),
        Some(name) if names::is_standard(name) => emoji.to_owned(),
        Some(name) => {
            let row = tx.query_opt(sql::CUSTOM, params![caller.org, name]).await?;
            let row = row.ok_or_else(|| {
                Fault::invalid(
                    "emoji",
                    "This organisation has no emoji of that name. It may have been removed.",
                )
                .code("unknown_emoji")
            })?;
            format!(":{}:", row.get::<String>(0)?)
        }
    };
    if held(&emoji) || (rows.len() as i64) < limits::REACTIONS {
        return Ok(emoji);
    }
    Err(Fault::conflict("too_many_reactions", "A message can have at most 50 different reactions.")
        .param("max", limits::REACTIONS))
}

#[cfg(test)]
mod tests {
    use super::is_emoji;

    #[test]
    fn emoji_are_told_from_text() {
        for yes in
            ["👍", "👍🏽", "👨‍👩‍👧‍👦", "🇨🇳", "1️⃣", "❤️", "ℹ️", "㊗️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "™️", ":party_parrot:", ":+1:", ":打工人:"]
        {
            assert!(is_emoji(yes), "{yes}");
        }
        for no in
            ["", "a", "1", "好", "👍 ", "<b>", "::", ":A:", ":好 吗:", "👍a", "\u{0}", "é", &"👍".repeat(17)]
        {
            assert!(!is_emoji(no), "{no:?}");
        }
    }
}
