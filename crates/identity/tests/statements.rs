//! Every statement is one that the database understands.

mod common;

use common::World;
use weft_storage::Backend;

#[tokio::test]
async fn every_statement_prepares() {
    let world = World::new().await;
    for (name, sql) in weft_identity::STATEMENTS.iter().flat_map(|list| list.iter()) {
        let text = sql.text(world.db.dialect());
        let result = match world.db.backend() {
            Backend::Sqlite(db) => db.read(move |conn| Ok(conn.raw().prepare(&text).map(drop)?)).await,
            Backend::Postgres(db) => db.connection().await.unwrap().prepare(*sql).await.map(drop),
        };
        assert!(result.is_ok(), "{name}: {result:?}");
    }
}
