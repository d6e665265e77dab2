//! Identity through its routes, on both databases.
#![allow(clippy::unwrap_used, reason = "a test that panics has failed, and its line says where")]

mod directory;
mod outbox;
mod people;
mod sign_in;
mod statements;
mod world;
