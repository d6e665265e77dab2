//! What a person wants to be told of: levels of conversations, alerts, do-not-disturb and its
//! exceptions, the replies of who is away.
//!
//! **Invariants:** [`policy`] alone decides who is told of a message and how, and knows no
//! database; alerts are looked for behind the append, by one automaton for each org.

pub mod audience;
mod away;
mod follow;
mod matcher;
pub mod policy;
mod routes;
mod rules;
pub mod sql;

pub use audience::{Listener, audience, concerned, concerns};
pub use follow::Attention;
pub use policy::{How, Level};
pub use routes::router;
pub use rules::Alerts;

pub(crate) use follow::Sent;
pub(crate) use rules::get as alerts_of;

/// Tells devices that the inbox has changed: ask again.
pub(crate) const INBOX_FRAME: &str = r#"{"t":"inbox"}"#;
