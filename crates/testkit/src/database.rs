//! A fresh database for each test, of either kind.

use std::thread;

use weft_storage::{Db, DbConfig, migrate, tokio_postgres};

use crate::{Scratch, postgres, scratch::unique};

/// Which database a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// The embedded one.
    Sqlite,
    /// A server.
    Postgres,
}

/// A database of its own, gone when dropped.
pub struct TestDb {
    place: Place,
    db: Option<Db>,
}

enum Place {
    Sqlite(Scratch),
    Postgres { name: String, url: String },
}

impl TestDb {
    /// An empty database without a schema; nothing is open.
    ///
    /// # Panics
    /// When PostgreSQL refuses.
    pub async fn empty(engine: Engine) -> TestDb {
        let place = match engine {
            Engine::Sqlite => Place::Sqlite(Scratch::new("db")),
            Engine::Postgres => {
                let name = unique("weft_test");
                administer(&format!("CREATE DATABASE {name} TEMPLATE template0")).await;
                let url = postgres::shared_url();
                let server = url.rsplit_once('/').map_or(url, |(server, _)| server);
                Place::Postgres { url: format!("{server}/{name}"), name }
            }
        };
        TestDb { place, db: None }
    }

    /// A database with the present schema, open.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn migrated(engine: Engine) -> TestDb {
        let mut test = TestDb::empty(engine).await;
        let db = Db::open_unmigrated(&test.config()).expect("a fresh database opens");
        migrate::run(&db).await.expect("a fresh database migrates");
        test.db = Some(db);
        test
    }

    /// Where it is, for [`Db::open`].
    pub fn config(&self) -> DbConfig {
        match &self.place {
            Place::Sqlite(dir) => DbConfig::Sqlite(dir.join("weft.db")),
            Place::Postgres { url, .. } => DbConfig::Postgres(url.clone()),
        }
    }

    /// Its address, when it is PostgreSQL.
    pub fn url(&self) -> Option<&str> {
        match &self.place {
            Place::Sqlite(_) => None,
            Place::Postgres { url, .. } => Some(url),
        }
    }

    /// The open database.
    ///
    /// # Panics
    /// When made by [`TestDb::empty`].
    pub fn db(&self) -> &Db {
        self.db.as_ref().expect("an open database")
    }
}

impl Drop for TestDb {
    fn drop(&mut self) {
        let Place::Postgres { name, .. } = &self.place else { return };
        let statement = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        // A drop may run inside a runtime, which must not block on another: so, a thread.
        let work = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(administer(&statement)))
        };
        let _ = thread::spawn(work).join();
    }
}

async fn administer(statement: &str) {
    let connected = tokio_postgres::connect(postgres::shared_url(), tokio_postgres::NoTls).await;
    let (client, connection) = connected.expect("PostgreSQL answers");
    let connection = tokio::spawn(connection);
    client.batch_execute(statement).await.unwrap_or_else(|e| panic!("{statement}: {e:?}"));
    connection.abort();
}
