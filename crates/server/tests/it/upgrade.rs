//! A filled database of the first schema, opened by this binary: nothing is lost and all goes on.
//!
//! It is filled by plain statements, which are never edited: that is what such a database holds.

use serde_json::{Value, json};
use weft_kernel::{Env, LogKey, OrgKey, PrincipalKey};
use weft_storage::{Db, Envelope, Sql, migrate, params};
use weft_testkit::{ServerOptions, TestClient, TestServer, TestSocket, eventually, on_both};

const BINARY: &str = env!("CARGO_BIN_EXE_weft");

const ACCOUNT: Sql = Sql::new(
    "INSERT INTO accounts (id, email, email_key, locale, timezone, created_at)
     VALUES ($1, $2, $2, 'en', 'Asia/Shanghai', $3) RETURNING account",
);
const LOG: Sql = Sql::new(
    "INSERT INTO logs (kind, org, head_seq, last_n, last_at) VALUES ($1, $2, $3, $4, $5) RETURNING log",
);
const ORG: Sql =
    Sql::new("INSERT INTO orgs (id, log, name, created_at) VALUES ($1, $2, 'Acme', $3) RETURNING org");
const PRINCIPAL: Sql = Sql::new(
    "INSERT INTO principals (id, org, account, log, kind, role, state, name, name_key, search_key, changed_seq,
       created_at) VALUES ($1, $2, $3, $4, 1, $5, 1, $6, $7, $7, $8, $9) RETURNING principal",
);
const TOKEN: Sql = Sql::new(
    "INSERT INTO access_tokens (id, principal, secret_hash, name, scopes, created_at)
     VALUES ($1, $2, $3, 'old', 'read write admin', $4)",
);
const SESSION: Sql = Sql::new(
    "INSERT INTO sessions (id, account, secret_hash, created_at, last_seen_at, expires_at, user_agent, ip)
     VALUES ($1, $2, $3, $4, $4, $5, 'Firefox', '127.0.0.1')",
);
const CONVERSATION: Sql = Sql::new(
    "INSERT INTO conversations (log, id, org, kind, name, name_key, search_key, topic, people_key, member_count,
       created_by, created_at) VALUES ($1, $2, $3, $4, $5, $5, $5, 'old times', $6, 2, $7, $8)",
);
const MEMBER: Sql = Sql::new(
    "INSERT INTO members (log, principal, role, joined_at, changed_seq, read_seq, read_n, favourite)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
);
const MESSAGE: Sql = Sql::new(
    "INSERT INTO messages (log, seq, id, sender, kind, state, n, thread, at, edited_at, changed_seq, pinned_at,
       pinned_by, body) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10, $11, $12, $13)",
);
const VERSION: Sql =
    Sql::new("INSERT INTO message_versions (log, seq, version, at, body) VALUES ($1, $2, 1, $3, $4)");
const REACTION: Sql =
    Sql::new("INSERT INTO reactions (log, seq, emoji, principal, at) VALUES ($1, $2, ':tada:', $3, $4)");
const MENTION: Sql = Sql::new("INSERT INTO mentions (principal, log, seq, n) VALUES ($1, $2, $3, 1)");
const THREAD_MARK: Sql = Sql::new(
    "INSERT INTO thread_marks (principal, log, root, following, read_n, own_seq) VALUES ($1, $2, $3, 1, $4, 1)",
);
const DRAFT: Sql = Sql::new(
    "INSERT INTO drafts (principal, log, thread, text, updated_at, own_seq) VALUES ($1, $2, 0, 'half a', $3, 2)",
);
const INVITATION: Sql = Sql::new(
    "INSERT INTO invitations (id, org, secret_hash, role, created_by, created_at, expires_at, max_uses)
     VALUES ($1, $2, $3, 3, $4, $5, $6, 5)",
);
const IMPORT: Sql = Sql::new(
    "INSERT INTO imports (id, org, source, state, dry_run, created_at) VALUES ($1, $2, 'slack', 'running', 0, $3)",
);

/// Secrets and their SHA-256.
const ANN: (&str, &str) = (
    "weft_pat_ann000000000000000000000000000000000000000000000000",
    "7222a91b50bfb21521eaff21b134ca5448f0d8016dfc520c5df8da8c964f6014",
);
const BEN: (&str, &str) = (
    "weft_pat_ben000000000000000000000000000000000000000000000000",
    "ed8d93df885e35f1982b74e265f912464d64db80421f78b9a2249e18a3a22e0c",
);
const COOKIE: (&str, &str) =
    ("session-of-ann", "7132474b80e4399dcf6b6165042546d9a0ad6e5e04d95c34d4300a008f2dde49");

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex")).collect()
}

fn body(part: Value) -> Vec<u8> {
    Envelope.seal(json!({"v": 1, "parts": [part]}).to_string().as_bytes())
}

fn text(words: &str) -> Vec<u8> {
    body(json!({"type": "markdown", "text": words}))
}

/// Writes rows of the first schema.
struct Old {
    db: Db,
    env: Env,
    at: i64,
}

impl Old {
    async fn key(&self, sql: Sql, values: Vec<weft_storage::Value>) -> i64 {
        let mut tx = self.db.begin().await.expect("a transaction");
        let key = tx.query_one(sql, values).await.expect("a row").get(0).expect("its key");
        tx.commit().await.expect("a commit");
        key
    }

    async fn put(&self, sql: Sql, values: Vec<weft_storage::Value>) {
        self.db.execute(sql, values).await.expect("a row");
    }

    async fn log(&self, kind: i64, org: Option<OrgKey>, head: i64, last_n: i64) -> LogKey {
        LogKey(self.key(LOG, params![kind, org, head, last_n, self.at]).await)
    }

    /// Somebody with an account and a token; their account's key comes too.
    async fn person(&self, org: OrgKey, name: &str, role: i64, secret: &str) -> (PrincipalKey, i64) {
        let key = name.to_lowercase();
        let email = format!("{key}@acme.example");
        let account = self.key(ACCOUNT, params![self.env.uuid(), email, self.at]).await;
        let log = self.log(2, Some(org), 2, 0).await;
        let row = params![self.env.uuid(), org, account, log, role, name, key, role, self.at];
        let principal = PrincipalKey(self.key(PRINCIPAL, row).await);
        self.put(TOKEN, params![self.env.uuid(), principal, bytes(secret), self.at]).await;
        (principal, account)
    }

    async fn fill(&self) {
        let (env, at) = (&self.env, self.at);
        let org_log = self.log(3, None, 3, 0).await;
        let org = OrgKey(self.key(ORG, params![env.uuid(), org_log, at]).await);
        let (ann, account) = self.person(org, "Ann", 1, ANN.1).await;
        let (ben, _) = self.person(org, "Ben", 3, BEN.1).await;
        let life = at + 90 * 86_400_000_000;
        self.put(SESSION, params![env.uuid(), account, bytes(COOKIE.1), at, life]).await;
        self.put(INVITATION, params![env.uuid(), org, bytes(ANN.1), ann, at, life]).await;
        self.put(IMPORT, params![env.uuid(), org, at]).await;
        self.channel(org, ann, ben).await;
        let direct = self.log(1, Some(org), 3, 1).await;
        let people = format!("{},{}", ann.0, ben.0);
        self.put(CONVERSATION, params![direct, env.uuid(), org, 4_i64, "", people, ann, at]).await;
        self.put(MEMBER, params![direct, ann, 3_i64, at, 1_i64, 3_i64, 1_i64, 0_i64]).await;
        self.put(MEMBER, params![direct, ben, 3_i64, at, 2_i64, 3_i64, 1_i64, 0_i64]).await;
        self.message(direct, 3, ben, 1, None, 3, "between us").await;
    }

    /// Its log: two join, it is said so, a message that mentions Ben, his reply, a reaction and a pin,
    /// and an edit of the reply.
    async fn channel(&self, org: OrgKey, ann: PrincipalKey, ben: PrincipalKey) {
        let (env, at) = (&self.env, self.at);
        let log = self.log(1, Some(org), 7, 1).await;
        let none: Option<String> = None;
        self.put(CONVERSATION, params![log, env.uuid(), org, 1_i64, "general", none, ann, at]).await;
        self.put(MEMBER, params![log, ann, 1_i64, at, 1_i64, 7_i64, 1_i64, 1_i64]).await;
        self.put(MEMBER, params![log, ben, 3_i64, at, 2_i64, 0_i64, 0_i64, 0_i64]).await;
        let made = json!({"type": "system", "code": "conversation.created", "params": {"name": "general", "count": 2}});
        let no: Option<i64> = None;
        let row = params![log, 3_i64, env.uuid(), ann, 2_i64, no, no, at, no, 3_i64, no, no, body(made)];
        self.put(MESSAGE, row).await;
        let pinned = params![
            log,
            4_i64,
            env.uuid(),
            ann,
            1_i64,
            1_i64,
            no,
            at,
            no,
            6_i64,
            at,
            ann,
            text("before the upgrade")
        ];
        self.put(MESSAGE, pinned).await;
        self.put(MENTION, params![ben, log, 4_i64]).await;
        self.put(REACTION, params![log, 4_i64, ben, at]).await;
        let edited = params![
            log,
            5_i64,
            env.uuid(),
            ben,
            1_i64,
            1_i64,
            4_i64,
            at,
            at,
            7_i64,
            no,
            no,
            text("a better reply")
        ];
        self.put(MESSAGE, edited).await;
        self.put(VERSION, params![log, 5_i64, at, text("a reply")]).await;
        self.put(THREAD_MARK, params![ann, log, 4_i64, 0_i64]).await;
        self.put(DRAFT, params![ann, log, at]).await;
    }

    #[allow(clippy::too_many_arguments)]
    async fn message(
        &self,
        log: LogKey,
        seq: i64,
        from: PrincipalKey,
        n: i64,
        thread: Option<i64>,
        changed: i64,
        words: &str,
    ) {
        let no: Option<i64> = None;
        let row = params![
            log,
            seq,
            self.env.uuid(),
            from,
            1_i64,
            n,
            thread,
            self.at,
            no,
            changed,
            no,
            no,
            text(words)
        ];
        self.put(MESSAGE, row).await;
    }
}

async fn conversation(client: &TestClient, kind: &str) -> Value {
    let mine = client.get("/conversations").await.ok();
    let items = mine["items"].as_array().expect("a list");
    items.iter().find(|c| c["kind"] == kind).cloned().expect("the conversation")
}

/// All that was there is there.
async fn held(ann: &TestClient, ben: &TestClient) {
    let room = conversation(ann, "channel").await;
    assert_eq!(
        (&room["name"], &room["topic"], &room["history"]),
        (&json!("general"), &json!("old times"), &json!("all"))
    );
    assert_eq!(
        (&room["last_n"], &room["me"]["read_n"], &room["me"]["favourite"]),
        (&json!(1), &json!(1), &json!(true))
    );
    let bens = conversation(ben, "channel").await;
    assert_eq!((&bens["me"]["read_n"], &bens["me"]["mentions"]), (&json!(0), &json!(1)));
    let id = room["id"].as_str().expect("an id");
    let page = ben.get(&format!("/conversations/{id}/messages")).await.ok();
    assert_eq!(page["items"][0]["content"]["parts"][0]["code"], "conversation.created");
    let root = &page["items"][1];
    assert_eq!(root["content"]["parts"][0]["text"], "before the upgrade");
    assert_eq!((&root["reactions"][0]["count"], &root["replies"]["count"]), (&json!(1), &json!(1)));
    let pins = ann.get(&format!("/conversations/{id}/pins")).await.ok();
    assert_eq!(pins["items"][0]["id"], root["id"]);
    let root = root["id"].as_str().expect("an id");
    let replies = ann.get(&format!("/conversations/{id}/messages?thread={root}")).await.ok();
    assert_eq!(replies["items"][0]["content"]["parts"][0]["text"], "a better reply");
    let reply = replies["items"][0]["id"].as_str().expect("an id");
    let history = ann.get(&format!("/messages/{reply}/history")).await.ok();
    assert_eq!(history["items"][0]["content"]["parts"][0]["text"], "a reply");
    assert_eq!(ann.get("/threads").await.ok()["items"][0]["root"], root);
    let first = ann.get("/bootstrap").await.ok();
    assert_eq!(first["drafts"][0]["text"], "half a");
    assert_eq!(first["people"].as_array().map(Vec::len), Some(2));
    assert_eq!(ann.get("/invitations").await.ok()["items"].as_array().map(Vec::len), Some(1));
}

on_both! {
    async fn a_database_of_the_first_schema_goes_on(engine: Engine) {
        let mut server = TestServer::prepare(BINARY, engine, ServerOptions::default()).await;
        let db = Db::open_unmigrated(&server.database_config()).expect("the database opens");
        migrate::run_to(&db, 1).await.expect("the first schema");
        let env = Env::system();
        Old { at: env.now() - 3_600_000_000, db, env }.fill().await;
        server.restart().await;
        let (ann, ben) = (server.client().with_token(ANN.0), server.client().with_token(BEN.0));
        let signed_in = server.client().with_session(COOKIE.0);
        assert_eq!(signed_in.get("/me").await.ok()["principal"]["name"], "Ann");
        assert_eq!(server.client().get("/setup").await.ok()["needed"], false);
        held(&ann, &ben).await;
        // The run that the old server left behind is known to be over.
        eventually("the old import ended", || async {
            let runs = ann.get("/imports").await.ok();
            (runs["items"][0]["error"]["code"] == "import_interrupted").then_some(())
        })
        .await;

        // A device that was away catches up from where it was.
        let room = conversation(&ben, "channel").await["id"].as_str().expect("an id").to_owned();
        let (mut socket, caught) = TestSocket::resumed(&ben, json!({ &room: 3 })).await;
        let caught = caught.iter().find(|f| f["t"] == "changes" && f["log"] == room).expect("changes");
        assert_eq!((&caught["upto"], caught["items"].as_array().map(Vec::len)), (&json!(7), Some(2)), "{caught}");

        // And it all goes on: the next seq, the next ordinal, live.
        let path = format!("/conversations/{room}/messages");
        let sent = ann.post(&path, json!({"nonce": "after", "text": "after the upgrade"})).await.ok();
        assert_eq!((&sent["seq"], &sent["n"]), (&json!(8), &json!(2)));
        socket.wait_for("the new message", |f| f["t"] == "event" && f["ev"]["message"]["id"] == sent["id"]).await;
        ben.put(&format!("/conversations/{room}/read"), json!({"seq": 8})).await.ok();
        eventually("Ben has read it", || async {
            let bens = conversation(&ben, "channel").await;
            (bens["me"]["read_n"] == 2 && bens["me"]["mentions"] == 0).then_some(())
        })
        .await;
        let about = ann.post(&path, json!({"nonce": "about", "text": "sorted", "topic": "Order"})).await.ok();
        assert_eq!(about["topic"]["name"], "Order");
        let direct = conversation(&ann, "direct").await;
        let ben_id = ben.get("/me").await.ok()["principal"]["id"].clone();
        let again = ann.post("/conversations", json!({"kind": "direct", "members": [ben_id]})).await.ok();
        assert_eq!(again["id"], direct["id"], "the same two people have the same conversation");
        // What was said before stays; what is said from now on may vanish.
        let between = format!("/conversations/{}", direct["id"].as_str().expect("an id"));
        assert_eq!(direct.get("vanish_after"), None);
        ben.put(&format!("{between}/vanish"), json!({"after": 3600})).await.ok();
        let passing = ann.post(&format!("{between}/messages"), json!({"nonce": "passing", "text": "soon gone"})).await.ok();
        ben.put(&format!("{between}/read"), json!({"seq": passing["seq"]})).await.ok();
        let path = format!("/messages/{}", passing["id"].as_str().expect("an id"));
        eventually("its countdown", || async { ann.get(&path).await.ok()["vanish"]["at"].as_i64() }).await;
        let page = ann.get(&format!("{between}/messages")).await.ok();
        assert_eq!(page["items"][0].get("vanish"), None);
        ann.patch(&format!("/conversations/{room}"), json!({"topic": "new times"})).await.ok();
        ann.post("/conversations", json!({"kind": "private_channel", "name": "later", "members": [ben_id]})).await.ok();
    }
}
