//! Who calls. A handler that takes a [`Caller`] is for signed-in people of one org; one that
//! takes an [`Admin`] for its owners and admins; one that takes an [`AccountCaller`] for a
//! signed-in account, whatever org.

use std::sync::Arc;

use async_trait::async_trait;
use axum::extract::FromRequestParts;
use http::{Method, header, request::Parts};
use weft_kernel::{
    AccountKey, Fault, LogKey, Micros, OrgKey, PrincipalKey,
    id::{AccountId, OrgId, PrincipalId, SessionId},
};

use crate::problem::Reject;

/// The cookie of a session.
pub const SESSION_COOKIE: &str = "weft_session";
/// The header that picks one of an account's orgs.
pub const ORG_HEADER: &str = "weft-org";

/// What a principal may do in its org; the smaller the number, the more.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, including making other owners.
    Owner = 1,
    /// Manages people and settings.
    Admin = 2,
    /// Ordinary.
    Member = 3,
    /// Sees only the conversations they were added to.
    Guest = 4,
}

impl Role {
    /// The role of a stored number.
    pub fn from_stored(value: i64) -> Option<Role> {
        [Role::Owner, Role::Admin, Role::Member, Role::Guest].into_iter().find(|r| *r as i64 == value)
    }

    /// Owner or admin.
    pub fn administers(self) -> bool {
        self <= Role::Admin
    }
}

/// What an access token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scopes {
    /// Reading.
    pub read: bool,
    /// Changing.
    pub write: bool,
    /// Administration, as far as its principal may.
    pub admin: bool,
}

/// How a caller proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// A browser session.
    Session {
        /// Internal key.
        key: i64,
        /// Public id.
        id: SessionId,
    },
    /// A personal access token.
    Token {
        /// Internal key.
        key: i64,
        /// What it is good for.
        scopes: Scopes,
        /// When it ends; a socket opened with it ends then too.
        expires_at: Option<Micros>,
    },
}

/// A principal who is signed in.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Their org.
    pub org: OrgKey,
    /// Its public id.
    pub org_id: OrgId,
    /// Its log.
    pub org_log: LogKey,
    /// Themselves.
    pub principal: PrincipalKey,
    /// Their public id.
    pub principal_id: PrincipalId,
    /// Their log; the head row's `acl_version` guards what they may do.
    pub log: LogKey,
    /// The version that was seen when they were let in.
    pub acl_version: i64,
    /// What they may do.
    pub role: Role,
    /// Their credentials' owner; none for bots.
    pub account: Option<AccountKey>,
    /// How they proved it.
    pub credential: Credential,
}

impl Caller {
    /// Whether they are a guest.
    pub fn is_guest(&self) -> bool {
        self.role == Role::Guest
    }
}

/// A [`Caller`] who is an owner or admin, with a credential good for administration.
#[derive(Debug, Clone)]
pub struct Admin(pub Caller);

/// A signed-in account (session only).
#[derive(Debug, Clone)]
pub struct AccountCaller {
    /// Internal key.
    pub account: AccountKey,
    /// Public id.
    pub account_id: AccountId,
    /// The session's key.
    pub session: i64,
    /// The session's id.
    pub session_id: SessionId,
}

/// What a request shows to prove who calls.
#[derive(Debug, Clone, Default)]
pub struct Credentials {
    /// The secret of a bearer token, without `Bearer `.
    pub bearer: Option<String>,
    /// The value of the session cookie.
    pub cookie: Option<String>,
    /// The org asked for.
    pub org: Option<OrgId>,
}

/// Resolves credentials; implemented by `identity`.
#[async_trait]
pub trait Authenticate: Send + Sync {
    /// The principal behind `credentials`.
    ///
    /// # Errors
    /// `unauthenticated`; `org_required` when the account is in several orgs and none is named.
    async fn caller(&self, credentials: &Credentials) -> Result<Caller, Fault>;

    /// The account behind `credentials`, which must hold a session cookie.
    ///
    /// # Errors
    /// `unauthenticated`.
    async fn account(&self, credentials: &Credentials) -> Result<AccountCaller, Fault>;
}

/// The authenticator as the server puts it into every request's extensions.
#[derive(Clone)]
pub struct SharedAuth(pub Arc<dyn Authenticate>);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Reject> {
        let caller = auth(parts)?.0.caller(&credentials(parts)?).await?;
        if let Credential::Token { scopes, .. } = caller.credential {
            let allowed = if is_safe(&parts.method) { scopes.read } else { scopes.write };
            if !allowed {
                return Err(Fault::forbidden("This token's scopes do not cover the request.")
                    .code("scope")
                    .into());
            }
        }
        Ok(caller)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Admin {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Reject> {
        let caller = Caller::from_request_parts(parts, state).await?;
        if !caller.role.administers() {
            return Err(Fault::forbidden("Only owners and admins may do this.").into());
        }
        match caller.credential {
            Credential::Token { scopes, .. } if !scopes.admin => {
                Err(Fault::forbidden("This token has no admin scope.").code("scope").into())
            }
            _ => Ok(Admin(caller)),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for AccountCaller {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Reject> {
        Ok(auth(parts)?.0.account(&credentials(parts)?).await?)
    }
}

fn auth(parts: &Parts) -> Result<SharedAuth, Fault> {
    parts
        .extensions
        .get::<SharedAuth>()
        .cloned()
        .ok_or_else(|| Fault::internal("no authenticator in the request"))
}

/// Reads credentials from a request and refuses a cookie on a cross-site one.
///
/// # Errors
/// `csrf`, or `invalid` for a malformed org.
pub fn credentials(parts: &Parts) -> Result<Credentials, Fault> {
    let bearer = header_text(parts, header::AUTHORIZATION.as_str())
        .and_then(|v| v.strip_prefix("Bearer ").or_else(|| v.strip_prefix("bearer ")))
        .map(|v| v.trim().to_owned());
    let cookie = if bearer.is_some() { None } else { session_cookie(parts) };
    let upgrade = parts.headers.contains_key(header::UPGRADE);
    if cookie.is_some() && (upgrade || !is_safe(&parts.method)) {
        same_origin(parts)?;
    }
    Ok(Credentials { bearer, cookie, org: org(parts)? })
}

fn org(parts: &Parts) -> Result<Option<OrgId>, Fault> {
    let from_query = || {
        let query = parts.uri.query().unwrap_or_default();
        query.split('&').find_map(|pair| pair.strip_prefix("org="))
    };
    header_text(parts, ORG_HEADER)
        .or_else(from_query)
        .map(|text| text.parse().map_err(|e| Fault::invalid("org", format!("{e}."))))
        .transpose()
}

fn header_text<'a>(parts: &'a Parts, name: &str) -> Option<&'a str> {
    parts.headers.get(name).and_then(|v| v.to_str().ok())
}

/// The session cookie's value, if the request has one.
pub fn session_cookie(parts: &Parts) -> Option<String> {
    parts
        .headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(SESSION_COOKIE)?.strip_prefix('=').map(str::to_owned))
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Refuses a request whose `Origin` is not this server: cross-site forgery and cross-site
/// WebSocket hijacking need the victim's cookie.
///
/// # Errors
/// `csrf`.
pub fn same_origin(parts: &Parts) -> Result<(), Fault> {
    let host = header_text(parts, header::HOST.as_str());
    let origin = header_text(parts, header::ORIGIN.as_str())
        .and_then(|o| o.strip_prefix("https://").or_else(|| o.strip_prefix("http://")));
    match (host, origin) {
        (Some(host), Some(origin)) if host.eq_ignore_ascii_case(origin) => Ok(()),
        _ => Err(Fault::forbidden("The request does not come from this server's own pages.").code("csrf")),
    }
}
