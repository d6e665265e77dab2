//! Conversations, membership, and what is written in them.

pub mod content;
pub mod guard;
pub mod load;
pub mod people;
pub mod wire;

pub use guard::{Guard, Room, Seat, View};
pub use people::People;
