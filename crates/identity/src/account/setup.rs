//! First start: the org and its owner, behind a token that only the server's log shows.

use axum::{extract::State, response::IntoResponse};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::{ApiResult, Json, Problem, Role};
use weft_kernel::{
    AccountKey, Env, Fault, LogKey,
    names::{self, MAX_NAME_CHARS},
};
use weft_log::head;
use weft_storage::{Db, Tx, params};

use super::{NewAccount, clean_email, clean_locale, create_account, me::Me, sql};
use crate::{
    Identity,
    auth::{client::Client, session},
    org::{self, OrgRef, create_org},
    password::check_strength,
    people::{NewPrincipal, PersonState, PrincipalKind, change, join},
    secret,
    state::Effects,
};

const TOKEN_KEY: &str = "setup_token";

/// Whether the server waits for its first org.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupStatus {
    needed: bool,
    server_version: &'static str,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Setup {
    /// From the server's log.
    token: String,
    org_name: String,
    /// Of the owner.
    name: String,
    email: String,
    password: String,
    /// `en` or `zh-CN`; the browser's, if absent.
    locale: Option<String>,
}

/// See [`Identity::setup_token`].
pub(crate) async fn fresh_token(db: &Db, env: &Env) -> Result<Option<String>, Fault> {
    if db.query_opt(org::ANY, Vec::new()).await?.is_some() {
        return Ok(None);
    }
    let token = secret::generate(env);
    db.execute(sql::SET_STATE, params![TOKEN_KEY, secret::stored_hex(&token)]).await?;
    Ok(Some(token))
}

#[utoipa::path(get, path = "/setup", operation_id = "getSetup", tag = "auth", security(()),
    responses((status = 200, body = SetupStatus), (status = "default", body = Problem)))]
/// Whether the first org must still be made.
pub(crate) async fn status(State(identity): State<Identity>) -> ApiResult<Json<SetupStatus>> {
    let needed = identity.db.query_opt(org::ANY, Vec::new()).await?.is_none();
    Ok(Json(SetupStatus { needed, server_version: env!("CARGO_PKG_VERSION") }))
}

fn already() -> Fault {
    Fault::conflict("already_set_up", "This server is set up already. Sign in, or ask for an invitation.")
}

#[utoipa::path(post, path = "/setup", operation_id = "setUp", tag = "auth", request_body = Setup, security(()),
    responses((status = 201, body = Me), (status = "default", body = Problem)))]
/// Makes the first org and its owner, once; signs the owner in.
pub(crate) async fn run(
    State(identity): State<Identity>,
    client: Client,
    Json(request): Json<Setup>,
) -> ApiResult<impl IntoResponse> {
    identity.limits.address.take(client.ip.clone(), identity.now())?;
    check_token(&identity.db, &request.token).await?;
    let owner = owner(&request, client.locale)?;
    check_strength(&request.password, &[&request.name, &request.email])?;
    let hash = identity.hasher.hash(&identity.env, &request.password).await?;
    let mut effects = Effects::default();
    let mut tx = identity.db.begin().await?;
    // The control head is there before any org: its lock lets one of two racing setups win.
    head::lock(&mut tx, &[LogKey::CONTROL]).await?;
    if tx.query_opt(org::ANY, Vec::new()).await?.is_some() {
        return Err(already().into());
    }
    let org = create_org(&mut tx, &identity.env, &request.org_name).await?;
    let account = NewAccount { password_hash: Some(hash), ..owner.account };
    let account_key = create_account(&mut tx, &identity.env, &account).await?;
    add_owner(&identity, &mut tx, &mut effects, &org, account_key, (&owner.name, &account)).await?;
    tx.execute(sql::DELETE_STATE, params![TOKEN_KEY]).await?;
    let session = session::create(&mut tx, &identity.env, account_key, &client).await?;
    identity.finish(tx, effects).await?;
    identity.limits.address.give_back(&client.ip);
    let body = super::me::of_account(&identity, account_key, org.id).await?;
    Ok((StatusCode::CREATED, client.set_cookie(&session), Json(body)))
}

async fn check_token(db: &Db, token: &str) -> Result<(), Fault> {
    if db.query_opt(org::ANY, Vec::new()).await?.is_some() {
        return Err(already());
    }
    let stored: Option<String> =
        db.query_opt(sql::STATE, params![TOKEN_KEY]).await?.map(|row| row.get(0)).transpose()?;
    if stored.is_some_and(|stored| secret::same(&stored, &secret::stored_hex(token.trim()))) {
        return Ok(());
    }
    Err(Fault::forbidden("This is not the setup token that the server printed when it last started.")
        .code("setup_token"))
}

struct Owner {
    name: String,
    account: NewAccount,
}

fn owner(request: &Setup, locale: &str) -> Result<Owner, Fault> {
    names::clean_line("org_name", &request.org_name, MAX_NAME_CHARS)?;
    let account = NewAccount {
        email: clean_email("email", &request.email)?,
        password_hash: None,
        locale: clean_locale(request.locale.as_deref().unwrap_or(locale))?,
        timezone: "UTC".into(),
    };
    Ok(Owner { name: names::clean_line("name", &request.name, MAX_NAME_CHARS)?, account })
}

async fn add_owner(
    identity: &Identity,
    tx: &mut Tx,
    effects: &mut Effects,
    org: &OrgRef,
    key: AccountKey,
    (name, account): (&str, &NewAccount),
) -> Result<(), Fault> {
    let person = NewPrincipal {
        account: Some(key),
        kind: PrincipalKind::Member,
        role: Role::Owner,
        state: PersonState::Active,
        name: name.to_owned(),
        title: String::new(),
        email: Some(account.email.clone()),
        timezone: None,
    };
    let made = change::add(tx, &identity.env, effects, org, person).await?;
    let as_what = (Role::Owner, account.locale.as_str());
    effects.joined.extend(join::note(tx, &identity.env, org, &made, as_what).await?);
    Ok(())
}
