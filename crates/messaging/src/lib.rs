//! Conversations, membership, and what is written in them.

pub mod content;
