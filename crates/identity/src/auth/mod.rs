//! Who calls: sessions and access tokens resolved to callers.

pub(crate) mod cache;
pub(crate) mod client;
pub(crate) mod revoke;
pub(crate) mod session;
pub(crate) mod sql;
pub(crate) mod token;

use async_trait::async_trait;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{AccountCaller, Authenticate, Caller, Credential, Credentials, Role};
use weft_kernel::{AccountKey, Fault, FaultKind, Micros, id::SessionId};
use weft_storage::{DbResult, Row, params};

use crate::{Identity, secret, state::DAY};

/// A session ends this long after it was last used.
pub(crate) const SESSION_LIFE: Micros = 90 * DAY;
/// An ended session is remembered this long, as long as a browser may still send its cookie: whoever
/// comes with it hears `session_expired` and keeps what their device holds. A session that somebody
/// ended is gone at once, and its device is told `unauthenticated`.
pub(crate) const ENDED_KEPT: Micros =
    client::COOKIE_MAX_AGE_S as Micros * crate::state::SECOND - SESSION_LIFE;
/// `last_seen_at` is written at most this often.
const SEEN_EVERY: Micros = 300 * crate::state::SECOND;

pub(crate) fn routes() -> OpenApiRouter<Identity> {
    OpenApiRouter::new()
        .routes(routes!(session::sign_in))
        .routes(routes!(session::sign_out))
        .routes(routes!(session::sign_out_everywhere))
        .routes(routes!(session::account))
        .routes(routes!(session::list))
        .routes(routes!(session::remove))
        .routes(routes!(token::list, token::create))
        .routes(routes!(token::remove))
}

fn stranger() -> Fault {
    Fault::new(FaultKind::Unauthenticated, "Sign in first: there is no valid session or access token.")
}

struct SessionRow {
    key: i64,
    id: SessionId,
    account: AccountCaller,
    last_seen_at: Micros,
}

impl Identity {
    async fn session(&self, hash: &[u8; 32], now: Micros) -> Result<SessionRow, Fault> {
        let row = self.db.query_opt(sql::SESSION, params![hash.as_slice()]).await?.ok_or_else(stranger)?;
        let expires_at: Micros = row.get(4)?;
        if expires_at <= now {
            return Err(stranger().code("session_expired"));
        }
        let (key, id): (i64, SessionId) = (row.get(0)?, row.get(1)?);
        let account =
            AccountCaller { account: row.get(2)?, account_id: row.get(3)?, session: key, session_id: id };
        Ok(SessionRow { key, id, account, last_seen_at: row.get(5)? })
    }

    async fn by_session(&self, hash: &[u8; 32], asked: &Credentials, now: Micros) -> Result<Caller, Fault> {
        let session = self.session(hash, now).await?;
        let rows = self.db.query(sql::MEMBERSHIPS, params![session.account.account]).await?;
        let credential = Credential::Session { key: session.key, id: session.id };
        let account = Some(session.account.account);
        let mut callers =
            rows.iter().map(|row| caller(row, account, credential)).collect::<DbResult<Vec<Caller>>>()?;
        if let Some(org) = asked.org {
            callers.retain(|c| c.org_id == org);
        }
        if now - session.last_seen_at > SEEN_EVERY {
            self.note(sql::SEEN, params![session.key, now, now + SESSION_LIFE]);
        }
        match callers.len() {
            1 => Ok(callers.remove(0)),
            0 => Err(not_a_member()),
            _ => Err(Fault::new(
                FaultKind::BadRequest,
                "This account is in several organisations. Name one in the header Weft-Org.",
            )
            .code("org_required")),
        }
    }

    async fn by_token(&self, hash: &[u8; 32], asked: &Credentials, now: Micros) -> Result<Caller, Fault> {
        let row = self.db.query_opt(sql::TOKEN, params![hash.as_slice()]).await?.ok_or_else(stranger)?;
        let (token, scopes): (i64, String) = (row.get(9)?, row.get(10)?);
        let (expires_at, last_used_at): (Option<Micros>, Option<Micros>) = (row.get(11)?, row.get(12)?);
        if expires_at.is_some_and(|at| at <= now) {
            return Err(stranger().code("token_expired"));
        }
        let credential = Credential::Token { key: token, scopes: token::scopes_of(&scopes), expires_at };
        let caller = caller(&row, row.get(8)?, credential)?;
        if asked.org.is_some_and(|org| org != caller.org_id) {
            return Err(not_a_member());
        }
        if last_used_at.is_none_or(|at| now - at > SEEN_EVERY) {
            self.note(sql::TOKEN_SEEN, params![token, now]);
        }
        Ok(caller)
    }

    /// Writes what nobody waits for.
    fn note(&self, statement: weft_storage::Sql, values: Vec<weft_storage::Value>) {
        let db = self.db.clone();
        tokio::spawn(async move {
            if let Err(error) = db.execute(statement, values).await {
                tracing::warn!(%error, "could not note when a credential was last used");
            }
        });
    }
}

fn not_a_member() -> Fault {
    Fault::forbidden("You are not an active member of this organisation.").code("not_a_member")
}

/// Reads the columns that [`sql::MEMBERSHIPS`] and [`sql::TOKEN`] begin with.
fn caller(row: &Row, account: Option<AccountKey>, credential: Credential) -> DbResult<Caller> {
    Ok(Caller {
        principal: row.get(0)?,
        principal_id: row.get(1)?,
        log: row.get(2)?,
        // An unknown role of a newer Weft is the least of all.
        role: Role::from_stored(row.get(3)?).unwrap_or(Role::Guest),
        acl_version: row.get(4)?,
        org: row.get(5)?,
        org_id: row.get(6)?,
        org_log: row.get(7)?,
        account,
        credential,
    })
}

#[async_trait]
impl Authenticate for Identity {
    async fn caller(&self, credentials: &Credentials) -> Result<Caller, Fault> {
        let (text, bearer) = match (&credentials.bearer, &credentials.cookie) {
            (Some(token), _) => (token, true),
            (None, Some(cookie)) => (cookie, false),
            (None, None) => return Err(stranger()),
        };
        // A session's secret is no bearer token: it lives in an HttpOnly cookie only.
        if bearer != text.starts_with(secret::TOKEN_PREFIX) {
            return Err(stranger());
        }
        let hash = secret::hash(text).ok_or_else(stranger)?;
        let (key, now) = ((hash, credentials.org), self.now());
        if let Some(caller) = self.cache.get(&key, now) {
            return Ok(caller);
        }
        let generation = self.cache.generation();
        let caller = if bearer {
            self.by_token(&hash, credentials, now).await?
        } else {
            self.by_session(&hash, credentials, now).await?
        };
        self.cache.put(key, &caller, now, generation);
        Ok(caller)
    }

    async fn account(&self, credentials: &Credentials) -> Result<AccountCaller, Fault> {
        let cookie = credentials.cookie.as_deref().ok_or_else(stranger)?;
        let hash = secret::hash(cookie).ok_or_else(stranger)?;
        Ok(self.session(&hash, self.now()).await?.account)
    }
}
