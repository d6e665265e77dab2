//! What a person keeps for themselves: read marks, preferences, drafts, followed threads.
//!
//! **Invariants:** nothing here touches a conversation's log; every change takes the next `seq`
//! of the person's own log and leaves it as the `own_seq` of what it changed; a read mark never
//! falls and never passes the head.

mod drafts;
mod membership;
mod queue;
mod read_all;
mod routes;
mod snooze;
pub mod sql;
mod threads;
mod write;

pub use queue::Marker;
pub use routes::router;

pub(crate) use membership::read;
pub(crate) use snooze::{RETURN_JOB, bring_back};
pub(crate) use threads::{marks_changed, read_thread};

use weft_http::Caller;
use weft_kernel::Fault;
use weft_log::{Frame, Head, LogName, head};
use weft_storage::Tx;

use crate::{Seat, cx::Cx, events::Event};

/// Begins a transaction that has taken the next `seq` of the caller's own log, whose head's lock
/// keeps the caller's other devices out until the commit.
async fn begin(cx: &Cx, caller: &Caller, seat: &Seat) -> Result<(Tx, Head), Fault> {
    let mut tx = cx.db.begin().await?;
    let head = head::advance(&mut tx, caller.log, cx.env.now()).await?;
    cx.confirm(&mut tx, caller, &seat.room, Some(seat)).await?;
    Ok((tx, head))
}

/// Tells the caller's devices.
fn publish(cx: &Cx, caller: &Caller, seq: i64, event: &Event<'_>) {
    cx.publisher.publish(Frame::event(caller.log, LogName::Principal(caller.principal_id), seq, event));
}
