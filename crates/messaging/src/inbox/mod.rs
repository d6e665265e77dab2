//! The inbox: everything that calls somebody, read from what is written anyway — the mentions, the
//! alerts, the threads that they follow, the reactions to what they wrote.
//!
//! **Invariants:** nothing is written for an item of the inbox but by who marks it as read; what
//! somebody may not see (any more) is not in it; reading the conversation reads it here, too.

mod list;
mod read;
mod routes;
pub mod sql;

pub use routes::router;
