//! An org with people on a fresh database, and the crate's router in front of it.

use std::sync::Arc;

use async_trait::async_trait;
use axum::{Extension, Router, body::Body};
use http::{Request, StatusCode};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tower::ServiceExt;
use weft_http::{AccountCaller, Authenticate, Caller, Credential, Credentials, Role, Scopes, SharedAuth};
use weft_kernel::{
    Env, Fault, FaultKind, LogKey, OrgKey, PrincipalKey,
    id::{FileId, OrgId, PrincipalId},
    names,
};
use weft_log::{Cut, Frame, LogKind, Publisher, head};
use weft_messaging::{
    Cx, Deps,
    attachments::{Attached, Attachments},
    previews::NoLinks,
    saved::{Notices, Reminder},
    sync::{Directory, Opening},
    urgent::NoSteps,
};
use weft_storage::{Db, Sql, Tx, params};
use weft_testkit::TestDb;

const ORG: Sql =
    Sql::new("INSERT INTO orgs (id, log, name, created_at) VALUES ($1, $2, $3, 0) RETURNING org");
const PRINCIPAL: Sql = Sql::new(
    "INSERT INTO principals (id, org, log, kind, role, state, name, name_key, search_key, changed_seq, created_at)
     VALUES ($1, $2, $3, 1, $4, 1, $5, $6, $7, 0, 0) RETURNING principal",
);
const CALLER: Sql = Sql::new(
    "SELECT p.org, o.id, o.log, p.principal, p.log, l.acl_version, p.role FROM principals p
     JOIN orgs o ON o.org = p.org JOIN logs l ON l.log = p.log WHERE p.id = $1",
);

/// A person of a test.
#[derive(Debug, Clone)]
pub(crate) struct Someone {
    pub(crate) key: PrincipalKey,
    pub(crate) id: PrincipalId,
}

/// What was published, in order.
#[derive(Default)]
pub(crate) struct Recorder {
    frames: Mutex<Vec<(LogKey, Value)>>,
    subscriptions: Mutex<Vec<(PrincipalKey, LogKey, bool)>>,
    ephemeral: Mutex<Vec<Value>>,
}

impl Publisher for Recorder {
    fn publish(&self, frame: Frame) {
        let json: Value = serde_json::from_str(&frame.text).expect("a frame is JSON");
        assert_eq!(json["seq"], frame.seq);
        self.frames.lock().push((frame.log, json));
    }
    fn publish_ephemeral(&self, _: LogKey, _: Option<PrincipalKey>, text: axum::extract::ws::Utf8Bytes) {
        self.ephemeral.lock().push(serde_json::from_str(&text).expect("a frame is JSON"));
    }
    fn subscribe(&self, principal: PrincipalKey, log: LogKey) {
        self.subscriptions.lock().push((principal, log, true));
    }
    fn unsubscribe(&self, principal: PrincipalKey, log: LogKey) {
        self.subscriptions.lock().push((principal, log, false));
    }
    fn listens(&self, _: PrincipalKey, _: LogKey) -> bool {
        false
    }
    fn cut(&self, _: Cut, _: &'static str) {}
}

impl Recorder {
    /// Takes the frames since the last look, as `(log, ev)`.
    pub(crate) fn take(&self) -> Vec<(String, Value)> {
        let frames = std::mem::take(&mut *self.frames.lock());
        frames.into_iter().map(|(_, f)| (f["log"].as_str().unwrap().to_owned(), f["ev"].clone())).collect()
    }

    /// The frames of `log` since the last look, as `(seq, ev)`.
    pub(crate) fn of(&self, log: &str) -> Vec<(i64, Value)> {
        let frames = self.frames.lock();
        let mine = frames.iter().filter(|(_, f)| f["log"] == log);
        mine.map(|(_, f)| (f["seq"].as_i64().unwrap(), f["ev"].clone())).collect()
    }

    /// What was told outside of the logs.
    pub(crate) fn ephemeral(&self) -> Vec<Value> {
        self.ephemeral.lock().clone()
    }

    /// The last that was said about delivering `log` to `principal`.
    pub(crate) fn subscribed(&self, principal: PrincipalKey) -> Option<bool> {
        self.subscriptions.lock().iter().rev().find(|(who, _, _)| *who == principal).map(|(_, _, on)| *on)
    }
}

struct Bearer(Db);

#[async_trait]
impl Authenticate for Bearer {
    async fn caller(&self, credentials: &Credentials) -> Result<Caller, Fault> {
        let nobody = || Fault::new(FaultKind::Unauthenticated, "Sign in.");
        let id: PrincipalId =
            credentials.bearer.as_deref().ok_or_else(nobody)?.parse().map_err(|_| nobody())?;
        let row = self.0.query_opt(CALLER, params![id]).await?.ok_or_else(nobody)?;
        Ok(Caller {
            org: row.get(0)?,
            org_id: row.get(1)?,
            org_log: row.get(2)?,
            principal: row.get(3)?,
            principal_id: id,
            log: row.get(4)?,
            acl_version: row.get(5)?,
            role: Role::from_stored(row.get(6)?).expect("a role"),
            account: None,
            credential: Credential::Token {
                key: 1,
                scopes: Scopes { read: true, write: true, admin: true },
                expires_at: None,
            },
        })
    }
    async fn account(&self, _: &Credentials) -> Result<AccountCaller, Fault> {
        Err(Fault::new(FaultKind::Unauthenticated, "Sign in."))
    }
}

/// A directory that has nothing to tell.
struct Nobody;

#[async_trait]
impl Directory for Nobody {
    async fn opening(&self, _: &Caller, _: &[PrincipalKey]) -> Result<Opening, Fault> {
        Ok(Opening { me: Value::Null, org: Value::Null, people: Vec::new(), settings: json!({}) })
    }
    async fn changes(&self, _: &Caller, _: i64, _: u32) -> Result<Option<Vec<Value>>, Fault> {
        Ok(Some(Vec::new()))
    }
    async fn visible(
        &self,
        _: &Caller,
        _: &[PrincipalId],
    ) -> Result<Vec<(PrincipalId, PrincipalKey)>, Fault> {
        Ok(Vec::new())
    }
    async fn settings(&self, _: &Caller) -> Result<Value, Fault> {
        Ok(json!({}))
    }
}

#[async_trait]
impl Attachments for Nobody {
    async fn claim(&self, _: &Caller, _: &[FileId]) -> Result<Vec<Attached>, Fault> {
        Err(Fault::not_found("file"))
    }
}

#[async_trait]
impl Notices for Nobody {
    async fn remind(&self, _: &mut Tx, _: &Reminder) -> Result<(), Fault> {
        Ok(())
    }

    fn reminded(&self) {}
}

/// A server's worth of messaging.
pub(crate) struct World {
    pub(crate) cx: Cx,
    pub(crate) frames: Arc<Recorder>,
    router: Router,
    _db: TestDb,
}

impl World {
    pub(crate) async fn new(db: TestDb) -> World {
        let frames = Arc::new(Recorder::default());
        let pool = db.db().clone();
        let deps = Deps {
            db: pool.clone(),
            env: Env::system(),
            publisher: frames.clone(),
            directory: Arc::new(Nobody),
            attachments: Arc::new(Nobody),
            links: Arc::new(NoLinks),
            notices: Arc::new(Nobody),
            steps: Arc::new(NoSteps),
        };
        let cx = weft_messaging::start(deps).await.unwrap();
        let (router, _) = weft_messaging::module(&cx).router.split_for_parts();
        let router = router.layer(Extension(SharedAuth(Arc::new(Bearer(pool)))));
        World { cx, frames, router, _db: db }
    }

    pub(crate) async fn org(&self, name: &str) -> OrgKey {
        let mut tx = self.cx.db.begin().await.unwrap();
        let log = head::create(&mut tx, LogKind::Org, None).await.unwrap();
        let id: OrgId = self.cx.env.id();
        let org = tx.query_one(ORG, params![id, log, name]).await.unwrap().get(0).unwrap();
        tx.commit().await.unwrap();
        org
    }

    pub(crate) async fn person(&self, org: OrgKey, name: &str, role: Role) -> Someone {
        self.people(org, &[name], role).await.remove(0)
    }

    pub(crate) async fn people(&self, org: OrgKey, all: &[&str], role: Role) -> Vec<Someone> {
        let mut tx = self.cx.db.begin().await.unwrap();
        let mut out = Vec::new();
        for name in all {
            let log = head::create(&mut tx, LogKind::Principal, Some(org)).await.unwrap();
            let id: PrincipalId = self.cx.env.id();
            let row = params![id, org, log, role as i64, *name, names::fold(name), names::search_key(name)];
            let key = tx.query_one(PRINCIPAL, row).await.unwrap().get(0).unwrap();
            out.push(Someone { key, id });
        }
        tx.commit().await.unwrap();
        out
    }

    /// Calls the API as `who`; a null body is none.
    pub(crate) async fn call(
        &self,
        who: &Someone,
        method: &str,
        path: &str,
        body: Value,
    ) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", who.id))
            .header("content-type", "application/json");
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
        let json = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
        (status, json)
    }

    /// Calls and expects success.
    pub(crate) async fn ok(&self, who: &Someone, method: &str, path: &str, body: Value) -> Value {
        let (status, json) = self.call(who, method, path, body).await;
        assert!(status.is_success(), "{method} {path}: {status} {json}");
        json
    }

    /// Calls and expects this refusal.
    pub(crate) async fn refused(&self, who: &Someone, method: &str, path: &str, body: Value, code: &str) {
        let (status, json) = self.call(who, method, path, body).await;
        assert!(!status.is_success(), "{method} {path}: {status} {json}");
        assert_eq!(json["code"], code, "{method} {path}: {json}");
    }

    /// Sends a message and returns it.
    pub(crate) async fn send(&self, who: &Someone, path: &str, text: &str) -> Value {
        let body = json!({"nonce": self.cx.env.uuid().simple().to_string(), "text": text});
        self.ok(who, "POST", &format!("{path}/messages"), body).await
    }

    /// Replies in a thread and returns the reply.
    pub(crate) async fn reply(&self, who: &Someone, path: &str, root: &Value, text: &str) -> Value {
        let nonce = self.cx.env.uuid().simple().to_string();
        let body = json!({"nonce": nonce, "text": text, "thread": root["id"]});
        self.ok(who, "POST", &format!("{path}/messages"), body).await
    }

    /// Makes a conversation and returns its path.
    pub(crate) async fn conversation(
        &self,
        who: &Someone,
        kind: &str,
        name: &str,
        members: &[&Someone],
    ) -> String {
        let members: Vec<_> = members.iter().map(|m| m.id).collect();
        let body = match kind {
            "direct" => json!({"kind": kind, "members": members}),
            _ => json!({"kind": kind, "name": name, "members": members}),
        };
        let made = self.ok(who, "POST", "/conversations", body).await;
        format!("/conversations/{}", made["id"].as_str().unwrap())
    }
}
