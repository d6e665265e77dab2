//! Looking at an invitation and accepting it, signed in or not.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::{ApiResult, Json, Path, Problem, Role};
use weft_kernel::{
    AccountKey, Fault, PrincipalKey,
    names::{self, MAX_NAME_CHARS, fold},
};
use weft_log::head;
use weft_storage::{Tx, params};

use super::{Open, open, spent, sql};
use crate::{
    Identity,
    account::{self, NewAccount, create_account, me::Me},
    auth::{
        client::{Client, MaybeAccount},
        session,
    },
    password::check_strength,
    people::{self, NewPrincipal, Person, PersonState, PrincipalKind, PrincipalRef, change, join},
    state::Effects,
};

/// What whoever has the link may know.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationView {
    org: OrgName,
    role: Role,
    /// Whom it was sent to.
    email: Option<String>,
    /// The placeholder that one becomes.
    claims: Option<ClaimName>,
    /// Whether `email` has an account: sign in first.
    account_exists: bool,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OrgName {
    name: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClaimName {
    name: String,
}

#[utoipa::path(get, path = "/invitations/by-token/{token}", operation_id = "getInvitationByToken", tag = "auth",
    params(("token" = String, Path,)), security(()),
    responses((status = 200, body = InvitationView), (status = "default", body = Problem)))]
/// What an invitation is to; `410 invitation_spent` when it cannot be used.
pub(crate) async fn look(
    State(identity): State<Identity>,
    client: Client,
    Path(token): Path<String>,
) -> ApiResult<Json<InvitationView>> {
    identity.limits.address.take(client.ip.clone(), identity.now())?;
    let invitation = open(&identity.db, &token, identity.now()).await?;
    identity.limits.address.give_back(&client.ip);
    let claims = placeholder(&identity, &invitation).await?;
    let account_exists = match &invitation.email {
        Some(email) => account::by_email(&identity.db, &fold(email)).await?.is_some(),
        None => false,
    };
    Ok(Json(InvitationView {
        org: OrgName { name: invitation.org_name },
        role: invitation.role,
        email: invitation.email,
        claims: claims.map(|person| ClaimName { name: person.name }),
        account_exists,
    }))
}

async fn placeholder(identity: &Identity, invitation: &Open) -> Result<Option<Person>, Fault> {
    let Some(key) = invitation.claims else { return Ok(None) };
    Ok(people::by_keys(&identity.db, &[key]).await?.pop())
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accept {
    /// Needed for a new account, unless a placeholder has one; otherwise the one used elsewhere.
    name: Option<String>,
    /// Needed for a new account, unless the invitation was sent to one.
    email: Option<String>,
    /// Needed for a new account.
    password: Option<String>,
    /// Of a new account; the browser's, if absent.
    locale: Option<String>,
}

/// Who accepts.
enum Who {
    Known { account: AccountKey, email: String, locale: String },
    New(NewAccount),
}

impl Who {
    fn email(&self) -> &str {
        match self {
            Who::Known { email, .. } => email,
            Who::New(new) => &new.email,
        }
    }

    fn locale(&self) -> String {
        match self {
            Who::Known { locale, .. } => locale.clone(),
            Who::New(new) => new.locale.clone(),
        }
    }
}

#[utoipa::path(post, path = "/invitations/by-token/{token}/accept", operation_id = "acceptInvitation", tag = "auth",
    params(("token" = String, Path,)), request_body = Accept, security((), ("session" = [])),
    responses((status = 200, body = Me), (status = "default", body = Problem)))]
/// Joins. Signed in: with this account. Signed out: with a new one, which is signed in;
/// `409 account_exists` when the address has an account, which must sign in first.
pub(crate) async fn accept(
    State(identity): State<Identity>,
    client: Client,
    MaybeAccount(caller): MaybeAccount,
    Path(token): Path<String>,
    Json(request): Json<Accept>,
) -> ApiResult<Response> {
    let now = identity.now();
    identity.limits.address.take(client.ip.clone(), now)?;
    let invitation = open(&identity.db, &token, now).await?;
    identity.limits.address.give_back(&client.ip);
    let claims = placeholder(&identity, &invitation).await?;
    let who = match &caller {
        Some(caller) => {
            let known = account::by_key(&identity.db, caller.account).await?;
            Who::Known { account: caller.account, email: known.email, locale: known.locale }
        }
        None => Who::New(new_account(&identity, &client, &invitation, &request, claims.as_ref()).await?),
    };
    let name = name(&identity, &request, claims.as_ref(), &who).await?;
    let (account, secret) = join(&identity, &client, &invitation, who, name).await?;
    let body = Json(account::me::of_account(&identity, account, invitation.org.id).await?);
    Ok(match secret {
        Some(secret) => (client.set_cookie(&secret), body).into_response(),
        None => body.into_response(),
    })
}

/// The name asked for, or the placeholder's, or the one that the account has elsewhere.
async fn name(
    identity: &Identity,
    request: &Accept,
    claims: Option<&Person>,
    who: &Who,
) -> Result<String, Fault> {
    if let Some(name) = &request.name {
        return names::clean_line("name", name, MAX_NAME_CHARS);
    }
    if let Some(person) = claims {
        return Ok(person.name.clone());
    }
    let elsewhere = match who {
        Who::Known { account, email, .. } => {
            let names = account::names(&identity.db, *account).await?;
            names.into_iter().next().or_else(|| names::tidy_line(email.split('@').next()?, MAX_NAME_CHARS))
        }
        Who::New(_) => None,
    };
    elsewhere.ok_or_else(|| Fault::invalid("name", "A name is needed."))
}

async fn new_account(
    identity: &Identity,
    client: &Client,
    invitation: &Open,
    request: &Accept,
    claims: Option<&Person>,
) -> Result<NewAccount, Fault> {
    let email = match (&invitation.email, &request.email) {
        (Some(invited), Some(typed)) if fold(invited) != fold(typed) => {
            return Err(Fault::invalid("email", "This invitation was sent to another address."));
        }
        (Some(invited), _) => invited.clone(),
        (None, Some(typed)) => account::clean_email("email", typed)?,
        (None, None) => return Err(Fault::invalid("email", "An e-mail address is needed to sign in with.")),
    };
    if account::by_email(&identity.db, &fold(&email)).await?.is_some() {
        return Err(account::exists());
    }
    if request.name.is_none() && claims.is_none() {
        // Before the hash is computed.
        return Err(Fault::invalid("name", "A name is needed."));
    }
    let missing = || Fault::invalid("password", "A password is needed to sign in with.");
    let password = request.password.as_deref().ok_or_else(missing)?;
    let name = request.name.as_deref().unwrap_or_default();
    check_strength(password, &[&email, name, claims.map_or("", |p| p.name.as_str())])?;
    let hash = identity.hasher.hash(&identity.env, password).await?;
    Ok(NewAccount {
        email,
        password_hash: Some(hash),
        locale: account::clean_locale(request.locale.as_deref().unwrap_or(client.locale))?,
        timezone: "UTC".into(),
    })
}

/// Uses the invitation and makes the account's person in the org, in one transaction; returns
/// the account and, for a new one, a session's secret.
async fn join(
    identity: &Identity,
    client: &Client,
    invitation: &Open,
    who: Who,
    name: String,
) -> Result<(AccountKey, Option<String>), Fault> {
    let (org, env, now) = (&invitation.org, &identity.env, identity.now());
    let (email, locale) = (who.email().to_owned(), who.locale());
    let mut effects = Effects::default();
    let mut tx = identity.db.begin().await?;
    head::lock(&mut tx, &[org.log]).await?;
    if tx.execute(sql::USE, params![invitation.key, now]).await? == 0 {
        return Err(spent());
    }
    let (account, secret) = match who {
        Who::Known { account, .. } => (account, None),
        Who::New(new) => {
            let account = create_account(&mut tx, env, &new).await?;
            if invitation.email.is_none() {
                // Typed by whoever has the link: anybody's.
                account::unproven(&mut tx, account).await?;
            }
            (account, Some(session::create(&mut tx, env, account, client).await?))
        }
    };
    match change::of_account(&mut tx, org, account).await? {
        Some((_, state)) if state == PersonState::Deactivated as i64 => {
            let detail = "Your access to this organisation was ended. Ask an admin to restore it.";
            return Err(Fault::forbidden(detail).code("deactivated"));
        }
        Some(_) => return Err(Fault::conflict("already_member", "You are in this organisation already.")),
        None => {}
    }
    let person = NewPrincipal {
        account: Some(account),
        kind: if invitation.role == Role::Guest { PrincipalKind::Guest } else { PrincipalKind::Member },
        role: invitation.role,
        state: PersonState::Active,
        name,
        title: String::new(),
        email: Some(email),
        timezone: None,
    };
    let made = match invitation.claims {
        Some(key) => claim(&mut tx, identity, &mut effects, invitation, key, &person).await?,
        None => change::add(&mut tx, env, &mut effects, org, person).await?,
    };
    let as_what = (invitation.role, locale.as_str());
    effects.joined.extend(join::note(&mut tx, env, org, &made, as_what).await?);
    identity.finish(tx, effects).await?;
    Ok((account, secret))
}

/// The placeholder becomes `person`, keeping its id and so its history.
async fn claim(
    tx: &mut Tx,
    identity: &Identity,
    effects: &mut Effects,
    invitation: &Open,
    key: PrincipalKey,
    person: &NewPrincipal,
) -> Result<PrincipalRef, Fault> {
    let now = identity.now();
    let org = &invitation.org;
    let before = change::by_key(tx, key).await?.ok_or_else(spent)?;
    // Under the org's lock: someone else may have claimed it since.
    if before.state != PersonState::Placeholder {
        return Err(spent());
    }
    let seq = head::advance(tx, org.log, now).await?.seq;
    let values = params![
        key,
        person.account,
        person.kind as i64,
        person.role as i64,
        person.name.as_str(),
        fold(&person.name),
        names::search_key(&person.name),
        person.email.clone(),
        before.timezone.clone(),
        seq
    ];
    tx.execute(people::sql::CLAIM, values).await?;
    if let Some(after) = change::by_key(tx, key).await? {
        effects.frames.push(after.frame(org.log, org.id, now));
    }
    Ok(PrincipalRef { key, id: before.id, log: before.log, seq })
}
