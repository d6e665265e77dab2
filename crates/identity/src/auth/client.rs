//! What a request tells of the client behind it.

use axum::extract::FromRequestParts;
use http::{HeaderValue, header, request::Parts};
use weft_http::{
    AccountCaller, ClientAddress, Reject,
    caller::{SESSION_COOKIE, SharedAuth, credentials},
};
use weft_kernel::{Fault, FaultKind};

/// The cookie outlives the session, whose end the server decides; browsers cap it at 400 days.
pub(crate) const COOKIE_MAX_AGE_S: u32 = 400 * 24 * 3600;

/// Where a request comes from.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    /// The address.
    pub(crate) ip: String,
    /// What the browser says it is, at most 256 characters.
    pub(crate) user_agent: String,
    /// `https://host` or `http://host` as the client sees this server.
    pub(crate) origin: String,
    /// The product's language nearest to what the browser asks for first.
    pub(crate) locale: &'static str,
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Reject> {
        let ClientAddress { ip, https } = ClientAddress::from_request_parts(parts, state).await?;
        let text = |name| parts.headers.get(name).and_then(|v: &HeaderValue| v.to_str().ok());
        let user_agent = text(header::USER_AGENT).unwrap_or_default().chars().take(256).collect();
        let host = text(header::HOST).unwrap_or("localhost");
        let origin = match text(header::ORIGIN) {
            Some(origin) if origin == format!("https://{host}") => origin.to_owned(),
            _ if https => format!("https://{host}"),
            _ => format!("http://{host}"),
        };
        let first = text(header::ACCEPT_LANGUAGE).unwrap_or_default().trim_start();
        let locale = if first.to_ascii_lowercase().starts_with("zh") { "zh-CN" } else { "en" };
        Ok(Client { ip: ip.to_string(), user_agent, origin, locale })
    }
}

impl Client {
    /// `Set-Cookie` of a new session.
    pub(crate) fn set_cookie(&self, secret: &str) -> [(header::HeaderName, String); 1] {
        let secure = if self.origin.starts_with("https://") { "; Secure" } else { "" };
        let cookie = format!(
            "{SESSION_COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={COOKIE_MAX_AGE_S}{secure}"
        );
        [(header::SET_COOKIE, cookie)]
    }
}

/// `Set-Cookie` that removes the session's cookie.
pub(crate) fn clear_cookie() -> [(header::HeaderName, String); 1] {
    [(header::SET_COOKIE, format!("{SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"))]
}

/// The account of a request that may also come from a stranger.
#[derive(Debug, Clone)]
pub(crate) struct MaybeAccount(pub(crate) Option<AccountCaller>);

impl<S: Send + Sync> FromRequestParts<S> for MaybeAccount {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Reject> {
        let credentials = credentials(parts)?;
        let auth = parts.extensions.get::<SharedAuth>().cloned();
        let (Some(_), Some(SharedAuth(auth))) = (&credentials.cookie, auth) else {
            return Ok(MaybeAccount(None));
        };
        match auth.account(&credentials).await {
            Ok(account) => Ok(MaybeAccount(Some(account))),
            Err(fault) if fault.kind() == FaultKind::Unauthenticated => Ok(MaybeAccount(None)),
            Err(fault) => Err(Fault::into(fault)),
        }
    }
}
