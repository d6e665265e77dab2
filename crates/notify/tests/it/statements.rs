//! Every statement is valid on both databases.

weft_testkit::on_both! {
    async fn every_statement_is_understood(test: TestDb) {
        for statements in weft_notify::STATEMENTS {
            weft_testkit::prepare_all(&test, statements).await;
        }
    }
}
