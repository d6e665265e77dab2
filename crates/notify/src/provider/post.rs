//! The request that takes encrypted bytes to a service (RFC 8030), and what its answer means.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header};
use weft_kernel::{Env, Micros};
use weft_outbound::{Outbound, OutboundError, Url};

use super::{Endpoint, LIMITS, Outcome, Push, Signer, seal};

/// Longest pause that a service is granted.
const LONGEST_PAUSE_S: i64 = 3600;

/// What every kind of service is called with.
#[derive(Clone)]
pub struct Post {
    /// The way out.
    pub outbound: Outbound,
    /// Who speaks.
    pub signer: Arc<Signer>,
    /// Time.
    pub env: Env,
}

impl Post {
    /// Takes `push` to a service, and proves who sends it.
    pub(super) async fn send(&self, endpoint: &Endpoint, push: &Push) -> Outcome {
        let Ok(url) = Url::parse(&endpoint.url) else {
            return Outcome::Refused("its address is none".into());
        };
        let Ok(sealed) = seal(&endpoint.keys, &push.text) else {
            return Outcome::Refused("its key is no key".into());
        };
        let proof = match self.signer.authorization(&url, self.env.now()) {
            Ok(proof) => proof,
            Err(fault) => return Outcome::Later(None, fault.to_string()),
        };
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(url.as_str())
            .header("TTL", push.ttl.as_secs())
            .header("Urgency", push.urgency.name())
            .header(header::AUTHORIZATION, proof)
            .header(header::CONTENT_ENCODING, "aes128gcm")
            .header(header::CONTENT_TYPE, "application/octet-stream");
        if let Some(topic) = &push.topic {
            request = request.header("Topic", topic);
        }
        let Ok(request) = request.body(Bytes::from(sealed)) else {
            return Outcome::Refused("its address cannot be written in a request".into());
        };
        match self.outbound.send(request, LIMITS).await {
            Ok(answer) => understand(answer.status, &answer.headers),
            Err(error) => failed(error),
        }
    }
}

fn understand(status: StatusCode, headers: &HeaderMap) -> Outcome {
    match status.as_u16() {
        200..=299 => Outcome::Taken,
        404 | 410 => Outcome::Gone,
        408 | 429 | 500..=599 => Outcome::Later(retry_after(headers), format!("it answered {status}")),
        _ => Outcome::Refused(format!("it answered {status}")),
    }
}

/// How long a service asks to be left alone; a date, which is rare, counts as not said.
fn retry_after(headers: &HeaderMap) -> Option<Micros> {
    let seconds: i64 = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(seconds.clamp(0, LONGEST_PAUSE_S) * 1_000_000)
}

fn failed(error: OutboundError) -> Outcome {
    match error.is_passing() {
        true => Outcome::Later(None, error.to_string()),
        // It took the request: what it answered at such length is of no interest.
        false if error == OutboundError::TooLarge => Outcome::Taken,
        false => Outcome::Refused(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn answers_are_understood() {
        let with = |status: u16, after: &'static str| {
            let mut headers = HeaderMap::new();
            if !after.is_empty() {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static(after));
            }
            understand(StatusCode::from_u16(status).unwrap(), &headers)
        };
        assert_eq!(with(201, ""), Outcome::Taken);
        assert_eq!((with(404, ""), with(410, "")), (Outcome::Gone, Outcome::Gone));
        assert!(matches!(with(429, "7"), Outcome::Later(Some(7_000_000), _)));
        assert!(matches!(with(503, "99999999"), Outcome::Later(Some(3_600_000_000), _)));
        assert!(matches!(with(500, "Fri, 31 Dec 1999 23:59:59 GMT"), Outcome::Later(None, _)));
        for status in [301, 400, 401, 403, 413] {
            assert!(matches!(with(status, ""), Outcome::Refused(_)), "{status}");
        }
    }
}
