//! Every statement is one that the database understands.

use weft_testkit::{on_both, prepare_all};

on_both! {
    async fn every_statement_can_be_prepared(test: TestDb) {
        for list in weft_identity::STATEMENTS {
            prepare_all(&test, list).await;
        }
    }
}
