//! Messaging through its router, on both databases.

#![allow(clippy::unwrap_used, reason = "a test says what broke by panicking")]

mod acks;
mod conversations;
mod crowd;
mod forwards;
mod marks;
mod messages;
mod polls;
mod rebuild;
mod world;

use weft_testkit::{on_both, prepare_all};

on_both! {
    async fn every_statement_is_understood(db: TestDb) {
        for all in weft_messaging::STATEMENTS {
            prepare_all(&db, all).await;
        }
    }
}
