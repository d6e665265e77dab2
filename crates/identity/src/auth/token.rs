//! Personal access tokens.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::{ApiResult, Caller, Credential, Json, Page, Path, Problem, Scopes};
use weft_kernel::{Fault, Micros, PrincipalKey, id::TokenId, names};
use weft_log::{ControlKind, Cut, control};
use weft_storage::{DbResult, Row, Tx, params};

use super::sql;
use crate::{Identity, secret, state::Effects};

/// Tokens of one principal.
const MAX_TOKENS: i64 = 100;

/// What a token may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scope {
    /// Reading.
    Read,
    /// Changing.
    Write,
    /// Administration, as far as the person may.
    Admin,
}

const NAMES: [(Scope, &str); 3] = [(Scope::Read, "read"), (Scope::Write, "write"), (Scope::Admin, "admin")];

/// Reads stored scopes; unknown ones grant nothing.
pub(crate) fn scopes_of(stored: &str) -> Scopes {
    let has = |name: &str| stored.split(' ').any(|s| s == name);
    Scopes { read: has("read"), write: has("write"), admin: has("admin") }
}

fn list_of(stored: &str) -> Vec<Scope> {
    NAMES.iter().filter(|(_, name)| stored.split(' ').any(|s| s == *name)).map(|(scope, _)| *scope).collect()
}

fn stored(scopes: &[Scope]) -> String {
    let names: Vec<&str> = NAMES.iter().filter(|(s, _)| scopes.contains(s)).map(|(_, name)| *name).collect();
    names.join(" ")
}

/// A token, without its secret.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccessToken)]
pub(crate) struct TokenView {
    #[schema(value_type = String)]
    id: TokenId,
    name: String,
    scopes: Vec<Scope>,
    created_at: Micros,
    last_used_at: Option<Micros>,
    expires_at: Option<Micros>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateToken {
    /// What it is for.
    name: String,
    scopes: Vec<Scope>,
    /// When it ends; never, if absent.
    #[serde(default)]
    expires_at: Option<Micros>,
}

/// A new token; the secret is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreatedToken {
    #[schema(value_type = String)]
    id: TokenId,
    /// `weft_pat_…`
    secret: String,
}

#[utoipa::path(get, path = "/tokens", operation_id = "listTokens", tag = "auth",
    responses((status = 200, body = Page<TokenView>), (status = "default", body = Problem)))]
/// My access tokens in this org.
pub(crate) async fn list(
    State(identity): State<Identity>,
    caller: Caller,
) -> ApiResult<Json<Page<TokenView>>> {
    let rows = identity.db.query(sql::TOKENS, params![caller.principal]).await?;
    Ok(Json(Page::whole(rows.iter().map(read).collect::<DbResult<_>>()?)))
}

fn read(row: &Row) -> DbResult<TokenView> {
    let scopes: String = row.get(2)?;
    Ok(TokenView {
        id: row.get(0)?,
        name: row.get(1)?,
        scopes: list_of(&scopes),
        created_at: row.get(3)?,
        last_used_at: row.get(4)?,
        expires_at: row.get(5)?,
    })
}

#[utoipa::path(post, path = "/tokens", operation_id = "createToken", tag = "auth", request_body = CreateToken,
    responses((status = 201, body = CreatedToken), (status = "default", body = Problem)))]
/// Makes an access token for myself in this org. A token can only make tokens of its own scopes.
pub(crate) async fn create(
    State(identity): State<Identity>,
    caller: Caller,
    Json(request): Json<CreateToken>,
) -> ApiResult<(StatusCode, Json<CreatedToken>)> {
    let name = names::clean_line("name", &request.name, names::MAX_NAME_CHARS)?;
    if request.scopes.is_empty() {
        return Err(Fault::invalid("scopes", "Name at least one of read, write, admin.").into());
    }
    if request.expires_at.is_some_and(|at| at <= identity.now()) {
        return Err(Fault::invalid("expires_at", "It must be in the future.").into());
    }
    within_own(&caller, &request.scopes)?;
    let token = NewToken { name, scopes: stored(&request.scopes), expires_at: request.expires_at };
    let mut tx = identity.db.begin().await?;
    let (id, secret) = insert(&mut tx, &identity.env, caller.principal, token).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(CreatedToken { id, secret })))
}

fn within_own(caller: &Caller, asked: &[Scope]) -> Result<(), Fault> {
    if asked.contains(&Scope::Admin) && !caller.role.administers() {
        return Err(
            Fault::forbidden("Only owners and admins can make a token with the admin scope.").code("scope")
        );
    }
    let Credential::Token { scopes, .. } = caller.credential else { return Ok(()) };
    let holds = |scope: &Scope| match scope {
        Scope::Read => scopes.read,
        Scope::Write => scopes.write,
        Scope::Admin => scopes.admin,
    };
    if asked.iter().all(holds) {
        return Ok(());
    }
    Err(Fault::forbidden("A token cannot make one that may do more than itself.").code("scope"))
}

/// A token to be stored.
pub(crate) struct NewToken {
    pub(crate) name: String,
    /// Space separated.
    pub(crate) scopes: String,
    pub(crate) expires_at: Option<Micros>,
}

/// Stores a token and returns its id and secret.
pub(crate) async fn insert(
    tx: &mut Tx,
    env: &weft_kernel::Env,
    principal: PrincipalKey,
    token: NewToken,
) -> Result<(TokenId, String), Fault> {
    let count: i64 = tx.query_one(sql::COUNT_TOKENS, params![principal]).await?.get(0)?;
    if count >= MAX_TOKENS {
        let detail = format!("There are {MAX_TOKENS} access tokens already. Remove one first.");
        return Err(Fault::conflict("too_many_tokens", detail));
    }
    let (id, text): (TokenId, String) = (env.id(), secret::generate_token(env));
    let hash = secret::stored(&text);
    let values = params![id, principal, hash, token.name, token.scopes, env.now(), token.expires_at];
    tx.execute(sql::INSERT_TOKEN, values).await?;
    Ok((id, text))
}

#[utoipa::path(delete, path = "/tokens/{id}", operation_id = "deleteToken", tag = "auth",
    params(("id" = String, Path,)),
    responses((status = 204), (status = "default", body = Problem)))]
/// Ends one of my access tokens, at once.
pub(crate) async fn remove(
    State(identity): State<Identity>,
    caller: Caller,
    Path(id): Path<TokenId>,
) -> ApiResult<StatusCode> {
    let (now, mut effects) = (identity.now(), Effects::default());
    let mut tx = identity.db.begin().await?;
    let row = tx.query_opt(sql::DELETE_TOKEN, params![caller.principal, id]).await?;
    let token: i64 = row.ok_or_else(|| Fault::not_found("access token"))?.get(0)?;
    control::announce(&mut tx, ControlKind::Token, token, now).await?;
    effects.cut(Cut::Token(token), "signed_out");
    identity.finish(tx, effects).await?;
    Ok(StatusCode::NO_CONTENT)
}
