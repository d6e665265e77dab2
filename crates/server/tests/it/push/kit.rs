//! A push service, and browsers that registered with it.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::post,
};
use data_encoding::BASE64URL_NOPAD;
use http::{HeaderMap, StatusCode};
use p256::{PublicKey, SecretKey, ecdh::diffie_hellman};
use ring::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    hkdf::{HKDF_SHA256, KeyType, Salt},
    signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey},
};
use serde_json::{Value, json};
use weft_testkit::{
    Engine, Reply, TestClient, TestOrg, TestPerson, TestServer, eventually, server::ServerOptions,
};

pub(super) const PASSWORD: &str = "correct horse battery staple";

/// A server that may call this machine.
pub(super) async fn server(engine: Engine) -> TestServer {
    let args = vec!["--outbound-allow".into(), "127.0.0.0/8".into()];
    TestServer::start_with(env!("CARGO_BIN_EXE_weft"), engine, ServerOptions { args, ..Default::default() })
        .await
}

/// What a device was sent.
#[derive(Debug, Clone)]
pub(super) struct Arrived {
    pub(super) device: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Arrived {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

#[derive(Default)]
struct Shelf {
    arrived: Vec<Arrived>,
    taken: usize,
    /// Answers to give first; later everything is taken.
    answers: VecDeque<(u16, &'static str)>,
    /// Devices whose requests are never answered.
    silent: Vec<String>,
}

/// A push service on this machine.
#[derive(Clone)]
pub(super) struct PushService {
    address: SocketAddr,
    shelf: Arc<Mutex<Shelf>>,
}

async fn take(
    State(shelf): State<Arc<Mutex<Shelf>>>,
    Path(device): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let answer = {
        let mut shelf = shelf.lock().expect("the shelf");
        if shelf.silent.contains(&device) {
            None
        } else {
            shelf.arrived.push(Arrived { device, headers, body: body.to_vec() });
            Some(shelf.answers.pop_front().unwrap_or((201, "")))
        }
    };
    let Some((status, after)) = answer else { return std::future::pending().await };
    let status = StatusCode::from_u16(status).expect("a status");
    if after.is_empty() { status.into_response() } else { (status, [("retry-after", after)]).into_response() }
}

impl PushService {
    pub(super) async fn start() -> PushService {
        let shelf = Arc::<Mutex<Shelf>>::default();
        let unified = || async { axum::Json(json!({"unifiedpush": {"version": 1}})) };
        let app = Router::new()
            .route("/send/{device}", post(take))
            .route("/unified/{device}", post(take).get(unified))
            .with_state(shelf.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move { axum::serve(listener, app).await });
        PushService { address, shelf }
    }

    pub(super) fn url(&self, device: &str) -> String {
        format!("http://{}/send/{device}", self.address)
    }

    pub(super) fn unified(&self, device: &str) -> String {
        format!("http://{}/unified/{device}", self.address)
    }

    /// Gives these answers first, each a status and a `Retry-After`.
    pub(super) fn answers(&self, answers: &[(u16, &'static str)]) {
        self.shelf.lock().expect("the shelf").answers.extend(answers);
    }

    pub(super) fn never_answers(&self, device: &str) {
        self.shelf.lock().expect("the shelf").silent.push(device.to_owned());
    }

    /// How much has arrived.
    pub(super) fn count(&self) -> usize {
        self.shelf.lock().expect("the shelf").arrived.len()
    }

    /// The next that arrives, in order.
    pub(super) async fn next(&self) -> Arrived {
        let shelf = self.shelf.clone();
        let look = move || {
            let mut shelf = shelf.lock().expect("the shelf");
            let next = shelf.arrived.get(shelf.taken).cloned();
            shelf.taken += usize::from(next.is_some());
            std::future::ready(next)
        };
        eventually("something is pushed", look).await
    }
}

/// A browser: signed in, with keys of its own.
pub(super) struct Browser {
    pub(super) client: TestClient,
    pub(super) name: String,
    endpoint: String,
    key: SecretKey,
    auth: [u8; 16],
}

/// Somebody with a password, and a browser of theirs that is told.
pub(super) async fn person(org: &TestOrg<'_>, service: &PushService, name: &str) -> (TestPerson, Browser) {
    let person = org.member_with_password(name, PASSWORD).await;
    let browser = Browser::signed_in(&person, &org.owner.client, service.url(name), name).await;
    browser.register().await.ok();
    (person, browser)
}

impl Browser {
    /// Signs `person` in; nothing is registered yet.
    pub(super) async fn signed_in(
        person: &TestPerson,
        any: &TestClient,
        endpoint: String,
        name: &str,
    ) -> Browser {
        let stranger = TestClient::new(any.base());
        let sign_in = json!({"email": person.email, "password": PASSWORD});
        let signed = stranger.post("/auth/sign-in", sign_in).await;
        let client = stranger.with_session(&signed.session_cookie().expect("a cookie"));
        // Any number below the curve's order is a key; a name makes it this browser's own.
        let mut secret = [7; 32];
        name.bytes()
            .chain([secret.len() as u8])
            .enumerate()
            .for_each(|(at, byte)| secret[1 + at % 31] ^= byte);
        let key = SecretKey::from_slice(&secret).expect("a key");
        Browser { client, name: name.to_owned(), endpoint, key, auth: [9; 16] }
    }

    /// The same browser with another subscription.
    pub(super) fn renewed(&self, endpoint: String) -> Browser {
        let client = self.client.with_header("x-renewed", "1");
        Browser { client, name: self.name.clone(), endpoint, key: self.key.clone(), auth: self.auth }
    }

    pub(super) fn registration(&self) -> Value {
        let keys = json!({
            "p256dh": BASE64URL_NOPAD.encode(&self.key.public_key().to_sec1_bytes()),
            "auth": BASE64URL_NOPAD.encode(&self.auth),
        });
        let kind = if self.endpoint.contains("/unified/") { "unifiedpush" } else { "web" };
        json!({"kind": kind, "endpoint": self.endpoint, "keys": keys, "name": self.name})
    }

    pub(super) async fn register(&self) -> Reply {
        self.client.post("/push/devices", self.registration()).await
    }

    pub(super) async fn devices(&self) -> Vec<Value> {
        let page = self.client.get("/push/devices").await.ok();
        page["items"].as_array().cloned().expect("items")
    }

    /// What was sent, as only this browser can read it (RFC 8291).
    pub(super) fn open(&self, arrived: &Arrived) -> Value {
        assert_eq!(arrived.device, self.name, "for another device");
        let body = &arrived.body;
        let (salt, theirs, sealed) = (&body[..16], &body[21..86], &body[86..]);
        assert_eq!(
            (&body[16..20], body[20]),
            (&4096_u32.to_be_bytes()[..], 65),
            "one record, keyed by a point"
        );
        let public = PublicKey::from_sec1_bytes(theirs).expect("a point");
        let shared = diffie_hellman(self.key.to_nonzero_scalar(), public.as_affine());
        let own = self.key.public_key().to_sec1_bytes();
        let info = [b"WebPush: info\0".as_slice(), &own, theirs];
        let both: [u8; 32] = derive(&self.auth, shared.raw_secret_bytes(), &info);
        let key: [u8; 16] = derive(salt, &both, &[b"Content-Encoding: aes128gcm\0"]);
        let nonce: [u8; 12] = derive(salt, &both, &[b"Content-Encoding: nonce\0"]);
        let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key).expect("a key"));
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        let plain =
            key.open_in_place(nonce, Aad::empty(), &mut sealed).expect("what was sealed for this key");
        let end = plain.iter().rposition(|byte| *byte != 0).expect("a mark");
        assert_eq!(plain[end], 2, "the mark of the last record");
        serde_json::from_slice(&plain[..end]).expect("JSON")
    }
}

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn derive<const N: usize>(salt: &[u8], secret: &[u8], info: &[&[u8]]) -> [u8; N] {
    let key = Salt::new(HKDF_SHA256, salt).extract(secret);
    let mut out = [0; N];
    key.expand(info, Length(N)).expect("a length").fill(&mut out).expect("a key");
    out
}

/// Checks who speaks (RFC 8292) as a service would, and answers the claims.
pub(super) fn proven(arrived: &Arrived, key: &str) -> Value {
    let (token, stated) = arrived
        .header("authorization")
        .strip_prefix("vapid t=")
        .and_then(|rest| rest.split_once(", k="))
        .expect("VAPID");
    assert_eq!(stated, key);
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    let decode = |text: &str| BASE64URL_NOPAD.decode(text.as_bytes()).expect("base64url");
    let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, decode(key));
    public.verify(signed.as_bytes(), &decode(signature)).expect("the server's signature");
    serde_json::from_slice(&decode(signed.split_once('.').expect("claims").1)).expect("JSON")
}
