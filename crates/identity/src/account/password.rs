//! Changing and resetting a password.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use weft_http::{AccountCaller, ApiResult, Json, Problem};
use weft_kernel::{AccountKey, Fault, names::fold};
use weft_storage::{Db, DbResult, params};

use super::{
    link::{self, Purpose},
    sql,
};
use crate::{
    Identity,
    auth::{client::Client, revoke},
    mail,
    password::check_strength,
    secret,
    state::Effects,
};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    current: String,
    new: String,
}

/// Confirms a signed-in person's password.
///
/// # Errors
/// `403 bad_credentials`; `rate_limited`.
pub(crate) async fn confirm(identity: &Identity, account: AccountKey, password: &str) -> Result<(), Fault> {
    let credentials = super::by_key(&identity.db, account).await?;
    let key = fold(&credentials.email);
    identity.limits.account.take(key.clone(), identity.now())?;
    if !identity.hasher.verify(password, credentials.password_hash).await? {
        return Err(Fault::forbidden("The password is wrong.").code("bad_credentials"));
    }
    identity.limits.account.give_back(&key);
    Ok(())
}

/// What a password must not be made of.
async fn personal(db: &Db, account: AccountKey) -> DbResult<Vec<String>> {
    let mut own = vec![super::by_key(db, account).await?.email];
    own.extend(super::names(db, account).await?);
    Ok(own)
}

async fn checked_hash(identity: &Identity, account: AccountKey, password: &str) -> Result<String, Fault> {
    let own = personal(&identity.db, account).await?;
    check_strength(password, &own.iter().map(String::as_str).collect::<Vec<_>>())?;
    identity.hasher.hash(&identity.env, password).await
}

#[utoipa::path(put, path = "/auth/password", operation_id = "changePassword", tag = "auth",
    request_body = ChangePassword,
    responses((status = 204), (status = "default", body = Problem)))]
/// Changes my password; my other sessions end.
pub(crate) async fn change(
    State(identity): State<Identity>,
    caller: AccountCaller,
    Json(request): Json<ChangePassword>,
) -> ApiResult<StatusCode> {
    confirm(&identity, caller.account, &request.current).await?;
    let hash = checked_hash(&identity, caller.account, &request.new).await?;
    let (now, mut effects) = (identity.now(), Effects::default());
    let mut tx = identity.db.begin().await?;
    tx.execute(sql::SET_PASSWORD, params![caller.account, hash]).await?;
    link::drop_all(&mut tx, caller.account, Purpose::Reset, now).await?;
    let keep = revoke::Keep::Session(caller.session);
    revoke::account(&mut tx, &mut effects, caller.account, keep, now).await?;
    identity.finish(tx, effects).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForgotPassword {
    email: String,
}

#[utoipa::path(post, path = "/auth/password/forgot", operation_id = "forgotPassword", tag = "auth",
    request_body = ForgotPassword, security(()),
    responses((status = 202), (status = "default", body = Problem)))]
/// Sends a link to set a new password, if there is such an account; says the same if not.
pub(crate) async fn forgot(
    State(identity): State<Identity>,
    client: Client,
    Json(request): Json<ForgotPassword>,
) -> ApiResult<StatusCode> {
    let now = identity.now();
    identity.limits.address.take(client.ip, now)?;
    let key: String = fold(&request.email).chars().take(320).collect();
    identity.limits.mail.take(key.clone(), now)?;
    // After the answer, whose time then tells nothing of whether the account exists.
    tokio::spawn(async move {
        if let Err(error) = send_reset(&identity, &key).await {
            tracing::error!(%error, "could not prepare a password reset");
        }
    });
    Ok(StatusCode::ACCEPTED)
}

async fn send_reset(identity: &Identity, email_key: &str) -> Result<(), Fault> {
    let Some(account) = super::by_email(&identity.db, email_key).await? else { return Ok(()) };
    let Some(config) = &identity.mail else {
        tracing::warn!(
            "a password reset was asked for, but no mail server is configured; \
             make a link with `weft admin reset-password`"
        );
        return Ok(());
    };
    let mut tx = identity.db.begin().await?;
    let token = link::create(&mut tx, &identity.env, account.account, Purpose::Reset, "").await?;
    let url = format!("{}/reset/{token}", config.base_url());
    let text = mail::text::reset(&account.locale, &url);
    mail::enqueue(&mut tx, &account.email, text, identity.now()).await?;
    identity.finish(tx, Effects { mail: true, ..Effects::default() }).await
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResetPassword {
    /// From the link.
    token: String,
    password: String,
}

#[utoipa::path(post, path = "/auth/password/reset", operation_id = "resetPassword", tag = "auth",
    request_body = ResetPassword, security(()),
    responses((status = 204), (status = "default", body = Problem)))]
/// Sets a new password with the link; all sessions and access tokens end.
pub(crate) async fn reset(
    State(identity): State<Identity>,
    client: Client,
    Json(request): Json<ResetPassword>,
) -> ApiResult<StatusCode> {
    let now = identity.now();
    identity.limits.address.take(client.ip.clone(), now)?;
    // Look first: a weak password must not cost the link.
    let hash = secret::hash(&request.token).ok_or_else(link::spent)?;
    let values = params![hash.as_slice(), Purpose::Reset.stored(), now];
    let row = identity.db.query_opt(sql::LINK, values).await?.ok_or_else(link::spent)?;
    let password = checked_hash(&identity, row.get(0)?, &request.password).await?;
    let mut effects = Effects::default();
    let mut tx = identity.db.begin().await?;
    let (account, _) = link::spend(&mut tx, &request.token, Purpose::Reset, now).await?;
    tx.execute(sql::SET_PASSWORD, params![account, password]).await?;
    revoke::account(&mut tx, &mut effects, account, revoke::Keep::Nothing, now).await?;
    identity.finish(tx, effects).await?;
    identity.limits.address.give_back(&client.ip);
    Ok(StatusCode::NO_CONTENT)
}
