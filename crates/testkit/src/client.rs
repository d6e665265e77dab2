//! A client of the REST API that hides nothing: it shows each answer as it came.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

/// An answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its bytes.
    pub bytes: Bytes,
}

impl Reply {
    /// The body as JSON, null when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The stable code of a problem, empty when this is none.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The body of a success.
    ///
    /// # Panics
    /// When the request was refused.
    #[track_caller]
    pub fn ok(self) -> Value {
        assert!(
            self.status.is_success(),
            "refused: {} {}",
            self.status,
            String::from_utf8_lossy(&self.bytes)
        );
        self.json()
    }

    /// Checks that the request was refused like this, as a well-formed problem.
    ///
    /// # Panics
    /// When it was not.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let body = self.json();
        let seen = (self.status.as_u16(), body["code"].as_str().unwrap_or_default().to_owned());
        assert_eq!(seen, (status, code.to_owned()), "{}", String::from_utf8_lossy(&self.bytes));
        let kind = self.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        assert_eq!(kind, "application/problem+json");
        body
    }

    /// The value of the session cookie that the answer sets.
    pub fn session_cookie(&self) -> Option<String> {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        let mut values =
            cookies.filter_map(|v| v.to_str().ok()?.split(';').next()?.strip_prefix("weft_session="));
        values.next().filter(|value| !value.is_empty()).map(str::to_owned)
    }
}

/// Who a client says that it is.
#[derive(Debug, Clone, Default)]
pub enum Auth {
    /// A stranger.
    #[default]
    None,
    /// A personal access token.
    Token(String),
    /// A browser: the session cookie, with the server's own `Origin`.
    Session(String),
    /// A browser on the page of another site: the session cookie with that `Origin`, or none.
    Foreign(String, Option<String>),
}

/// A client of one server as one caller. Cheap to clone.
#[derive(Debug, Clone)]
pub struct TestClient {
    base: String,
    auth: Auth,
    org: Option<String>,
    more: Vec<(header::HeaderName, String)>,
    http: Client<HttpConnector, Full<Bytes>>,
}

impl TestClient {
    /// A stranger to the server at `base` (`http://127.0.0.1:…`).
    pub fn new(base: &str) -> TestClient {
        let http = Client::builder(TokioExecutor::new()).build_http();
        TestClient { base: base.to_owned(), auth: Auth::None, org: None, more: Vec::new(), http }
    }

    /// The same client as another caller.
    pub fn with(&self, auth: Auth) -> TestClient {
        TestClient { auth, ..self.clone() }
    }

    /// The same client with a personal access token.
    pub fn with_token(&self, token: &str) -> TestClient {
        self.with(Auth::Token(token.to_owned()))
    }

    /// The same client with a browser's session.
    pub fn with_session(&self, cookie: &str) -> TestClient {
        self.with(Auth::Session(cookie.to_owned()))
    }

    /// The same client as a page of another site would use it, with the visitor's cookie.
    pub fn foreign(&self, cookie: &str, origin: Option<&str>) -> TestClient {
        self.with(Auth::Foreign(cookie.to_owned(), origin.map(str::to_owned)))
    }

    /// The same client in the org of this id, for accounts that are in several.
    pub fn in_org(&self, org: &str) -> TestClient {
        TestClient { org: Some(org.to_owned()), ..self.clone() }
    }

    /// The same client with one more header in every request.
    pub fn with_header(&self, name: &'static str, value: &str) -> TestClient {
        let mut client = self.clone();
        client.more.push((header::HeaderName::from_static(name), value.to_owned()));
        client
    }

    /// The server's address.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The org that requests name.
    pub fn org(&self) -> Option<&str> {
        self.org.as_deref()
    }

    /// The headers that say who asks.
    pub fn headers(&self) -> Vec<(header::HeaderName, String)> {
        let mut headers = match &self.auth {
            Auth::None => Vec::new(),
            Auth::Token(token) => vec![(header::AUTHORIZATION, format!("Bearer {token}"))],
            Auth::Session(cookie) => {
                vec![(header::COOKIE, format!("weft_session={cookie}")), (header::ORIGIN, self.base.clone())]
            }
            Auth::Foreign(cookie, origin) => {
                let mut headers = vec![(header::COOKIE, format!("weft_session={cookie}"))];
                headers.extend(origin.iter().map(|origin| (header::ORIGIN, origin.clone())));
                headers
            }
        };
        headers.extend(self.more.iter().cloned());
        headers.extend(self.org.iter().map(|org| (header::HeaderName::from_static("weft-org"), org.clone())));
        headers
    }

    /// Sends a request to `path` below `/api/v1` (or any path that starts with `//`, as
    /// `//healthz`), with a JSON body unless it is null.
    ///
    /// # Panics
    /// When there is no answer.
    pub async fn call(&self, method: Method, path: &str, body: Value) -> Reply {
        let bytes = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        let kind = (!body.is_null()).then_some("application/json");
        self.raw(method, path, kind, bytes).await.unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// Sends any bytes; for bad input and for servers that may be gone.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        kind: Option<&str>,
        body: Vec<u8>,
    ) -> Result<Reply, String> {
        let uri = match path.strip_prefix('/') {
            Some(rest) if rest.starts_with('/') => format!("{}{rest}", self.base),
            _ => format!("{}/api/v1{path}", self.base),
        };
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        if let Some(kind) = kind {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let request = request.body(Full::from(body)).map_err(|e| e.to_string())?;
        let answer = self.http.request(request).await.map_err(|e| format!("{e:?}"))?;
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.map_err(|e| e.to_string())?.to_bytes();
        Ok(Reply { status: parts.status, headers: parts.headers, bytes })
    }

    /// `GET`
    pub async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, Value::Null).await
    }

    /// `POST`
    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.call(Method::POST, path, body).await
    }

    /// `PUT`
    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.call(Method::PUT, path, body).await
    }

    /// `PATCH`
    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.call(Method::PATCH, path, body).await
    }

    /// `DELETE`
    pub async fn delete(&self, path: &str) -> Reply {
        self.call(Method::DELETE, path, Value::Null).await
    }
}
