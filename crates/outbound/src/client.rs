//! Sending.

use std::{net::IpAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use ipnet::IpNet;
use reqwest::{Client, redirect};
use rustls::{ClientConfig, pki_types::CertificateDer};
use tokio::sync::Semaphore;
use url::Host;

use crate::{
    body,
    error::{OutboundError, understand},
    hop::Hop,
    place::is_web_port,
    resolve::{Gate, Guarded, Lookup, system},
    tls,
};

/// Requests under way at once; each holds up to its limit of bytes.
const AT_ONCE: usize = 64;
/// Until a connection stands.
const CONNECT: Duration = Duration::from_secs(10);
/// Connections that wait for the next request to the same host.
const IDLE: usize = 2;

/// What the owner decides.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Networks that are not the open internet and may be called all the same, at any port.
    pub allow: Vec<IpNet>,
    /// How the server names itself.
    pub user_agent: String,
}

/// Which addresses are followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Schemes {
    /// `https://` only.
    Https,
    /// `https://` and `http://`.
    #[default]
    Web,
}

/// What one request may cost.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Until everything has arrived: names, connections, redirects and the body together.
    pub timeout: Duration,
    /// Bytes of the body, after unpacking; what is longer is cut off.
    pub max_body: usize,
    /// How often the address may lead on; with 0, a redirect is itself the answer.
    pub max_redirects: u8,
    /// Which addresses are followed.
    pub schemes: Schemes,
}

impl Default for Limits {
    /// Ten seconds, 64 KiB, no redirects.
    fn default() -> Self {
        Limits {
            timeout: Duration::from_secs(10),
            max_body: 64 * 1024,
            max_redirects: 0,
            schemes: Schemes::Web,
        }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body, unpacked.
    pub body: Bytes,
    /// Where it came from in the end.
    pub url: String,
    /// Whether the body goes on after what is here.
    pub truncated: bool,
}

impl Answer {
    /// The answer, if its body is complete.
    ///
    /// # Errors
    /// [`OutboundError::TooLarge`].
    pub fn whole(self) -> Result<Answer, OutboundError> {
        if self.truncated { Err(OutboundError::TooLarge) } else { Ok(self) }
    }
}

/// Calls outside. Cheap to clone.
#[derive(Clone)]
pub struct Outbound(Arc<Inner>);

struct Inner {
    /// The internet and what is allowed, at ports of the web.
    open: Way,
    /// Only what is allowed, at any port.
    inside: Way,
    permits: Semaphore,
}

struct Way {
    gate: Gate,
    client: Client,
}

impl Outbound {
    /// Calls under `config`.
    pub fn new(config: Config) -> Outbound {
        Outbound::with(config, system(), &[])
    }

    pub(crate) fn with(config: Config, lookup: Lookup, roots: &[CertificateDer<'static>]) -> Outbound {
        let allow: Arc<[IpNet]> = config.allow.into();
        let tls = tls::config(roots);
        let way = |only_allowed| {
            let gate = Gate { allow: allow.clone(), only_allowed };
            let client = client(&config.user_agent, tls.clone(), gate.clone(), lookup.clone());
            Way { gate, client }
        };
        Outbound(Arc::new(Inner { open: way(false), inside: way(true), permits: Semaphore::new(AT_ONCE) }))
    }

    /// Sends `request` and reads what comes back, whatever its status.
    ///
    /// # Errors
    /// [`OutboundError`]; the request may have arrived all the same, except where the address was
    /// refused.
    pub async fn send(&self, request: http::Request<Bytes>, limits: Limits) -> Result<Answer, OutboundError> {
        let all = async {
            let _permit = self.0.permits.acquire().await.map_err(|_| OutboundError::Unreachable)?;
            self.follow(Hop::first(request, limits.schemes)?, limits).await
        };
        tokio::time::timeout(limits.timeout, all).await.unwrap_or(Err(OutboundError::Timeout))
    }

    async fn follow(&self, mut hop: Hop, limits: Limits) -> Result<Answer, OutboundError> {
        let mut left = limits.max_redirects;
        loop {
            let response = self.call(&hop).await?;
            let status = response.status();
            body::bounded(response.headers())?;
            if let Some(to) = leads_on(status, response.headers()).filter(|_| limits.max_redirects > 0) {
                left = left.checked_sub(1).ok_or(OutboundError::TooManyRedirects)?;
                hop = hop.next(status, &to, limits.schemes)?;
                continue;
            }
            let headers = response.headers().clone();
            let (body, truncated) = body::read(response, limits.max_body).await?;
            return Ok(Answer { status, headers, body, url: hop.url.into(), truncated });
        }
    }

    async fn call(&self, hop: &Hop) -> Result<reqwest::Response, OutboundError> {
        let port = hop.url.port_or_known_default().ok_or(OutboundError::NotWeb)?;
        let way = if is_web_port(port) { &self.0.open } else { &self.0.inside };
        // A number is connected to without asking the resolver.
        let literal = match hop.url.host() {
            Some(Host::Ipv4(ip)) => Some(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => Some(IpAddr::V6(ip)),
            _ => None,
        };
        if literal.is_some_and(|address| !way.gate.admits(address)) {
            return Err(OutboundError::RefusedAddress);
        }
        let mut request = reqwest::Request::new(hop.method.clone(), hop.url.clone());
        *request.headers_mut() = hop.headers.clone();
        request.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        if !hop.body.is_empty() {
            *request.body_mut() = Some(hop.body.clone().into());
        }
        way.client.execute(request).await.map_err(|error| understand(&error))
    }
}

fn leads_on(status: StatusCode, headers: &HeaderMap) -> Option<String> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    // Some write it as UTF-8, as browsers understand.
    let location = headers.get(header::LOCATION)?;
    String::from_utf8(location.as_bytes().to_vec()).ok()
}

fn client(user_agent: &str, tls: ClientConfig, gate: Gate, lookup: Lookup) -> Client {
    let agent = HeaderValue::from_str(user_agent).unwrap_or_else(|_| HeaderValue::from_static("Weft"));
    Client::builder()
        .user_agent(agent)
        .no_proxy()
        .redirect(redirect::Policy::none())
        .referer(false)
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .connect_timeout(CONNECT)
        .pool_max_idle_per_host(IDLE)
        .dns_resolver(Arc::new(Guarded { gate, lookup }))
        .tls_backend_preconfigured(tls)
        .build()
        .expect("everything that it is built of is given")
}
