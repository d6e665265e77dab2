//! Conversations, membership, and what is written in them.

pub mod cards;
pub mod content;
pub mod conversations;
pub mod cx;
pub mod events;
pub mod guard;
pub mod load;
pub mod people;
pub mod rights;
pub mod system;
pub mod wire;

pub use cx::Cx;
pub use guard::{Guard, Room, Seat, View};
pub use people::People;
