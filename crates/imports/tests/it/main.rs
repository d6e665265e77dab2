//! Imports from the outside: archives in, rows out, on both databases.

mod desk;
mod fixture;
mod hostile;
mod real;
mod slack;

weft_testkit::on_both! {
    async fn every_statement_is_understood(test: TestDb) {
        weft_testkit::prepare_all(&test, weft_imports::engine::sql::ALL).await;
        weft_testkit::prepare_all(&test, weft_imports::runs::ALL).await;
    }
}
