//! Answering, and asking again.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{Fault, LogKey, Micros, id::MessageId};
use weft_storage::{DbResult, params};

use super::{ACKNOWLEDGED, DONE, Spot, WaitingFrame, Why, sql};
use crate::{
    Cx,
    messages::{Found, find},
    rights,
    wire::state,
};

/// The sender may ask again after this.
const REMIND_AFTER: Micros = 300_000_000;
/// And so often in all.
const REMINDERS: i64 = 20;

/// How far somebody is with what a message asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AckState {
    /// They have not answered.
    Waiting,
    /// They have taken note.
    Acknowledged,
    /// They have done what it asks for.
    Done,
}

impl AckState {
    pub(super) fn stored(self) -> i64 {
        match self {
            AckState::Waiting => 0,
            AckState::Acknowledged => ACKNOWLEDGED,
            AckState::Done => DONE,
        }
    }

    pub(super) fn from_stored(stored: i64) -> AckState {
        match stored {
            DONE => AckState::Done,
            ACKNOWLEDGED => AckState::Acknowledged,
            _ => AckState::Waiting,
        }
    }
}

pub(super) fn not_asked() -> Fault {
    Fault::conflict("not_asked", "This message does not ask you for an acknowledgement.")
}

pub(crate) fn live(found: &Found) -> Result<(), Fault> {
    if found.row.state == state::LIVE {
        return Ok(());
    }
    Err(Fault::conflict("message_gone", "The message was recalled or deleted."))
}

/// The caller acknowledges a message that asks them, or says that it is done. Only forwards; the
/// same again changes nothing.
pub(super) async fn answer(cx: &Cx, caller: &Caller, id: MessageId, to: AckState) -> Result<(), Fault> {
    if to == AckState::Waiting {
        return Err(Fault::invalid("state", "It must be acknowledged or done."));
    }
    cx.while_stale(|| async move {
        let found = find(cx, caller, id).await?;
        let seat = rights::seated(&found.view)?;
        live(&found)?;
        let (log, seq) = (found.row.log, found.row.seq);
        let mut tx = cx.db.begin().await?;
        cx.confirm(&mut tx, caller, &seat.room, Some(seat)).await?;
        let mine = tx.query_opt(sql::MINE, params![log, seq, caller.principal]).await?;
        mine.ok_or_else(not_asked)?;
        let row = params![log, seq, caller.principal, to.stored(), cx.env.now()];
        if tx.execute(sql::ANSWER, row).await? == 0 {
            return Ok(tx.rollback().await?);
        }
        tx.commit().await?;
        cx.acks.changed(Spot { log, seq });
        let frame = waiting(&found, Why::Answered, None);
        cx.publisher.publish_ephemeral(caller.log, None, frame.text());
        Ok(())
    })
    .await
}

fn waiting(found: &Found, why: Why, from: Option<weft_kernel::id::PrincipalId>) -> WaitingFrame {
    WaitingFrame {
        t: "waiting",
        why,
        conv: found.view.room.id,
        message: found.row.id,
        seq: found.row.seq,
        from,
    }
}

/// The sender asks those who have not answered again.
pub(super) async fn remind(cx: &Cx, caller: &Caller, id: MessageId) -> Result<(), Fault> {
    let found = find(cx, caller, id).await?;
    rights::seated(&found.view)?.open()?;
    live(&found)?;
    let (log, seq) = (found.row.log, found.row.seq);
    let request = cx.db.query_opt(sql::ONE, params![log, seq]).await?.ok_or_else(not_asked)?;
    rights::told_of_readers(&found, caller, "Only who sent a message can remind people of it.")?;
    let now = cx.env.now();
    let reminded = params![log, seq, now, REMINDERS, now - REMIND_AFTER];
    if cx.db.execute(sql::REMIND, reminded).await? == 0 {
        let (last, count): (Option<Micros>, i64) = (request.get(0)?, request.get(1)?);
        if count >= REMINDERS {
            let often = "People were reminded of this message as often as it can be done. Talk to them.";
            return Err(Fault::conflict("too_many_reminders", often).param("max", REMINDERS));
        }
        let wait = (last.unwrap_or(now) + REMIND_AFTER - now).clamp(1_000_000, REMIND_AFTER) / 1_000_000;
        return Err(Fault::rate_limited(wait as u32));
    }
    cx.acks.changed(Spot { log, seq });
    tell_waiting(cx, Spot { log, seq }, &waiting(&found, Why::Reminder, Some(caller.principal_id))).await
}

/// Tells the devices of everybody who has not answered.
pub(super) async fn tell_waiting(cx: &Cx, spot: Spot, frame: &WaitingFrame) -> Result<(), Fault> {
    let rows = cx.db.query(sql::WAITING_LOGS, params![spot.log, spot.seq]).await?;
    let logs = rows.iter().map(|row| row.get(0)).collect::<DbResult<Vec<LogKey>>>()?;
    let text = frame.text();
    for log in logs {
        cx.publisher.publish_ephemeral(log, None, text.clone());
    }
    Ok(())
}
