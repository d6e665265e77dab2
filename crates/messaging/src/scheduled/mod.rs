//! Messages that are written now and sent at a time.
//!
//! **Invariants:** what a request asks is checked when it is scheduled, and once more, with the
//! rights of that moment, when it is sent; it goes the way of every message, with the nonce that
//! it was given at first, so that it is sent once whoever dies in between; what cannot be sent is
//! kept with the reason; once it is on its way it can neither be changed nor deleted.

mod change;
mod deliver;
mod item;
mod routes;
pub mod sql;

pub use item::{Scheduled, ScheduledMark};
pub use routes::router;

pub use deliver::acting;
pub(crate) use deliver::deliver;
pub(crate) use item::changed;

use weft_kernel::{Fault, Micros};
use weft_storage::params;

use crate::Cx;

/// The kind of the job that sends one.
pub(crate) const JOB: &str = "scheduled_send";

/// Whoever was away for longer asks for the whole list.
const GONE_FOR: Micros = 30 * 24 * 3_600 * 1_000_000;

/// Stored states.
mod state {
    pub(super) const WAITING: i64 = 1;
    pub(super) const SENDING: i64 = 2;
    pub(super) const FAILED: i64 = 3;
    pub(super) const GONE: i64 = 4;

    /// As clients know it.
    pub(super) fn name(stored: i64) -> &'static str {
        match stored {
            WAITING => "waiting",
            SENDING => "sending",
            FAILED => "failed",
            _ => "gone",
        }
    }
}

/// Forgets what was sent or given up long ago.
pub(crate) async fn tidy(cx: &Cx) -> Result<(), Fault> {
    cx.db.execute(sql::TIDY, params![cx.env.now() - GONE_FOR]).await?;
    Ok(())
}
