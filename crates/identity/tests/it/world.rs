//! The module over a fresh database, called as a client would.

use std::sync::Arc;

use axum::{Extension, Router, body::Body, extract::ws::Utf8Bytes};
use http::{Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;
use weft_http::SharedAuth;
use weft_identity::{Deps, Identity, MailConfig, NoJoin, OnJoin};
use weft_kernel::{Env, FakeClock, LogKey, PrincipalKey, SystemEntropy};
use weft_log::{Cut, Frame, Publisher};
use weft_storage::Db;
use weft_testkit::TestDb;

/// 2026-11-01.
pub(crate) const START: i64 = 1_793_491_200_000_000;
pub(crate) const PASSWORD: &str = "correct horse battery";

/// Keeps what is published and cut.
#[derive(Default)]
pub(crate) struct Recorder {
    pub(crate) frames: parking_lot::Mutex<Vec<Value>>,
    pub(crate) cuts: parking_lot::Mutex<Vec<(Cut, &'static str)>>,
}

impl Publisher for Recorder {
    fn publish(&self, frame: Frame) {
        self.frames.lock().push(serde_json::from_str(&frame.text).unwrap());
    }
    fn publish_ephemeral(&self, _: LogKey, _: Option<PrincipalKey>, _: Utf8Bytes) {}
    fn subscribe(&self, _: PrincipalKey, _: LogKey) {}
    fn unsubscribe(&self, _: PrincipalKey, _: LogKey) {}
    fn listens(&self, _: PrincipalKey, _: LogKey) -> bool {
        false
    }
    fn cut(&self, whose: Cut, code: &'static str) {
        self.cuts.lock().push((whose, code));
    }
}

pub(crate) struct World {
    pub(crate) identity: Identity,
    pub(crate) db: Db,
    pub(crate) env: Env,
    pub(crate) clock: Arc<FakeClock>,
    pub(crate) recorder: Arc<Recorder>,
    router: Router,
    _database: TestDb,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) cookie: Option<String>,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
    pub(crate) fn text(&self, key: &str) -> String {
        self.body[key].as_str().unwrap_or_default().to_owned()
    }
}

/// Someone who calls: a cookie, a token, or nobody; perhaps with an org.
#[derive(Clone, Default)]
pub(crate) struct As {
    pub(crate) cookie: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) org: Option<String>,
}

pub(crate) fn nobody() -> As {
    As::default()
}
pub(crate) fn session(cookie: &Option<String>) -> As {
    As { cookie: cookie.clone(), ..As::default() }
}
pub(crate) fn token(secret: &str) -> As {
    As { token: Some(secret.to_owned()), ..As::default() }
}

impl World {
    pub(crate) async fn new(test: TestDb) -> World {
        World::with(test, None, Arc::new(NoJoin)).await
    }

    pub(crate) async fn with(test: TestDb, mail: Option<MailConfig>, on_join: Arc<dyn OnJoin>) -> World {
        let db = test.db().clone();
        let clock = Arc::new(FakeClock::new(START));
        let env = Env::new(clock.clone(), Arc::new(SystemEntropy));
        let recorder = Arc::new(Recorder::default());
        let deps = Deps {
            db: db.clone(),
            env: env.clone(),
            publisher: recorder.clone(),
            on_join,
            mail,
            public_url: None,
        };
        let identity = Identity::new(deps);
        let auth = SharedAuth(Arc::new(identity.clone()));
        let router = Router::from(identity.module().router).layer(Extension(auth));
        World { identity, db, env, clock, recorder, router, _database: test }
    }

    /// Makes the org "Weft"; returns its owner's session.
    pub(crate) async fn first_start(&self) -> As {
        let token = self.identity.setup_token().await.unwrap().unwrap();
        let answer = self.post(&nobody(), "/setup", setup_body(&token, "ann@example.com")).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{answer:?}");
        session(&answer.cookie)
    }

    /// With the org "Weft" and its owner, whose session is returned.
    pub(crate) async fn set_up(test: TestDb) -> (World, As) {
        let world = World::new(test).await;
        let owner = world.first_start().await;
        (world, owner)
    }

    pub(crate) async fn get(&self, who: &As, path: &str) -> Answer {
        self.send(who, Method::GET, path, None).await
    }
    pub(crate) async fn post(&self, who: &As, path: &str, body: Value) -> Answer {
        self.send(who, Method::POST, path, Some(body)).await
    }
    pub(crate) async fn patch(&self, who: &As, path: &str, body: Value) -> Answer {
        self.send(who, Method::PATCH, path, Some(body)).await
    }
    pub(crate) async fn put(&self, who: &As, path: &str, body: Value) -> Answer {
        self.send(who, Method::PUT, path, Some(body)).await
    }
    pub(crate) async fn delete(&self, who: &As, path: &str) -> Answer {
        self.send(who, Method::DELETE, path, None).await
    }

    pub(crate) async fn send(&self, who: &As, method: Method, path: &str, body: Option<Value>) -> Answer {
        let body = body.map_or_else(Body::empty, |b| Body::from(b.to_string()));
        self.raw(who, method, path, "application/json", body).await
    }

    pub(crate) async fn raw(&self, who: &As, method: Method, path: &str, mime: &str, body: Body) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "weft.test")
            .header(header::ORIGIN, "http://weft.test")
            .header(header::CONTENT_TYPE, mime);
        if let Some(cookie) = &who.cookie {
            request = request.header(header::COOKIE, format!("other=1; weft_session={cookie}"));
        }
        if let Some(token) = &who.token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(org) = &who.org {
            request = request.header("weft-org", org);
        }
        self.call(request.body(body).unwrap()).await
    }

    pub(crate) async fn call(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 10 << 20).await.unwrap();
        let cookie = parts.headers.get(header::SET_COOKIE).and_then(|v| {
            let value = v.to_str().unwrap().strip_prefix("weft_session=")?.split(';').next()?;
            (!value.is_empty()).then(|| value.to_owned())
        });
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status, cookie, headers: parts.headers, body }
    }

    /// Signs in with [`PASSWORD`].
    pub(crate) async fn sign_in(&self, email: &str) -> As {
        let body = serde_json::json!({"email": email, "password": PASSWORD});
        let answer = self.post(&nobody(), "/auth/sign-in", body).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        session(&answer.cookie)
    }

    /// Invites and lets someone new join; returns their id and session.
    pub(crate) async fn join(&self, admin: &As, role: &str, name: &str, email: &str) -> (String, As) {
        let invitation = self.post(admin, "/invitations", serde_json::json!({"role": role})).await;
        assert_eq!(invitation.status, StatusCode::CREATED, "{invitation:?}");
        let token = invite_token(&invitation);
        let body = serde_json::json!({"name": name, "email": email, "password": PASSWORD});
        let answer = self.post(&nobody(), &format!("/invitations/by-token/{token}/accept"), body).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        (answer.body["principal"]["id"].as_str().unwrap().to_owned(), session(&answer.cookie))
    }
}

pub(crate) fn invite_token(answer: &Answer) -> String {
    answer.text("url").rsplit('/').next().unwrap().to_owned()
}

pub(crate) fn setup_body(token: &str, email: &str) -> Value {
    serde_json::json!({"token": token, "org_name": "Weft", "name": "Ann Lee", "email": email,
        "password": PASSWORD, "locale": "en"})
}

/// The caller behind a session, as a handler gets them.
pub(crate) async fn common_caller(world: &World, who: &As) -> weft_http::Caller {
    let credentials = weft_http::Credentials { cookie: who.cookie.clone(), ..Default::default() };
    weft_http::Authenticate::caller(&world.identity, &credentials).await.unwrap()
}
