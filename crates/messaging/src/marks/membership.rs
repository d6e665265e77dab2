//! Read marks and preferences of one conversation.

use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{Fault, Micros, id::ConversationId, names};
use weft_log::outbox;
use weft_storage::{DbResult, Row, params};

use super::{begin, publish, snooze::RETURN_JOB, sql, write::Mark};
use crate::{Seat, attention::Level, cards, cx::Cx, events::Event, when::When, wire::Membership};

/// Longest name of a sidebar section, in characters.
const SECTION_CHARS: usize = 80;

/// A change of one's own preferences; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MembershipPatch {
    /// No notifications: `level` `nothing`; false goes back to the level before.
    #[serde(default)]
    muted: Option<bool>,
    /// Which messages I am told of: `all`, `mentions` or `nothing`; null: by kind and size.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Level>)]
    level: Option<Option<Level>>,
    /// `@all` and `@here` do not call me.
    #[serde(default)]
    all_silenced: Option<bool>,
    /// Among the favourites.
    #[serde(default)]
    favourite: Option<bool>,
    /// The sidebar section; null takes it out of any.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    section: Option<Option<String>>,
    /// Put away: not shown in the sidebar until something new is told.
    #[serde(default)]
    hidden: Option<bool>,
    /// Puts it away until then at most; it returns as unread.
    #[serde(default)]
    snooze: Option<When>,
}

/// Tells null from absent.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// Whether a conversation is put away, since which ordinal, and until when at most.
struct Away {
    hidden: bool,
    n: Option<i64>,
    until: Option<Micros>,
}

impl Away {
    /// As it is after a change of what `row` (see [`sql::PREFERENCES`]) says.
    fn after(hidden: Option<bool>, until: Option<Micros>, row: &Row) -> DbResult<Away> {
        let last_n: i64 = row.get(6)?;
        Ok(match (hidden, until) {
            (_, Some(_)) | (Some(true), None) => Away { hidden: true, n: Some(last_n), until },
            (Some(false), None) => Away { hidden: false, n: None, until: None },
            (None, None) => Away { hidden: row.get(3)?, n: row.get(4)?, until: row.get(5)? },
        })
    }
}

impl MembershipPatch {
    /// Whether it is muted and what its stored level is, from what they were. The level stays under
    /// a mute, to come back with its end.
    fn loudness(&self, muted: bool, level: i64) -> (bool, i64) {
        match self.level {
            Some(Some(Level::Nothing)) => (true, level),
            Some(level) => (false, level.map_or(0, |level| level as i64)),
            None => (self.muted.unwrap_or(muted), level),
        }
    }
}

struct Progress {
    head_seq: i64,
    last_n: i64,
    read_seq: i64,
    read_n: i64,
    marked: bool,
}

async fn progress(cx: &Cx, seat: &Seat) -> Result<Progress, Fault> {
    let row = cx.db.query_opt(sql::PROGRESS, params![seat.room.log, seat.principal]).await?;
    let row = row.ok_or_else(|| Fault::not_found("conversation"))?;
    Ok(Progress {
        head_seq: row.get(0)?,
        last_n: row.get(1)?,
        read_seq: row.get(2)?,
        read_n: row.get(3)?,
        marked: row.get::<Option<i64>>(4)?.is_some(),
    })
}

/// Reads a conversation up to `seq`; a later one than the head means the head, an earlier one
/// than was read changes nothing but takes a mark of unread away.
///
/// # Errors
/// `not_found`, `not_member`, or any database fault.
pub(crate) async fn read(cx: &Cx, caller: &Caller, id: ConversationId, seq: i64) -> Result<(), Fault> {
    cx.while_stale(|| async move {
        let seat = cx.guard.seat(caller, id).await?;
        let before = progress(cx, &seat).await?;
        let seq = seq.min(before.head_seq);
        // An ordinal never changes, so it may be looked up before the transaction.
        let n = if seq == before.head_seq { before.last_n } else { n_at(cx, &seat, seq).await? };
        if seq <= before.read_seq && n <= before.read_n && !before.marked {
            return Ok(());
        }
        let mark = Mark { proof: seat.proof, principal: seat.principal, seq, n };
        let done = cx.marker.read(mark).await;
        if done.as_ref().is_err_and(|fault| fault.code_str() == "stale_permission") {
            cx.guard.forget(seat.room.log);
        }
        tell(cx, caller, &seat, done?).await.map(drop)
    })
    .await
}

async fn n_at(cx: &Cx, seat: &Seat, seq: i64) -> Result<i64, Fault> {
    let row = cx.db.query_opt(sql::N_AT, params![seat.room.log, seq]).await?;
    Ok(row.map_or(Ok(0), |row| row.get(0))?)
}

/// Marks a conversation as unread from `from` on, until it is read.
pub(super) async fn unread(cx: &Cx, caller: &Caller, id: ConversationId, from: i64) -> Result<(), Fault> {
    cx.while_stale(|| async move {
        let seat = cx.guard.seat(caller, id).await?;
        let head_seq = progress(cx, &seat).await?.head_seq;
        if !(1..=head_seq).contains(&from) || from < seat.visible_from {
            return Err(Fault::invalid("from_seq", "There is no such event in this conversation."));
        }
        let (mut tx, head) = begin(cx, caller, &seat).await?;
        tx.execute(sql::UNREAD, params![seat.room.log, seat.principal, from, head.seq]).await?;
        tx.commit().await?;
        tell(cx, caller, &seat, head.seq).await.map(drop)
    })
    .await
}

/// Changes preferences; returns the membership as it then is.
pub(super) async fn prefer(
    cx: &Cx,
    caller: &Caller,
    id: ConversationId,
    mut patch: MembershipPatch,
) -> Result<Membership, Fault> {
    if let Some(Some(section)) = &mut patch.section {
        *section = names::clean_line("section", section, SECTION_CHARS)?;
    }
    let until = match &patch.snooze {
        Some(_) if patch.hidden == Some(false) => {
            return Err(Fault::invalid("snooze", "What is snoozed is put away."));
        }
        Some(when) => Some(when.resolve(cx, caller).await?),
        None => None,
    };
    let muted = patch.level.map(|level| level == Some(Level::Nothing));
    if patch.muted.is_some() && muted.is_some() && patch.muted != muted {
        return Err(Fault::invalid("muted", "It contradicts \"level\": name one of them."));
    }
    let patch = &patch;
    cx.while_stale(|| async move {
        let seat = cx.guard.seat(caller, id).await?;
        let (mut tx, head) = begin(cx, caller, &seat).await?;
        let row = tx.query_opt(sql::PREFERENCES, params![seat.room.log, seat.principal]).await?;
        let row = row.ok_or_else(|| Fault::not_found("conversation"))?;
        let section: Option<String> = match &patch.section {
            Some(section) => section.clone(),
            None => row.get(2)?,
        };
        let away = Away::after(patch.hidden, until, &row)?;
        let (muted, level) = patch.loudness(row.get(0)?, row.get(7)?);
        let written = params![
            seat.room.log,
            seat.principal,
            muted,
            patch.favourite.unwrap_or(row.get(1)?),
            section,
            away.hidden,
            head.seq,
            away.n,
            away.until,
            level,
            patch.all_silenced.unwrap_or(row.get(8)?),
        ];
        tx.execute(sql::PREFER, written).await?;
        if let Some(until) = until {
            outbox::add(&mut tx, RETURN_JOB, &(seat.room.log, seat.principal, until), until).await?;
            cx.due.notify_one();
        }
        tx.commit().await?;
        tell(cx, caller, &seat, head.seq).await
    })
    .await
}

async fn tell(cx: &Cx, caller: &Caller, seat: &Seat, seq: i64) -> Result<Membership, Fault> {
    let log = seat.room.log;
    let row = cx.db.query_opt(sql::MEMBERSHIP, params![log, seat.principal]).await?;
    let row = row.ok_or_else(|| Fault::not_found("conversation"))?;
    let mut me = cards::membership(&row, 1)?;
    me.mentions = cards::mentions(&cx.db, seat.principal, vec![log.0]).await?.get(&log).copied().unwrap_or(0);
    let event = Event::Membership { conversation: seat.room.id, me: &me, last_n: row.get(0)? };
    publish(cx, caller, seq, &event);
    Ok(me)
}
