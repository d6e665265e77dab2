//! The test stand itself: every test gets a database of its own.

use weft_storage::{Sql, params};
use weft_testkit::on_both;

const PUT: Sql = Sql::new("INSERT INTO server_state (key, value) VALUES ($1, $2)");
const COUNT: Sql = Sql::new("SELECT COUNT(*) FROM server_state WHERE key = $1");

on_both! {
    async fn each_test_starts_from_an_empty_schema(test: TestDb) {
        let db = test.db();
        let count = db.query_one(COUNT, params!["mine"]).await.expect("a count").get::<i64>(0);
        assert_eq!(count.expect("a number"), 0);
        db.execute(PUT, params!["mine", "1"]).await.expect("a write");
    }
}
