//! Switching what becomes of new messages.

use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{Fault, id::ConversationId};
use weft_log::{ControlKind, Frame, LogName, control, head};
use weft_storage::params;

use super::{allowed, check, not_allowed, of_two, sql};
use crate::{
    conversations::summary,
    cx::Cx,
    events::Event,
    guard::Seat,
    system::{self, Place},
};

/// What becomes of new messages.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VanishRequest {
    /// They vanish so many seconds after being read, 5–604,800; null: they stay.
    pub(super) after: Option<i64>,
}

/// Either of two people sets it, for both. What was sent before stays as it was.
pub(super) async fn switch(
    cx: &Cx,
    caller: &Caller,
    id: ConversationId,
    request: VanishRequest,
) -> Result<(), Fault> {
    if let Some(after) = request.after {
        check(after)?;
    }
    cx.while_stale(|| async move {
        let seat = cx.guard.seat(caller, id).await?;
        of_two(&seat)?;
        if request.after.is_some() && !allowed(&cx.db, seat.room.org).await? {
            return Err(not_allowed());
        }
        write(cx, caller, &seat, request.after).await
    })
    .await
}

async fn write(cx: &Cx, caller: &Caller, seat: &Seat, after: Option<i64>) -> Result<(), Fault> {
    let (room, now) = (&seat.room, cx.env.now());
    let mut tx = cx.db.begin().await?;
    head::lock(&mut tx, &[weft_kernel::LogKey::CONTROL, room.log]).await?;
    cx.confirm(&mut tx, caller, room, Some(seat)).await?;
    let mut state = summary(&mut tx, room).await?;
    if state.vanish_after == after {
        return Ok(tx.rollback().await?);
    }
    state.vanish_after = after;
    // Whoever remembers the conversation looks again before they write the next message.
    let head = head::advance_acl(&mut tx, room.log, now).await?;
    tx.execute(sql::SET, params![room.log, after, head.seq]).await?;
    let place = Place { log: room.log, conversation: room.id, seq: head.seq, at: head.at };
    let line =
        system::write(cx, &mut tx, place, caller.into(), "vanish.changed", json!({ "after": after })).await?;
    control::announce(&mut tx, ControlKind::Conversation, room.log.0, now).await?;
    tx.commit().await?;
    cx.guard.forget(room.log);
    let event = Event::Conversation { conversation: &state, message: Some(&line) };
    cx.publisher.publish(Frame::event(room.log, LogName::Conversation(room.id), head.seq, &event));
    Ok(())
}
