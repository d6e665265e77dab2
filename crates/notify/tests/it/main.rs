//! Tests of this crate against real databases.

mod statements;
