//! Conversations and who is in them.
//!
//! **Invariants:** every change takes the next `seq` of the conversation's log and leaves it as
//! the `changed_seq` of what it changed; a change of members or of being archived makes earlier
//! proofs stale; whoever it concerns hears of it in their own log; nothing is published before
//! the commit. Adding many people is a constant number of statements.

mod create;
mod find;
mod first;
mod join;
mod leave;
mod publish;
mod routes;
mod settings;
pub mod sql;

pub use create::{NewConversation, create};
pub use find::{MemberItem, MemberPage};
pub use first::make_first;
pub use join::{Person, join_defaults};
pub use routes::router;

pub(crate) use find::one;
pub(crate) use settings::summary;
