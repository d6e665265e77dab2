//! Brings conversations in from elsewhere.
//!
//! A [`Source`] reads foreign data and gives [`model`] values; the [`engine`] writes them. A new
//! source is a folder beside `slack` that implements the trait, and a [`Format`]. What sources
//! share is beside them: the guarded archive, bounded lines, emoji, markup, and a spool for those
//! whose messages are in no order.
//!
//! The engine writes the log's tables set-based instead of sending message by message: 228,000
//! messages through the append queue would take minutes and flood every open socket.
//!
//! **Invariants:** nothing is written before the source has read all of itself without an error;
//! every transaction takes its sequence numbers from the log's head row, as any other writer;
//! what an outside id became stands in `import_map` before anything refers to it, so a run that
//! broke off is finished by running it again, and running twice adds nothing.

mod archive;
mod attached;
pub mod copies;
pub mod demo;
mod emoji;
pub mod engine;
mod format;
mod json;
mod lines;
pub mod mapping;
mod markup;
mod mattermost;
pub mod model;
pub mod report;
mod rocketchat;
pub mod routes;
pub mod runs;
pub mod shelf;
mod slack;
mod spool;
mod spooled;
mod vault;

pub use engine::{Options, Progress, Stage};
pub use format::{Format, Input, import};
pub use model::Source;
pub use report::Report;
pub use routes::{Deps, module, tidy, watch};
pub use vault::Vault;

/// Every statement of this domain, for the test that prepares each on both databases.
pub const STATEMENTS: &[&[(&str, weft_storage::Sql)]] =
    &[copies::ALL, demo::ALL, engine::sql::ALL, mapping::sql::ALL, runs::ALL];
