//! Imports from the outside: archives in, rows out, on both databases.

#![allow(clippy::unwrap_used, reason = "a test says what broke by panicking")]

mod alive;
mod changes;
mod demo;
mod desk;
mod fixture;
mod hostile;
mod mapping;
mod mattermost;
mod people;
mod real;
mod rocketchat;
mod slack;

weft_testkit::on_both! {
    async fn every_statement_is_understood(test: TestDb) {
        for statements in weft_imports::STATEMENTS {
            weft_testkit::prepare_all(&test, statements).await;
        }
    }
}
