//! Every statement of every domain is valid on both databases.

use weft_testkit::{on_both, prepare_all};

on_both! {
    async fn every_statement_can_be_prepared(test: TestDb) {
        let domains = [
            weft_identity::STATEMENTS,
            weft_messaging::STATEMENTS,
            weft_imports::STATEMENTS,
            weft_search::STATEMENTS,
            weft_files::STATEMENTS,
            weft_phones::STATEMENTS,
            weft_notify::STATEMENTS,
            weft_letters::STATEMENTS,
        ];
        for statements in domains.into_iter().flatten() {
            prepare_all(&test, statements).await;
        }
        prepare_all(&test, &weft_archive::statements()).await;
    }
}
