//! Changing the address that one signs in with.

use axum::extract::State;
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use weft_http::{AccountCaller, ApiResult, Json, Problem};
use weft_kernel::{AccountKey, Fault, names::fold};
use weft_storage::{Tx, params};

use super::{
    clean_email, exists,
    link::{self, Purpose},
    sql,
};
use crate::{Identity, auth::client::Client, mail, people, state::Effects};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeEmail {
    /// The new address.
    email: String,
    /// The present password.
    password: String,
}

#[utoipa::path(post, path = "/auth/email", operation_id = "changeEmail", tag = "auth", request_body = ChangeEmail,
    responses((status = 202, description = "A link was sent to the new address"),
              (status = 204, description = "Changed at once: this server sends no mail"),
              (status = "default", body = Problem)))]
/// Changes my e-mail address, once the link sent to the new one is opened. A server without mail
/// changes it at once.
pub(crate) async fn change(
    State(identity): State<Identity>,
    caller: AccountCaller,
    Json(request): Json<ChangeEmail>,
) -> ApiResult<StatusCode> {
    let email = clean_email("email", &request.email)?;
    super::password::confirm(&identity, caller.account, &request.password).await?;
    identity.limits.mail.take(fold(&email), identity.now())?;
    let account = super::by_key(&identity.db, caller.account).await?;
    let mut tx = identity.db.begin().await?;
    let Some(config) = &identity.mail else {
        set(&mut tx, caller.account, &email, false).await?;
        tx.commit().await?;
        return Ok(StatusCode::NO_CONTENT);
    };
    let token = link::create(&mut tx, &identity.env, caller.account, Purpose::Email, &email).await?;
    let url = format!("{}/email/{token}", config.base_url());
    mail::enqueue(&mut tx, &email, mail::text::confirm(&account.locale, &url), identity.now()).await?;
    identity.finish(tx, Effects { mail: true, ..Effects::default() }).await?;
    Ok(StatusCode::ACCEPTED)
}

#[utoipa::path(post, path = "/auth/email/verify", operation_id = "verifyEmail", tag = "auth",
    responses((status = 202, description = "A link was sent to my address"), (status = "default", body = Problem)))]
/// Sends a link to my address, to show that mail to it reaches me.
pub(crate) async fn verify(State(identity): State<Identity>, caller: AccountCaller) -> ApiResult<StatusCode> {
    let config = identity.mail.as_ref().ok_or_else(|| {
        Fault::conflict("no_mail", "This server sends no mail. Ask the person who runs it.")
    })?;
    let account = super::by_key(&identity.db, caller.account).await?;
    identity.limits.mail.take(fold(&account.email), identity.now())?;
    let mut tx = identity.db.begin().await?;
    let token = link::create(&mut tx, &identity.env, caller.account, Purpose::Email, &account.email).await?;
    let url = format!("{}/email/{token}", config.base_url());
    mail::enqueue(&mut tx, &account.email, mail::text::confirm(&account.locale, &url), identity.now())
        .await?;
    identity.finish(tx, Effects { mail: true, ..Effects::default() }).await?;
    Ok(StatusCode::ACCEPTED)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmEmail {
    /// From the link.
    token: String,
}

#[utoipa::path(post, path = "/auth/email/confirm", operation_id = "confirmEmail", tag = "auth",
    request_body = ConfirmEmail, security(()),
    responses((status = 204), (status = "default", body = Problem)))]
/// Makes the new address mine, with the link that was sent to it.
pub(crate) async fn confirm(
    State(identity): State<Identity>,
    client: Client,
    Json(request): Json<ConfirmEmail>,
) -> ApiResult<StatusCode> {
    identity.limits.address.take(client.ip.clone(), identity.now())?;
    let mut tx = identity.db.begin().await?;
    let (account, email) = link::spend(&mut tx, &request.token, Purpose::Email, identity.now()).await?;
    set(&mut tx, account, &email, true).await?;
    tx.commit().await?;
    identity.limits.address.give_back(&client.ip);
    Ok(StatusCode::NO_CONTENT)
}

/// `proven`: mail to the address has arrived.
async fn set(tx: &mut Tx, account: AccountKey, email: &str, proven: bool) -> Result<(), Fault> {
    match tx.execute(sql::SET_EMAIL, params![account, email, fold(email), !proven]).await {
        Err(e) if e.is_unique("email_key") => return Err(exists()),
        other => other?,
    };
    // Shown to admins only and part of no event: nothing to tell.
    tx.execute(people::sql::UPDATE_EMAIL, params![account, email]).await?;
    Ok(())
}
