//! What happens to a message after it was sent: edits, recall, deletion, reactions, pins,
//! forwarding.
//!
//! **Invariants:** a message changes only under its log's head lock, so that of an edit and a
//! recall one is first and the other sees it; every change takes the next `seq` and leaves it as
//! the message's `changed_seq`; a tombstone keeps no text, version, mention or reaction.

mod change;
mod edit;
mod forward;
mod forward_many;
mod pin;
mod react;
mod remove;
mod routes;
pub mod sql;

pub use forward::ForwardRequest;
pub use forward_many::{ForwardManyRequest, ForwardMode};
pub use routes::router;

pub(crate) use change::{Found, Locked, find};
pub(crate) use remove::erase;
