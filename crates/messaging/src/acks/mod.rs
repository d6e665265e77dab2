//! Confirmations: a message may ask its readers, or some of them by name, to acknowledge it, until
//! a deadline if it has one; who has acknowledged may later say that it is done.
//!
//! **Invariants:** a request is one row beside its message, written with it; a person has a row
//! only once they act (or are named by the sender); the counts in a request are counted anew from
//! those rows, at most once a second for each message, and told as the message's present state;
//! a reminder is a time in the request, so that nobody hears of it twice and a crash loses none.

mod act;
mod ask;
mod due;
mod list;
mod routes;
pub mod sql;
mod tell;

pub use ask::AckRequest;
pub use due::run;
pub use routes::router;

pub(crate) use act::live;
pub(crate) use ask::{Ask, ask};
pub(crate) use tell::Acknowledged;

pub(crate) use crate::teller::Spot;

use serde::Serialize;
use weft_kernel::id::{ConversationId, MessageId, PrincipalId};

/// The kind of the job that looks after a deadline.
pub(crate) const DEADLINE_JOB: &str = "ack_deadline";

/// Stored states of an answer; nobody's row says 0.
const ACKNOWLEDGED: i64 = 1;
const DONE: i64 = 2;

/// Why somebody is told that what waits for them has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    /// They have answered on one of their devices.
    Answered,
    /// The sender asks again.
    Reminder,
    /// The deadline has come.
    Deadline,
    /// It is urgent: shown at once, and again until they answer.
    Urgent,
    /// It is urgent no longer.
    Cancelled,
}

/// Told to the devices of who is asked.
#[derive(Debug, Serialize)]
pub(crate) struct WaitingFrame {
    pub(crate) t: &'static str,
    pub(crate) why: Why,
    pub(crate) conv: ConversationId,
    pub(crate) message: MessageId,
    pub(crate) seq: i64,
    pub(crate) from: Option<PrincipalId>,
}

impl WaitingFrame {
    pub(crate) fn text(&self) -> axum::extract::ws::Utf8Bytes {
        // Our own types have string keys only and cannot fail to serialise.
        serde_json::to_string(self).unwrap_or_default().into()
    }
}
