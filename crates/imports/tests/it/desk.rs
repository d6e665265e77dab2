//! An org to import into, and what a test asks of it afterwards.

use std::{
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::Value as Json;
use weft_imports::{Format, Input, Options, Report};
use weft_kernel::{Env, Fault, LogKey, OrgKey, PrincipalKey};
use weft_storage::{Db, Envelope, Row, Sql, Value, params};
use weft_testkit::{Scratch, TestDb};

const NEW_LOG: Sql = Sql::new("INSERT INTO logs (kind, org) VALUES ($1, $2) RETURNING log");
const NEW_ORG: Sql =
    Sql::new("INSERT INTO orgs (id, log, name, created_at) VALUES ($1, $2, 'Acme', 1) RETURNING org");
const NEW_PERSON: Sql = Sql::new(
    "INSERT INTO principals (id, org, log, kind, role, state, name, name_key, search_key, email, changed_seq,
       created_at) VALUES ($1, $2, $3, 1, $4, 1, $5, $5, $5, $6, 0, 1) RETURNING principal",
);

/// An org with its owner in a database.
pub(crate) struct Desk {
    pub(crate) test: TestDb,
    pub(crate) env: Env,
    pub(crate) org: OrgKey,
    pub(crate) owner: PrincipalKey,
    scratch: Scratch,
}

impl Desk {
    pub(crate) async fn new(test: TestDb) -> Desk {
        let env = Env::system();
        let log = new_log(test.db(), 3, None).await;
        let org = write(test.db(), NEW_ORG, params![env.uuid(), log]).await.get(0).unwrap();
        let mut desk = Desk { test, env, org, owner: PrincipalKey(0), scratch: Scratch::new("desk") };
        desk.owner = desk.person("Olivia", 1, "olivia@acme.example").await;
        desk
    }

    pub(crate) fn db(&self) -> &Db {
        self.test.db()
    }

    /// Somebody who has an account.
    pub(crate) async fn person(&self, name: &str, role: i64, email: &str) -> PrincipalKey {
        let log = new_log(self.db(), 2, Some(self.org)).await;
        let row = params![self.env.uuid(), self.org, log, role, name, email];
        write(self.db(), NEW_PERSON, row).await.get(0).unwrap()
    }

    pub(crate) async fn import(&self, path: &Path) -> Result<Report, Fault> {
        self.import_with(path, Options::default()).await
    }

    pub(crate) async fn import_with(&self, path: &Path, options: Options) -> Result<Report, Fault> {
        self.import_as(Format::Slack, path, options).await
    }

    pub(crate) async fn import_as(
        &self,
        format: Format,
        path: &Path,
        options: Options,
    ) -> Result<Report, Fault> {
        let input = self.input(format, path);
        weft_imports::import(self.db(), &self.env, self.org, input, None, options, &|_| {}).await
    }

    pub(crate) fn input(&self, format: Format, path: &Path) -> Input {
        Input { format, path: path.to_owned(), folder: self.scratch.join("spool") }
    }

    /// Whether nothing is left of what an import had to keep meanwhile.
    pub(crate) fn is_tidy(&self) -> bool {
        std::fs::read_dir(self.scratch.join("spool")).map_or(true, |mut files| files.next().is_none())
    }

    /// Drops a run when it reported `steps` times, as a crash would.
    pub(crate) async fn import_broken_off(&self, format: Format, path: &Path, steps: u32) {
        let (stop, count) = (tokio::sync::Notify::new(), AtomicU32::new(0));
        let progress = |_| {
            if count.fetch_add(1, Ordering::SeqCst) == steps {
                stop.notify_one();
            }
        };
        let (input, options) = (self.input(format, path), Options::default());
        let run = weft_imports::import(self.db(), &self.env, self.org, input, None, options, &progress);
        tokio::select! { biased; () = stop.notified() => {}, done = run => { done.unwrap(); } }
    }

    pub(crate) async fn rows(&self, sql: &'static str, params: Vec<Value>) -> Vec<Row> {
        self.db().query(Sql::new(sql), params).await.unwrap()
    }

    pub(crate) async fn int(&self, sql: &'static str, params: Vec<Value>) -> i64 {
        self.rows(sql, params).await[0].get(0).unwrap()
    }

    /// How many rows stand in every table that an import writes.
    pub(crate) async fn size(&self) -> Vec<i64> {
        const TABLES: [&str; 11] = [
            "SELECT COUNT(*) FROM logs",
            "SELECT COUNT(*) FROM principals",
            "SELECT COUNT(*) FROM conversations",
            "SELECT COUNT(*) FROM members",
            "SELECT COUNT(*) FROM messages",
            "SELECT COUNT(*) FROM message_versions",
            "SELECT COUNT(*) FROM reactions",
            "SELECT COUNT(*) FROM mentions",
            "SELECT COUNT(*) FROM thread_marks",
            "SELECT COUNT(*) FROM import_map",
            "SELECT CAST(SUM(head_seq) AS BIGINT) FROM logs WHERE kind <> 0",
        ];
        let mut counts = Vec::new();
        for table in TABLES {
            counts.push(self.int(table, vec![]).await);
        }
        counts
    }

    /// The log of the conversation with this name.
    pub(crate) async fn log(&self, name: &str) -> LogKey {
        self.rows("SELECT log FROM conversations WHERE name = $1", params![name]).await[0].get(0).unwrap()
    }

    /// The contents of a conversation's messages, in order.
    pub(crate) async fn contents(&self, log: LogKey) -> Vec<Json> {
        let rows = self
            .rows("SELECT body FROM messages WHERE log = $1 AND body IS NOT NULL ORDER BY seq", params![log])
            .await;
        let body = |row: &Row| row.get::<Vec<u8>>(0).unwrap();
        rows.iter().map(|r| serde_json::from_slice(Envelope.open(&body(r)).unwrap()).unwrap()).collect()
    }

    /// The texts among them.
    pub(crate) async fn texts(&self, log: LogKey) -> Vec<String> {
        let contents = self.contents(log).await;
        contents.iter().filter_map(|c| c["parts"][0]["text"].as_str().map(str::to_owned)).collect()
    }

    /// What holds of every log, however it was filled.
    pub(crate) async fn audit(&self) {
        const BROKEN: [(&str, &str); 7] = [
            (
                "a seq stands for exactly one event",
                "SELECT COUNT(*) FROM logs l JOIN conversations c ON c.log = l.log WHERE l.head_seq <> 1 +
                 (SELECT COUNT(*) FROM messages m WHERE m.log = l.log) +
                 (SELECT COUNT(*) FROM members m WHERE m.log = l.log)",
            ),
            (
                "no event lies beyond the head",
                "SELECT COUNT(*) FROM messages m JOIN logs l ON l.log = m.log WHERE m.seq > l.head_seq",
            ),
            (
                "the main lane's ordinals are dense",
                "SELECT COUNT(*) FROM logs l WHERE l.kind = 1 AND l.last_n <> (SELECT COUNT(n) FROM messages m
                 WHERE m.log = l.log AND m.thread IS NULL)",
            ),
            (
                "a thread's ordinals are dense",
                "SELECT COUNT(*) FROM (SELECT 1 FROM messages WHERE thread IS NOT NULL GROUP BY log, thread
                 HAVING MAX(n) <> COUNT(n)) t",
            ),
            (
                "a thread starts before its replies",
                "SELECT COUNT(*) FROM messages r WHERE r.thread IS NOT NULL AND NOT EXISTS (SELECT 1 FROM messages m
                 WHERE m.log = r.log AND m.seq = r.thread AND m.seq < r.seq AND m.thread IS NULL)",
            ),
            (
                "nobody has anything unread",
                "SELECT COUNT(*) FROM members m JOIN logs l ON l.log = m.log WHERE m.read_n <> l.last_n",
            ),
            (
                "members are counted",
                "SELECT COUNT(*) FROM conversations c WHERE c.member_count <>
                 (SELECT COUNT(*) FROM members m WHERE m.log = c.log AND m.left_seq IS NULL)",
            ),
        ];
        for (what, sql) in BROKEN {
            assert_eq!(self.int(sql, vec![]).await, 0, "broken: {what}");
        }
    }
}

async fn new_log(db: &Db, kind: i64, org: Option<OrgKey>) -> LogKey {
    write(db, NEW_LOG, params![kind, org]).await.get(0).unwrap()
}

async fn write(db: &Db, sql: Sql, params: Vec<Value>) -> Row {
    let mut tx = db.begin().await.unwrap();
    let row = tx.query_one(sql, params).await.unwrap();
    tx.commit().await.unwrap();
    row
}
