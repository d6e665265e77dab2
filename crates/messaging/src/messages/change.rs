//! The frame of every change of a message: find, lock, look again, write, commit, tell.

use weft_http::Caller;
use weft_kernel::{Fault, FaultKind, LogKey, Micros, PrincipalKey, id::MessageId};
use weft_log::{Frame, Head, LogName, head};
use weft_storage::{Envelope, Tx, params};

use super::sql;
use crate::{
    View,
    content::Content,
    cx::Cx,
    events::Event,
    load::{self, MessageRow},
    wire::{Message, StoredBody, state},
};

/// Stored kind of a message that a person wrote.
const OF_A_PERSON: i64 = 1;

/// A message, and the view through which the caller sees it.
pub(crate) struct Found {
    pub(crate) row: MessageRow,
    pub(crate) view: View,
}

/// Finds a message that the caller may see.
pub(crate) async fn find(cx: &Cx, caller: &Caller, id: MessageId) -> Result<Found, Fault> {
    let nothing = || Fault::not_found("message");
    let row = load::by_id(&cx.db, id).await?.ok_or_else(nothing)?;
    let hidden = |fault: Fault| if fault.kind() == FaultKind::NotFound { nothing() } else { fault };
    let view = cx.guard.view_by_log(caller, row.log).await.map_err(hidden)?;
    if row.seq < view.visible_from {
        return Err(nothing());
    }
    Ok(Found { row, view })
}

/// A message under its log's head lock.
pub(crate) struct Locked {
    pub(crate) sender: PrincipalKey,
    kind: i64,
    state: i64,
    pub(super) n: Option<i64>,
    pub(super) thread: Option<i64>,
    pub(super) at: Micros,
    pub(super) edited_at: Option<Micros>,
    pub(super) pinned: bool,
    pub(super) sealed: Vec<u8>,
    /// Some member joined later and may not see it.
    hidden: bool,
}

impl Locked {
    /// Refuses tombstones.
    pub(crate) fn live(&self) -> Result<(), Fault> {
        if self.state == state::LIVE {
            return Ok(());
        }
        Err(Fault::conflict("message_gone", "The message was recalled or deleted."))
    }

    /// Whether it is a tombstone.
    pub(super) fn is_gone(&self) -> bool {
        self.state != state::LIVE
    }

    /// Refuses messages that the server wrote.
    pub(crate) fn of_a_person(&self) -> Result<(), Fault> {
        if self.kind == OF_A_PERSON {
            return Ok(());
        }
        Err(Fault::conflict("system_message", "A message of the system cannot be changed."))
    }

    /// What it says, and what was found in it.
    pub(crate) fn body(&self) -> Result<(Content, StoredBody), Fault> {
        let sealed = || Fault::internal("a message's body cannot be opened");
        let plain = Envelope.open(&self.sealed).ok_or_else(sealed)?;
        let stored: StoredBody = serde_json::from_slice(plain).map_err(Fault::internal)?;
        let parts = serde_json::from_str(stored.parts.get()).map_err(Fault::internal)?;
        Ok((Content { v: stored.v, parts }, stored))
    }
}

impl Found {
    pub(super) fn log(&self) -> LogKey {
        self.row.log
    }

    pub(super) fn seq(&self) -> i64 {
        self.row.seq
    }

    /// Begins a transaction in which the message stays as it is read here until the commit.
    pub(crate) async fn lock(&self, cx: &Cx, caller: &Caller) -> Result<(Tx, Locked), Fault> {
        let mut tx = cx.db.begin().await?;
        head::lock(&mut tx, &[self.log()]).await?;
        cx.confirm(&mut tx, caller, &self.view.room, self.view.seat.as_ref()).await?;
        let mut row = tx.query_one(sql::LOCKED, params![self.log(), self.seq()]).await?;
        let locked = Locked {
            sender: row.get(0)?,
            kind: row.get(1)?,
            state: row.get(2)?,
            n: row.get(3)?,
            thread: row.get(4)?,
            at: row.get(5)?,
            edited_at: row.get(6)?,
            pinned: row.get::<Option<i64>>(7)?.is_some(),
            // NULL in a tombstone.
            sealed: row.take_bytes(8).unwrap_or_default(),
            hidden: row.get(9)?,
        };
        Ok((tx, locked))
    }

    /// The message as it now is.
    pub(crate) async fn present(&self, cx: &Cx) -> Result<Message, Fault> {
        let nothing = || Fault::not_found("message");
        let row = load::by_seq(&cx.db, self.log(), self.seq()).await?.ok_or_else(nothing)?;
        let found = load::assemble(&cx.db, &cx.people, self.view.room.id, vec![row]).await?.pop();
        found.ok_or_else(nothing)
    }

    /// Publishes the message's present state as event `seq`, and returns it.
    pub(crate) async fn tell(&self, cx: &Cx, locked: &Locked, head: Head) -> Result<Message, Fault> {
        let message = self.present(cx).await?;
        let event = Event::MessageChanged { message: &message };
        cx.publisher.publish(self.changed(locked, head.seq, &event));
        Ok(message)
    }

    /// The frame of a change of the message. Where some may not see it, it only says that the log
    /// has grown: each catches up with what they see.
    pub(super) fn changed(&self, locked: &Locked, seq: i64, event: &Event<'_>) -> Frame {
        if locked.hidden {
            return Frame::head(self.log(), LogName::Conversation(self.view.room.id), seq);
        }
        self.frame(seq, event)
    }

    pub(super) fn frame(&self, seq: i64, event: &Event<'_>) -> Frame {
        Frame::event(self.log(), LogName::Conversation(self.view.room.id), seq, event)
    }
}
