//! One step of a request: is the address one that may be called, and what is sent along when it
//! leads on.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use url::{Host, Url};

use crate::{client::Schemes, error::OutboundError};

/// Longest address.
const LONGEST: usize = 8 * 1024;
/// What may go to another site than the one that it was written for: nothing secret is among it.
const HARMLESS: [HeaderName; 5] = [
    header::ACCEPT,
    header::ACCEPT_ENCODING,
    header::ACCEPT_LANGUAGE,
    header::CONTENT_TYPE,
    header::USER_AGENT,
];
/// What belongs to a connection and is the client's to write.
const OF_THE_CONNECTION: [HeaderName; 9] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::EXPECT,
    header::HOST,
    header::PROXY_AUTHORIZATION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Reads a web address that somebody typed, in the way of a browser: all the forms in which a
/// number may be written for a host become that number. Where it leads is judged when it is called.
///
/// # Errors
/// [`OutboundError::NotWeb`].
pub fn web_address(text: &str) -> Result<Url, OutboundError> {
    if text.len() > LONGEST {
        return Err(OutboundError::NotWeb);
    }
    let url = Url::parse(text).map_err(|_| OutboundError::NotWeb)?;
    let named = match url.host() {
        Some(Host::Domain(name)) => !name.trim_end_matches('.').is_empty(),
        Some(_) => true,
        None => false,
    };
    let secret = !url.username().is_empty() || url.password().is_some();
    if !matches!(url.scheme(), "http" | "https") || !named || secret {
        return Err(OutboundError::NotWeb);
    }
    Ok(url)
}

/// A request on its way.
pub(crate) struct Hop {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Hop {
    /// The first step.
    pub(crate) fn first(request: http::Request<Bytes>, schemes: Schemes) -> Result<Hop, OutboundError> {
        let (parts, body) = request.into_parts();
        let url = web_address(&parts.uri.to_string())?;
        let mut headers = parts.headers;
        for name in OF_THE_CONNECTION {
            headers.remove(name);
        }
        let hop = Hop { method: parts.method, url, headers, body };
        hop.admitted(schemes)
    }

    fn admitted(mut self, schemes: Schemes) -> Result<Hop, OutboundError> {
        if schemes == Schemes::Https && self.url.scheme() != "https" {
            return Err(OutboundError::NotWeb);
        }
        self.url.set_fragment(None);
        Ok(self)
    }

    /// Whether it tells the other side something that others must not read.
    fn is_secret(&self) -> bool {
        !self.body.is_empty() || self.headers.keys().any(|name| !HARMLESS.contains(name))
    }

    /// The next step, when an answer leads on.
    pub(crate) fn next(
        self,
        status: StatusCode,
        location: &str,
        schemes: Schemes,
    ) -> Result<Hop, OutboundError> {
        let url = self.url.join(location).map_err(|_| OutboundError::NotWeb)?;
        let url = web_address(url.as_str())?;
        let mut next = Hop { url, ..self };
        let from = self.url;
        let as_it_was = matches!(status.as_u16(), 307 | 308);
        if !as_it_was && next.method != Method::HEAD {
            next.method = Method::GET;
            next.body = Bytes::new();
            next.headers.remove(header::CONTENT_TYPE);
        }
        if from.scheme() == "https" && next.url.scheme() == "http" && next.is_secret() {
            return Err(OutboundError::Downgrade);
        }
        if from.origin() != next.url.origin() {
            let others: Vec<HeaderName> =
                next.headers.keys().filter(|name| !HARMLESS.contains(name)).cloned().collect();
            for name in others {
                next.headers.remove(name);
            }
        }
        next.admitted(schemes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_web_address() {
        for text in [
            "",
            "example.com",
            "ftp://example.com/",
            "file:///etc/passwd",
            "gopher://example.com/",
            "javascript:alert(1)",
            "data:text/html,hi",
            "http://",
            "http://./",
            "http://user@example.com/",
            "http://user:pass@example.com/",
            "http://:pass@example.com/",
            "https://exa mple.com/",
            "http://[::1",
            "http://example.com:99999/",
        ] {
            assert_eq!(web_address(text).unwrap_err(), OutboundError::NotWeb, "{text}");
        }
        assert!(web_address(&format!("http://example.com/{}", "a".repeat(LONGEST))).is_err());
        assert!(web_address("https://例子.测试/路径?q=值").is_ok());
    }

    #[test]
    fn a_number_is_a_number_however_it_is_written() {
        for text in [
            "http://2130706433/",
            "http://0x7f000001/",
            "http://017700000001/",
            "http://0x7f.1/",
            "http://127.1/",
            "http://127.0.0.1./",
            "http://①②⑦.0.0.1/",
            "http://0177.0.0.0x1/",
        ] {
            assert_eq!(web_address(text).unwrap().host_str(), Some("127.0.0.1"), "{text}");
        }
    }

    fn hop(method: Method, headers: &[(&'static str, &'static str)], body: &'static str) -> Hop {
        let mut request = http::Request::builder().method(method).uri("https://a.example/x");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Hop::first(request.body(Bytes::from_static(body.as_bytes())).unwrap(), Schemes::Web).unwrap()
    }

    #[test]
    fn secrets_stay_where_they_were_meant_for() {
        let secret = [("authorization", "Bearer x"), ("x-key", "y"), ("accept", "*/*"), ("host", "z")];
        let same = hop(Method::GET, &secret, "").next(StatusCode::FOUND, "/y", Schemes::Web).unwrap();
        assert_eq!(same.url.as_str(), "https://a.example/y");
        assert_eq!(same.headers.len(), 3);
        let other = hop(Method::GET, &secret, "").next(StatusCode::FOUND, "https://b.example", Schemes::Web);
        assert_eq!(other.unwrap().headers.keys().collect::<Vec<_>>(), ["accept"]);
        let port =
            hop(Method::GET, &secret, "").next(StatusCode::FOUND, "https://a.example:8443", Schemes::Web);
        assert_eq!(port.unwrap().headers.len(), 1);
        for to in ["http://a.example/", "http://b.example/"] {
            let down = hop(Method::GET, &secret, "").next(StatusCode::FOUND, to, Schemes::Web);
            assert_eq!(down.err(), Some(OutboundError::Downgrade));
        }
        let body = hop(Method::POST, &[], "b").next(
            StatusCode::TEMPORARY_REDIRECT,
            "http://a.example/",
            Schemes::Web,
        );
        assert_eq!(body.err(), Some(OutboundError::Downgrade));
        let plain = hop(Method::GET, &[], "").next(StatusCode::FOUND, "http://a.example/", Schemes::Web);
        assert!(plain.is_ok());
        let only = hop(Method::GET, &[], "").next(StatusCode::FOUND, "http://a.example/", Schemes::Https);
        assert_eq!(only.err(), Some(OutboundError::NotWeb));
    }

    #[test]
    fn a_body_is_sent_again_only_where_the_status_says_so() {
        let gone = hop(Method::POST, &[("content-type", "a/b")], "b");
        let gone = gone.next(StatusCode::SEE_OTHER, "/y", Schemes::Web).unwrap();
        assert_eq!((gone.method, gone.body.len(), gone.headers.len()), (Method::GET, 0, 0));
        let kept = hop(Method::POST, &[("content-type", "a/b")], "b");
        let kept = kept.next(StatusCode::PERMANENT_REDIRECT, "/y", Schemes::Web).unwrap();
        assert_eq!((kept.method, kept.body.len(), kept.headers.len()), (Method::POST, 1, 1));
    }

    #[test]
    fn an_answer_does_not_lead_to_what_is_no_web_address() {
        for to in ["file:///etc/passwd", "http://u:p@b.example/", "data:,x", "http://"] {
            let next = hop(Method::GET, &[], "").next(StatusCode::FOUND, to, Schemes::Web);
            assert_eq!(next.err(), Some(OutboundError::NotWeb), "{to}");
        }
    }
}
