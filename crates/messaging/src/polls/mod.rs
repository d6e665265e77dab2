//! Polls: a message may ask people to choose among options, by name or anonymously, until a
//! deadline if it has one.
//!
//! **Invariants:** a poll is one row and one for each option, written with its message; somebody
//! has rows only once they vote; votes and the closing update the poll's row first, so that a vote
//! is either before the closing and counted, or refused; results are counted anew from the votes,
//! at most once a second, and told as the message's present state; an anonymous vote names nobody:
//! its voter is a hash keyed with a secret of this poll, which is destroyed when it closes.

mod ask;
mod close;
mod export;
mod routes;
pub mod sql;
mod view;
mod vote;

pub use ask::{PollRequest, Results};
pub use close::run;
pub use routes::router;

pub(crate) use ask::ask;
pub(crate) use close::forget;
pub(crate) use view::{Votes, load};

/// The kind of the job that closes a poll at its deadline.
pub(crate) const DEADLINE_JOB: &str = "poll_deadline";

/// An option as it is told from others: neither case nor width tells two apart.
fn folded(option: &str) -> String {
    option.chars().map(weft_kernel::chars::fold).collect()
}

fn closed() -> weft_kernel::Fault {
    weft_kernel::Fault::conflict("poll_closed", "This poll is closed; votes cannot change any more.")
}

fn no_poll() -> weft_kernel::Fault {
    weft_kernel::Fault::conflict("no_poll", "This message is not a poll.")
}
