//! Keeping, changing, taking out.

use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{
    Fault, LogKey, Micros,
    id::{MessageId, SavedId},
};
use weft_log::{Frame, LogName, head, outbox};
use weft_storage::{Row, Tx, params};

use super::{
    JOB,
    item::{SavedMark, SavedState, seal},
    sql, state,
};
use crate::{Cx, events::Event, messages::find, rights, vanish, when::When, wire};

/// What is to be otherwise; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedPatch {
    /// `open` or `done`; what is done reminds no more.
    #[serde(default)]
    state: Option<SavedState>,
    /// Words beside it, up to 2,000 characters.
    #[serde(default)]
    note: Option<String>,
    /// When to be reminded; null: never.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<When>)]
    remind: Option<Option<When>>,
}

/// A note of one's own.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NoteRequest {
    /// 1–2,000 characters.
    note: String,
    /// When to be reminded.
    #[serde(default)]
    remind: Option<When>,
}

/// Tells null from absent.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Option<When>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// A patch with its moment found.
struct Wish {
    state: Option<SavedState>,
    note: Option<String>,
    remind: Option<Option<Micros>>,
}

impl SavedPatch {
    async fn wish(&self, cx: &Cx, caller: &Caller) -> Result<Wish, Fault> {
        if self.state == Some(SavedState::Gone) {
            return Err(Fault::invalid("state", "It must be open or done. Delete it to take it out."));
        }
        let remind = match &self.remind {
            None => None,
            Some(None) => Some(None),
            Some(Some(when)) => Some(Some(when.resolve(cx, caller).await?)),
        };
        let note = self.note.as_deref().map(clean).transpose()?;
        Ok(Wish { state: self.state, note, remind })
    }
}

fn clean(note: &str) -> Result<String, Fault> {
    let note = note.trim();
    if note.chars().count() > limits::SAVED_NOTE || note.contains('\0') {
        return Err(Fault::invalid("note", "A note may have at most 2,000 characters, and no NUL."));
    }
    Ok(note.to_owned())
}

struct Kept {
    id: SavedId,
    note: Vec<u8>,
    state: i64,
    saved_at: Micros,
    remind_at: Option<Micros>,
    reminded_at: Option<Micros>,
}

impl Kept {
    fn read(mut row: Row) -> Result<Kept, Fault> {
        Ok(Kept {
            id: row.get(0)?,
            note: row.take_bytes(1)?,
            state: row.get(2)?,
            saved_at: row.get(3)?,
            remind_at: row.get(4)?,
            reminded_at: row.get(5)?,
        })
    }

    /// Does what is wished.
    fn become_as(&mut self, wish: &Wish, now: Micros) {
        if self.state == state::GONE {
            // Kept anew: nothing of what was before holds.
            (self.state, self.saved_at, self.note) = (state::OPEN, now, seal(""));
            (self.remind_at, self.reminded_at) = (None, None);
        }
        if let Some(note) = &wish.note {
            self.note = seal(note);
        }
        if let Some(state) = wish.state {
            self.state = state.stored();
        }
        if let Some(remind) = wish.remind {
            (self.remind_at, self.reminded_at) = (remind, None);
            if remind.is_some() {
                self.state = state::OPEN;
            }
        }
        if self.state != state::OPEN {
            (self.remind_at, self.reminded_at) = (None, None);
        }
    }

    fn mark(&self, message: Option<MessageId>) -> SavedMark {
        SavedMark {
            id: self.id,
            message,
            state: SavedState::from_stored(self.state),
            saved_at: self.saved_at,
            remind_at: self.remind_at,
            reminded_at: self.reminded_at,
        }
    }

    async fn update(&self, tx: &mut Tx, own_seq: i64) -> Result<(), Fault> {
        let row = params![
            self.id,
            self.note.clone(),
            self.state,
            self.saved_at,
            self.remind_at,
            self.reminded_at,
            own_seq
        ];
        tx.execute(sql::CHANGE, row).await?;
        Ok(())
    }
}

async fn begin(cx: &Cx, caller: &Caller) -> Result<(Tx, i64), Fault> {
    let mut tx = cx.db.begin().await?;
    let head = head::advance(&mut tx, caller.log, cx.env.now()).await?;
    rights::own_proof(caller).confirm(&mut tx).await?;
    Ok((tx, head.seq))
}

/// Adds the job of a reminder that is to come.
async fn arm(tx: &mut Tx, row: &Kept) -> Result<(), Fault> {
    if let (Some(at), None) = (row.remind_at, row.reminded_at) {
        outbox::add(tx, JOB, &(row.id, at), at).await?;
    }
    Ok(())
}

async fn room(tx: &mut Tx, caller: &Caller) -> Result<(), Fault> {
    let count: i64 = tx.query_one(sql::COUNT, params![caller.principal]).await?.get(0)?;
    if count >= limits::SAVED {
        let full = "You keep as much as can be kept. Take out what you no longer need.";
        return Err(Fault::conflict("too_many_saved", full).param("max", limits::SAVED));
    }
    Ok(())
}

fn tell(cx: &Cx, caller: &Caller, seq: i64, mark: SavedMark) -> SavedMark {
    let name = LogName::Principal(caller.principal_id);
    cx.publisher.publish(Frame::event(caller.log, name, seq, &Event::Saved(&mark)));
    cx.due.notify_one();
    mark
}

/// Keeps a message that the caller may read, or changes how it is kept.
pub(super) async fn save(
    cx: &Cx,
    caller: &Caller,
    id: MessageId,
    patch: &SavedPatch,
) -> Result<SavedMark, Fault> {
    let wish = patch.wish(cx, caller).await?;
    let found = find(cx, caller, id).await?;
    vanish::stays(&found.row.stored(), "A message that vanishes cannot be kept for later.")?;
    let (log, seq) = (found.row.log, found.row.seq);
    let (mut tx, own_seq) = begin(cx, caller).await?;
    let now = cx.env.now();
    let held = tx.query_opt(sql::BY_MESSAGE, params![caller.principal, log, seq]).await?;
    let fresh = held.is_none();
    let mut row = match held {
        Some(row) => Kept::read(row)?,
        None => blank(cx, now),
    };
    if row.state == state::GONE {
        if found.row.state != wire::state::LIVE {
            return Err(Fault::conflict("message_gone", "The message was recalled or deleted."));
        }
        room(&mut tx, caller).await?;
    }
    row.become_as(&wish, now);
    if fresh {
        add(&mut tx, caller, Some((log, seq)), &row, own_seq).await?;
    } else {
        row.update(&mut tx, own_seq).await?;
    }
    if wish.remind.is_some() {
        arm(&mut tx, &row).await?;
    }
    tx.commit().await?;
    Ok(tell(cx, caller, own_seq, row.mark(Some(id))))
}

fn blank(cx: &Cx, now: Micros) -> Kept {
    Kept {
        id: cx.env.id(),
        note: seal(""),
        state: state::GONE,
        saved_at: now,
        remind_at: None,
        reminded_at: None,
    }
}

async fn add(
    tx: &mut Tx,
    caller: &Caller,
    place: Option<(LogKey, i64)>,
    row: &Kept,
    own_seq: i64,
) -> Result<(), Fault> {
    let (log, seq) = place.unzip();
    let row = params![
        row.id,
        caller.principal,
        log,
        seq,
        row.note.clone(),
        row.state,
        row.saved_at,
        row.remind_at,
        row.reminded_at,
        own_seq
    ];
    tx.execute(sql::ADD, row).await?;
    Ok(())
}

/// Keeps a note without a message.
pub(super) async fn note(cx: &Cx, caller: &Caller, request: &NoteRequest) -> Result<SavedMark, Fault> {
    let note = clean(&request.note)?;
    if note.is_empty() {
        return Err(Fault::invalid("note", "Write what it is about."));
    }
    let remind = match &request.remind {
        Some(when) => Some(when.resolve(cx, caller).await?),
        None => None,
    };
    let (mut tx, own_seq) = begin(cx, caller).await?;
    room(&mut tx, caller).await?;
    let mut row = blank(cx, cx.env.now());
    row.become_as(&Wish { state: None, note: Some(note), remind: Some(remind) }, cx.env.now());
    add(&mut tx, caller, None, &row, own_seq).await?;
    arm(&mut tx, &row).await?;
    tx.commit().await?;
    Ok(tell(cx, caller, own_seq, row.mark(None)))
}

async fn held(tx: &mut Tx, caller: &Caller, id: SavedId) -> Result<(Kept, Option<MessageId>), Fault> {
    let row = tx.query_opt(sql::BY_ID, params![caller.principal, id]).await?;
    let row = row.ok_or_else(|| Fault::not_found("saved item"))?;
    let (log, seq): (Option<LogKey>, Option<i64>) = (row.get(6)?, row.get(7)?);
    let message = match (log, seq) {
        (Some(log), Some(seq)) => {
            let found = tx.query_opt(crate::load::BY_SEQ, params![log, seq]).await?;
            found.map(|row| row.get(2)).transpose()?
        }
        _ => None,
    };
    Ok((Kept::read(row)?, message))
}

/// Changes what is kept.
pub(super) async fn change(
    cx: &Cx,
    caller: &Caller,
    id: SavedId,
    patch: &SavedPatch,
) -> Result<SavedMark, Fault> {
    let wish = patch.wish(cx, caller).await?;
    let (mut tx, own_seq) = begin(cx, caller).await?;
    let (mut row, message) = held(&mut tx, caller, id).await?;
    if message.is_none() && wish.note.as_deref() == Some("") {
        return Err(Fault::invalid("note", "Write what it is about, or take it out."));
    }
    row.become_as(&wish, cx.env.now());
    row.update(&mut tx, own_seq).await?;
    if wish.remind.is_some() {
        arm(&mut tx, &row).await?;
    }
    tx.commit().await?;
    Ok(tell(cx, caller, own_seq, row.mark(message)))
}

/// Takes something out.
pub(super) async fn remove(cx: &Cx, caller: &Caller, id: SavedId) -> Result<(), Fault> {
    let (mut tx, own_seq) = begin(cx, caller).await?;
    let (row, message) = held(&mut tx, caller, id).await?;
    end(cx, caller, tx, own_seq, (row, message)).await
}

/// Takes a message out; one that is not kept stays so.
pub(super) async fn unsave(cx: &Cx, caller: &Caller, id: MessageId) -> Result<(), Fault> {
    // Access may have ended meanwhile: what is kept is one's own.
    let Some(message) = crate::load::by_id(&cx.db, id).await? else {
        return Err(Fault::not_found("message"));
    };
    let (mut tx, own_seq) = begin(cx, caller).await?;
    let row = tx.query_opt(sql::BY_MESSAGE, params![caller.principal, message.log, message.seq]).await?;
    match row.map(Kept::read).transpose()? {
        Some(row) if row.state != state::GONE => end(cx, caller, tx, own_seq, (row, Some(id))).await,
        _ => {
            tx.rollback().await?;
            // Nobody learns here that a message exists which they cannot read.
            find(cx, caller, id).await.map(drop)
        }
    }
}

async fn end(
    cx: &Cx,
    caller: &Caller,
    mut tx: Tx,
    own_seq: i64,
    (mut row, message): (Kept, Option<MessageId>),
) -> Result<(), Fault> {
    row.state = state::GONE;
    (row.note, row.remind_at, row.reminded_at) = (seal(""), None, None);
    row.update(&mut tx, own_seq).await?;
    tx.commit().await?;
    tell(cx, caller, own_seq, row.mark(message));
    Ok(())
}
