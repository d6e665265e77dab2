//! Pins.

use serde_json::json;
use weft_http::Caller;
use weft_kernel::{
    Fault,
    id::{ConversationId, MessageId},
};
use weft_log::head;
use weft_storage::{DbResult, Tx, params};

use super::{
    change::{Found, find},
    sql,
};
use crate::{
    cx::Cx,
    events::Event,
    load::{self, MessageRow},
    rights,
    system::{self, Place},
    vanish,
    wire::{Kind, Message},
};

/// Most pinned messages of a conversation.
const PINS_MAX: i64 = 100;

/// Pins a message for everybody, or unpins it. Twice is once.
pub(super) async fn pin(cx: &Cx, caller: &Caller, id: MessageId, on: bool) -> Result<(), Fault> {
    cx.while_stale(|| async move {
        let found = find(cx, caller, id).await?;
        rights::not_guest(caller)?;
        let seat = rights::seated(&found.view)?;
        seat.open()?;
        if seat.room.kind == Kind::Announcement {
            rights::publishes(seat, caller)?;
        }
        if on { set(cx, caller, &found).await } else { clear(cx, caller, &found).await }
    })
    .await
}

async fn set(cx: &Cx, caller: &Caller, found: &Found) -> Result<(), Fault> {
    let (mut tx, locked) = found.lock(cx, caller).await?;
    locked.live()?;
    locked.of_a_person()?;
    vanish::stays(&locked.body()?.1, "A message that vanishes cannot be pinned.")?;
    if locked.pinned {
        return Ok(tx.rollback().await?);
    }
    room_for(&mut tx, found).await?;
    // Two events: the message's change, and the line that tells of it.
    let head = head::advance_by(&mut tx, found.log(), 2, cx.env.now()).await?;
    let changed = weft_log::Head { seq: head.seq - 1, ..head };
    let pinned = params![found.log(), found.seq(), head.at, caller.principal, changed.seq];
    tx.execute(sql::PIN, pinned).await?;
    let place = Place { log: found.log(), conversation: found.view.room.id, seq: head.seq, at: head.at };
    let params = json!({"message": found.row.id, "seq": found.seq()});
    let line = system::write(cx, &mut tx, place, caller.into(), "message.pinned", params).await?;
    tx.commit().await?;
    found.tell(cx, &locked, changed).await?;
    cx.publisher.publish(found.frame(head.seq, &Event::Message { message: &line }));
    Ok(())
}

async fn room_for(tx: &mut Tx, found: &Found) -> Result<(), Fault> {
    let pinned: i64 = tx.query_one(sql::PINNED, params![found.log()]).await?.get(0)?;
    if pinned < PINS_MAX {
        return Ok(());
    }
    Err(Fault::conflict(
        "too_many_pins",
        "A conversation can have at most 100 pins. Unpin another one first.",
    )
    .param("max", PINS_MAX))
}

async fn clear(cx: &Cx, caller: &Caller, found: &Found) -> Result<(), Fault> {
    let (mut tx, locked) = found.lock(cx, caller).await?;
    if !locked.pinned {
        return Ok(tx.rollback().await?);
    }
    let head = head::advance(&mut tx, found.log(), cx.env.now()).await?;
    let nobody: Option<i64> = None;
    tx.execute(sql::PIN, params![found.log(), found.seq(), nobody, nobody, head.seq]).await?;
    tx.commit().await?;
    found.tell(cx, &locked, head).await.map(drop)
}

/// A conversation's pins, newest first.
pub(super) async fn pins(cx: &Cx, caller: &Caller, id: ConversationId) -> Result<Vec<Message>, Fault> {
    let view = cx.guard.view(caller, id).await?;
    let rows = cx.db.query(sql::PINS, params![view.room.log, view.visible_from]).await?;
    let rows = rows.into_iter().map(MessageRow::read).collect::<DbResult<Vec<_>>>()?;
    Ok(load::assemble(&cx.db, &cx.people, id, rows).await?)
}
