//! A gateway for SMS and calls that does what a test tells it.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, body::Bytes, extract::State, http::HeaderMap, response::IntoResponse};
use http::StatusCode;
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Semaphore};
use weft_testkit::TestPerson;

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    /// As documented.
    Kind,
    /// 500 once, then as documented.
    BrokenOnce,
    /// Not before [`FakeGateway::let_answer`].
    Silent,
    /// Megabytes of no JSON.
    Hostile,
    /// 200 with a code that means no.
    SaysNo,
}

/// One request.
#[derive(Debug, Clone)]
pub(super) struct Called {
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Called {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }
}

struct Inner {
    mood: Mood,
    calls: Mutex<Vec<Called>>,
    broken: AtomicUsize,
    answers: Semaphore,
}

/// The gateway.
#[derive(Clone)]
pub(super) struct FakeGateway {
    pub(super) url: String,
    inner: Arc<Inner>,
}

async fn answer(State(inner): State<Arc<Inner>>, headers: HeaderMap, body: Bytes) -> impl IntoResponse {
    let called = Called { headers, body: String::from_utf8_lossy(&body).into_owned() };
    inner.calls.lock().expect("the calls").push(called);
    let fine = json!({"code": 0}).to_string();
    match inner.mood {
        Mood::Kind => (StatusCode::OK, fine),
        Mood::BrokenOnce if inner.broken.fetch_add(1, Ordering::SeqCst) == 0 => {
            (StatusCode::INTERNAL_SERVER_ERROR, "no".into())
        }
        Mood::BrokenOnce => (StatusCode::OK, fine),
        Mood::Silent => {
            inner.answers.acquire().await.expect("open").forget();
            (StatusCode::OK, fine)
        }
        Mood::Hostile => (StatusCode::OK, "[".repeat(4 << 20)),
        Mood::SaysNo => (StatusCode::OK, json!({"code": 7}).to_string()),
    }
}

impl FakeGateway {
    pub(super) async fn start(mood: Mood) -> FakeGateway {
        let inner = Arc::new(Inner {
            mood,
            calls: Mutex::default(),
            broken: AtomicUsize::new(0),
            answers: Semaphore::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let router = Router::new().fallback(answer).with_state(inner.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        FakeGateway { url, inner }
    }

    /// An address at which nobody answers.
    pub(super) async fn down() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        format!("http://{}", listener.local_addr().expect("an address"))
    }

    pub(super) fn calls(&self) -> Vec<Called> {
        self.inner.calls.lock().expect("the calls").clone()
    }

    pub(super) fn let_answer(&self) {
        self.inner.answers.add_permits(100);
    }
}

/// Sets a gateway of a kind up at an address, as its owner does.
pub(super) async fn set_up(owner: &TestPerson, kind: &str, url: &str) {
    let body = json!({"to": "{{phone}}", "say": "{{text}}", "by": "{{sender}}", "id": "{{id}}"}).to_string();
    let template = json!({
        "method": "POST", "url": format!("{url}/send?k={{{{secret.key}}}}"), "encoding": "json", "body": body,
        "headers": [{"name": "X-Token", "value": "{{secret.key}}"}],
        "success": {"pointer": "/code", "equals": "0"},
    });
    let wanted = json!({"template": template, "secrets": {"key": "s3cret"}});
    owner.client.put(&format!("/phone-gateways/{kind}"), wanted).await.ok();
}
