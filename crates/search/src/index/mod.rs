//! One index per org: its files, who keeps it up to date, and how it is read.
//!
//! **Invariants:** the index stores no text. It is derived from the log and may be thrown away at
//! any time. Its cursors are committed together with what they stand for, so that after a crash it
//! goes on where it was. One process writes it, through one writer.

pub mod background;
pub mod collect;
pub mod cursors;
pub mod follow;
pub mod rows;
pub mod schema;
pub mod shelf;
pub mod store;

pub use cursors::Cursors;
pub use shelf::Shelf;
pub use store::{IndexState, OrgIndex};
