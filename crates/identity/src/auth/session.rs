//! Signing in and out, and the list of sessions.

use axum::{extract::State, response::IntoResponse};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::{AccountCaller, ApiResult, Json, Page, Path, Problem};
use weft_kernel::{AccountKey, Env, Fault, FaultKind, Micros, id::SessionId, names::fold};
use weft_log::{ControlKind, Cut, control};
use weft_storage::{DbResult, Row, Tx, params};

use super::{
    ENDED_KEPT, SESSION_LIFE,
    client::{Client, clear_cookie},
    revoke, sql,
};
use crate::{Identity, account, account::view::AccountView, org::Membership, secret, state::Effects};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    email: String,
    password: String,
}

/// An account and where it may act.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SignedIn {
    pub(crate) account: AccountView,
    pub(crate) orgs: Vec<Membership>,
}

#[utoipa::path(post, path = "/auth/sign-in", operation_id = "signIn", tag = "auth", request_body = SignIn,
    security(()),
    responses((status = 200, body = SignedIn), (status = "default", body = Problem)))]
/// Signs in with a password; sets the session cookie.
pub(crate) async fn sign_in(
    State(identity): State<Identity>,
    client: Client,
    Json(request): Json<SignIn>,
) -> ApiResult<impl IntoResponse> {
    let account = check_password(&identity, &client, &request.email, &request.password).await?;
    let mut tx = identity.db.begin().await?;
    let (stored, key) = (account.password_hash, account.account);
    let row = tx.query_opt(sql::CREDENTIALS_LOCKED, params![key]).await?.ok_or_else(wrong)?;
    // The password was changed while we computed: whoever changed it ended the sessions, this too.
    if row.get::<Option<String>>(0)? != stored {
        return Err(wrong().into());
    }
    let secret = create(&mut tx, &identity.env, key, &client).await?;
    tx.commit().await?;
    let body = signed_in(&identity, key).await?;
    Ok((client.set_cookie(&secret), Json(body)))
}

fn wrong() -> Fault {
    Fault::new(FaultKind::Unauthenticated, "The e-mail address or the password is wrong.")
        .code("bad_credentials")
}

/// The account of an address and a password. Takes the same time and says the same whether the
/// address is unknown or the password wrong.
///
/// # Errors
/// `bad_credentials`; `rate_limited` after too many wrong ones.
async fn check_password(
    identity: &Identity,
    client: &Client,
    email: &str,
    password: &str,
) -> Result<account::Credentials, Fault> {
    let (key, now) = (fold(email), identity.now());
    let limits = &identity.limits;
    limits.address.take(client.ip.clone(), now)?;
    limits.account.take(key.chars().take(320).collect(), now)?;
    let found = account::by_email(&identity.db, &key).await?;
    let stored = found.as_ref().and_then(|a| a.password_hash.clone());
    let right = identity.hasher.verify(password, stored).await?;
    match found {
        Some(account) if right => {
            // Only wrong ones count.
            limits.address.give_back(&client.ip);
            limits.account.give_back(&key);
            Ok(account)
        }
        _ => Err(wrong()),
    }
}

/// Adds a session and returns its secret.
pub(crate) async fn create(tx: &mut Tx, env: &Env, account: AccountKey, client: &Client) -> DbResult<String> {
    let (id, now): (SessionId, Micros) = (env.id(), env.now());
    let secret = secret::generate(env);
    let values = params![
        id,
        account,
        secret::stored(&secret),
        now,
        now + SESSION_LIFE,
        client.user_agent.as_str(),
        client.ip.as_str()
    ];
    tx.query_one(sql::INSERT_SESSION, values).await?;
    tx.execute(sql::PRUNE_SESSIONS, params![account, now - ENDED_KEPT]).await?;
    Ok(secret)
}

/// What an account sees of itself.
pub(crate) async fn signed_in(identity: &Identity, account: AccountKey) -> Result<SignedIn, Fault> {
    let view = account::view::load(&identity.db, account).await?;
    Ok(SignedIn {
        account: view,
        orgs: crate::org::memberships(&identity.db, account, identity.now()).await?,
    })
}

#[utoipa::path(get, path = "/auth/account", operation_id = "getAccount", tag = "auth",
    responses((status = 200, body = SignedIn), (status = "default", body = Problem)))]
/// The signed-in account and its orgs, whatever their number.
pub(crate) async fn account(
    State(identity): State<Identity>,
    caller: AccountCaller,
) -> ApiResult<Json<SignedIn>> {
    Ok(Json(signed_in(&identity, caller.account).await?))
}

#[utoipa::path(post, path = "/auth/sign-out", operation_id = "signOut", tag = "auth",
    responses((status = 204), (status = "default", body = Problem)))]
/// Ends this session.
pub(crate) async fn sign_out(
    State(identity): State<Identity>,
    caller: AccountCaller,
) -> ApiResult<impl IntoResponse> {
    end(&identity, caller.account, caller.session_id).await?;
    Ok((StatusCode::NO_CONTENT, clear_cookie()))
}

async fn end(identity: &Identity, account: AccountKey, id: SessionId) -> Result<(), Fault> {
    let (now, mut effects) = (identity.now(), Effects::default());
    let mut tx = identity.db.begin().await?;
    let row = tx.query_opt(sql::DELETE_SESSION, params![account, id]).await?;
    let session: i64 = row.ok_or_else(|| Fault::not_found("session"))?.get(0)?;
    control::announce(&mut tx, ControlKind::Session, session, now).await?;
    effects.cut(Cut::Session(session), "signed_out");
    identity.finish(tx, effects).await
}

#[utoipa::path(post, path = "/auth/sign-out-everywhere", operation_id = "signOutEverywhere", tag = "auth",
    responses((status = 204), (status = "default", body = Problem)))]
/// Ends all sessions and access tokens of the account, in every org.
pub(crate) async fn sign_out_everywhere(
    State(identity): State<Identity>,
    caller: AccountCaller,
) -> ApiResult<impl IntoResponse> {
    let mut effects = Effects::default();
    let mut tx = identity.db.begin().await?;
    revoke::account(&mut tx, &mut effects, caller.account, revoke::Keep::Nothing, identity.now()).await?;
    identity.finish(tx, effects).await?;
    Ok((StatusCode::NO_CONTENT, clear_cookie()))
}

/// A browser that is signed in.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionView {
    #[schema(value_type = String)]
    id: SessionId,
    /// Whether it is the one that asks.
    current: bool,
    created_at: Micros,
    last_seen_at: Micros,
    user_agent: String,
    ip: String,
}

#[utoipa::path(get, path = "/auth/sessions", operation_id = "listSessions", tag = "auth",
    responses((status = 200, body = Page<SessionView>), (status = "default", body = Problem)))]
/// Where the account is signed in, most recently used first.
pub(crate) async fn list(
    State(identity): State<Identity>,
    caller: AccountCaller,
) -> ApiResult<Json<Page<SessionView>>> {
    let rows = identity.db.query(sql::SESSIONS, params![caller.account, identity.now()]).await?;
    let read = |row: &Row| {
        Ok(SessionView {
            current: row.get::<i64>(0)? == caller.session,
            id: row.get(1)?,
            created_at: row.get(2)?,
            last_seen_at: row.get(3)?,
            user_agent: row.get(4)?,
            ip: row.get(5)?,
        })
    };
    Ok(Json(Page::whole(rows.iter().map(read).collect::<DbResult<_>>()?)))
}

#[utoipa::path(delete, path = "/auth/sessions/{id}", operation_id = "deleteSession", tag = "auth",
    params(("id" = String, Path,)),
    responses((status = 204), (status = "default", body = Problem)))]
/// Signs another browser out.
pub(crate) async fn remove(
    State(identity): State<Identity>,
    caller: AccountCaller,
    Path(id): Path<SessionId>,
) -> ApiResult<StatusCode> {
    end(&identity, caller.account, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
