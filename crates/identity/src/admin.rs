//! What the command line does, on the database alone: it works while the server is stopped and
//! while it runs, which then hears of it through the control log.

use weft_http::Role;
use weft_kernel::{
    Env, Fault, LogKey,
    id::PrincipalId,
    names::{self, MAX_NAME_CHARS, fold},
};
use weft_log::{ControlKind, control, head};
use weft_storage::{Db, params};

use crate::{
    account::{
        self, NewAccount, create_account,
        link::{self, Purpose},
    },
    auth::token::{self, NewToken},
    org::{self, OrgRef},
    password::{check_strength, hash_now},
    people::{NewPrincipal, OnJoin, PersonState, PrincipalKind, change, join, sql},
    state::Effects,
};

/// Makes an org. It has no people yet.
///
/// # Errors
/// `invalid` for an unfit name.
pub async fn create_org(db: &Db, env: &Env, name: &str) -> Result<OrgRef, Fault> {
    let mut tx = db.begin().await?;
    let org = org::create_org(&mut tx, env, name).await?;
    tx.commit().await?;
    Ok(org)
}

/// Finds an org by its id or name.
///
/// # Errors
/// `not_found`; `409 ambiguous`.
pub async fn find_org(db: &Db, id_or_name: &str) -> Result<OrgRef, Fault> {
    org::find(db, id_or_name).await
}

/// A person to be.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// To sign in with.
    pub email: String,
    /// Shown name.
    pub name: String,
    /// None: they set one with a reset link. Left alone when the account exists.
    pub password: Option<String>,
    /// What they may do.
    pub role: Role,
    /// `en` or `zh-CN`.
    pub locale: String,
}

/// Makes an active member of `org`, with an account unless the address has one.
///
/// # Errors
/// `invalid`, `weak_password`, `409 already_member`.
pub async fn create_user(
    db: &Db,
    env: &Env,
    on_join: &dyn OnJoin,
    org: &OrgRef,
    user: NewUser,
) -> Result<PrincipalId, Fault> {
    let email = account::clean_email("email", &user.email)?;
    let name = names::clean_line("name", &user.name, MAX_NAME_CHARS)?;
    let password_hash = match &user.password {
        Some(password) => {
            check_strength(password, &[&email, &name])?;
            Some(hash_now(password, &env.random::<16>())?)
        }
        None => None,
    };
    let existing = account::by_email(db, &fold(&email)).await?;
    let mut effects = Effects::default();
    let mut tx = db.begin().await?;
    head::lock(&mut tx, &[LogKey::CONTROL, org.log]).await?;
    let account = match existing {
        Some(existing) => existing.account,
        None => {
            let locale = account::clean_locale(&user.locale)?;
            let new = NewAccount { email: email.clone(), password_hash, locale, timezone: "UTC".into() };
            create_account(&mut tx, env, &new).await?
        }
    };
    if change::of_account(&mut tx, org, account).await?.is_some() {
        return Err(Fault::conflict("already_member", "This account is in the organisation already."));
    }
    let guest = user.role == Role::Guest;
    let person = NewPrincipal {
        account: Some(account),
        kind: if guest { PrincipalKind::Guest } else { PrincipalKind::Member },
        role: user.role,
        state: PersonState::Active,
        name,
        title: String::new(),
        email: Some(email),
        timezone: None,
    };
    let made = change::add(&mut tx, env, &mut effects, org, person).await?;
    let pending = join::note(&mut tx, env, org, &made, (user.role, &user.locale)).await?;
    control::announce(&mut tx, ControlKind::Log, org.log.0, env.now()).await?;
    tx.commit().await?;
    if let Some(pending) = pending {
        join::settle(db, on_join, &pending).await;
    }
    // No frames from here: this process has no sockets, the server hears of it by the control log.
    Ok(made.id)
}

/// A personal access token with every scope, without expiry, for the person of `email` in `org`.
///
/// # Errors
/// `not_found`.
pub async fn token_for(db: &Db, env: &Env, org: &OrgRef, email: &str, name: &str) -> Result<String, Fault> {
    let missing = || Fault::not_found("active person with this e-mail address in the organisation");
    let account = account::by_email(db, &fold(email)).await?.ok_or_else(missing)?;
    let row = db.query_opt(sql::ACTIVE_OF_ACCOUNT, params![org.key, account.account]).await?;
    let principal = row.ok_or_else(missing)?.get(0)?;
    let mut tx = db.begin().await?;
    let new = NewToken { name: name.to_owned(), scopes: "read write admin".into(), expires_at: None };
    let (_, secret) = token::insert(&mut tx, env, principal, new).await?;
    tx.commit().await?;
    Ok(secret)
}

/// The token of a password reset link (`/reset/<token>`, good for an hour), for servers without
/// mail.
///
/// # Errors
/// `not_found`.
pub async fn reset_token(db: &Db, env: &Env, email: &str) -> Result<String, Fault> {
    let account = account::by_email(db, &fold(email)).await?;
    let account = account.ok_or_else(|| Fault::not_found("account with this e-mail address"))?;
    let mut tx = db.begin().await?;
    let token = link::create(&mut tx, env, account.account, Purpose::Reset, "").await?;
    tx.commit().await?;
    Ok(token)
}
