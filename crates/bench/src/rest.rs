//! Requests to the REST API.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;

use crate::Outcome;

/// An answer with what it cost.
pub(crate) struct Answer {
    /// Bytes of the body as sent, compressed when it was.
    pub(crate) bytes: Bytes,
    /// From the request to the last byte.
    pub(crate) took: Duration,
}

/// A client with kept connections.
pub(crate) struct Rest {
    address: String,
    http: Client<HttpConnector, Full<Bytes>>,
}

impl Rest {
    pub(crate) fn new(address: &str) -> Rest {
        Rest { address: address.to_owned(), http: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// A request whose success is needed; the answer's JSON.
    pub(crate) async fn json(&self, token: &str, method: Method, path: &str, body: Value) -> Outcome<Value> {
        let answer = self.call(token, method, path, body, false).await?;
        if answer.bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&answer.bytes).map_err(|e| format!("{path}: {e}"))
    }

    /// A `GET` as a browser sends it, compressed answers welcome.
    pub(crate) async fn get_compressed(&self, token: &str, path: &str) -> Outcome<Answer> {
        self.call(token, Method::GET, path, Value::Null, true).await
    }

    async fn call(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Value,
        gzip: bool,
    ) -> Outcome<Answer> {
        let uri = format!("http://{}/api/v1{path}", self.address);
        let mut request = Request::builder().method(method).uri(uri);
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        if gzip {
            request = request.header(header::ACCEPT_ENCODING, "br, gzip");
        }
        let bytes = if body.is_null() {
            Bytes::new()
        } else {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Bytes::from(body.to_string())
        };
        let request = request.body(Full::new(bytes)).map_err(|e| e.to_string())?;
        let started = Instant::now();
        let answer = self.http.request(request).await.map_err(|e| format!("{path}: {e:?}"))?;
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.map_err(|e| format!("{path}: {e}"))?.to_bytes();
        let took = started.elapsed();
        if !parts.status.is_success() {
            return Err(format!("{path}: {} {}", parts.status, String::from_utf8_lossy(&bytes)));
        }
        Ok(Answer { bytes, took })
    }
}
