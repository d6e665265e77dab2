//! Removing what is due, and telling both when a countdown has begun. One transaction for what
//! one conversation has: whoever dies before it commits leaves the rows to the next one, whoever
//! comes second finds none.

use weft_kernel::{Fault, LogKey, Micros, id::ConversationId};
use weft_log::{Frame, LogName, head};
use weft_storage::{Db, DbResult, Envelope, Tx, params};

use super::{SECOND, sql};
use crate::{
    cx::Cx,
    events::Event,
    load,
    messages::{self, erase},
    wire::{StoredBody, state},
};

/// What could not be removed is tried again after this.
const AGAIN: Micros = 15 * SECOND;

/// When the next message vanishes.
pub(crate) async fn next(db: &Db) -> DbResult<Option<Micros>> {
    db.query_one(sql::NEXT, Vec::new()).await?.get(0)
}

/// Does what is to be done now. Answers in how many conversations it was done.
pub(crate) async fn look(cx: &Cx) -> Result<usize, Fault> {
    let mut done = 0;
    for row in cx.db.query(sql::ROOMS, params![cx.env.now()]).await? {
        let log: LogKey = row.get(0)?;
        match room(cx, log).await {
            Ok(()) => done += 1,
            Err(fault) => {
                tracing::warn!(%fault, log = log.0, "a message did not vanish; it is tried again");
                let now = cx.env.now();
                cx.db.execute(sql::POSTPONE, params![log, now, now + AGAIN]).await?;
            }
        }
    }
    Ok(done)
}

struct Pending {
    seq: i64,
    due: bool,
    body: Option<StoredBody>,
}

async fn room(cx: &Cx, log: LogKey) -> Result<(), Fault> {
    let now = cx.env.now();
    let mut tx = cx.db.begin().await?;
    head::lock(&mut tx, &[log]).await?;
    let (mut pending, mut conversation) = (Vec::new(), None);
    for mut row in tx.query(sql::PENDING, params![log, now]).await? {
        // A body that cannot be opened goes all the same.
        let sealed = row.take_bytes(2).unwrap_or_default();
        let body = Envelope.open(&sealed).and_then(|plain| serde_json::from_slice(plain).ok());
        pending.push(Pending { seq: row.get(0)?, due: row.get(1)?, body });
        conversation = Some(row.get(3)?);
    }
    let Some(conversation) = conversation else { return Ok(tx.rollback().await?) };
    let count = pending.len() as i64;
    let first = head::advance_by(&mut tx, log, count, now).await?.seq - count + 1;
    for (one, seq) in pending.iter().zip(first..) {
        settle(&mut tx, log, one, seq).await?;
    }
    tx.commit().await?;
    tell(cx, log, conversation, pending.iter().map(|one| one.seq).collect(), first).await
}

async fn settle(tx: &mut Tx, log: LogKey, one: &Pending, changed: i64) -> Result<(), Fault> {
    if one.due {
        return erase(tx, (log, one.seq), state::VANISHED, changed, one.body.as_ref()).await;
    }
    tx.execute(sql::TOLD, params![log, one.seq]).await?;
    tx.execute(messages::sql::TOUCH, params![log, one.seq, changed]).await?;
    Ok(())
}

/// Leaves nothing of a message that vanishes but its tombstone.
pub(crate) async fn forget(tx: &mut Tx, log: LogKey, seq: i64) -> DbResult<()> {
    tx.execute(sql::UNHASH, params![log, seq]).await?;
    tx.execute(sql::FORGET, params![log, seq]).await?;
    Ok(())
}

/// Tells the present state of messages whose changes are the events from `first` on.
async fn tell(
    cx: &Cx,
    log: LogKey,
    conversation: ConversationId,
    seqs: Vec<i64>,
    first: i64,
) -> Result<(), Fault> {
    let mut rows = load::by_seqs(&cx.db, log, seqs).await?;
    rows.sort_unstable_by_key(|row| row.seq);
    let messages = load::assemble(&cx.db, &cx.people, conversation, rows).await?;
    for (message, seq) in messages.iter().zip(first..) {
        let event = Event::MessageChanged { message };
        cx.publisher.publish(Frame::event(log, LogName::Conversation(conversation), seq, &event));
    }
    Ok(())
}
