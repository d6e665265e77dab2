//! What somebody keeps for later: messages, and notes of their own, with reminders.
//!
//! **Invariants:** nothing here shows a message to who may not read it now; a reminder is told
//! once, in the transaction that ends its job; what is taken out stays as a row, so that other
//! devices learn of it.

mod change;
mod item;
mod list;
mod remind;
mod routes;
pub mod sql;

pub use item::SavedMark;
pub use remind::{Notices, Reminder};
pub use routes::router;

pub(crate) use list::changed;
pub(crate) use remind::remind;

/// The kind of the job that reminds.
pub(crate) const JOB: &str = "saved_reminder";

/// Stored states.
mod state {
    pub(super) const OPEN: i64 = 1;
    pub(super) const DONE: i64 = 2;
    pub(super) const GONE: i64 = 4;
}
