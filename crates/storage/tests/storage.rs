//! The storage layer on a real SQLite file.

use weft_storage::{Db, DbConfig, Sql, params};

const PUT: Sql = Sql::new("INSERT INTO server_state (key, value) VALUES ($1, $2)");
const LIST: Sql = Sql::new("SELECT key FROM server_state WHERE key IN_TEXTS($1) ORDER BY key");

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing_behind() {
    let dir = std::env::temp_dir().join(format!("weft-storage-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let db = Db::open(&DbConfig::Sqlite(dir.join("weft.db"))).await.unwrap();
    let wanted = || params![vec!["a".to_owned(), "b".to_owned()]];

    let mut tx = db.begin().await.unwrap();
    tx.execute(PUT, params!["a", "1"]).await.unwrap();
    drop(tx);
    assert!(db.query(LIST, wanted()).await.unwrap().is_empty());

    let mut tx = db.begin().await.unwrap();
    tx.execute(PUT, params!["b", "1"]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(db.query(LIST, wanted()).await.unwrap().len(), 1);
    assert!(db.execute(PUT, params!["b", "2"]).await.unwrap_err().is_unique("server_state.key"));
    std::fs::remove_dir_all(dir).unwrap();
}
