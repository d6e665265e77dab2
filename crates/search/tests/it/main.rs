//! The index itself, without a server.

#![allow(clippy::unwrap_used, reason = "a test says what broke by panicking")]

mod recall;
mod statements;
