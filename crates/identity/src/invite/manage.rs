//! Making, listing and taking back invitations.

use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::{Admin, ApiResult, Caller, Json, Page, Path, Problem, Query, Role, limits, page};
use weft_kernel::{
    Fault, Micros, PrincipalKey,
    id::{InvitationId, PrincipalId},
    names::fold,
};
use weft_storage::{DbResult, Row, params};

use super::sql;
use crate::{
    Identity, account,
    auth::client::Client,
    mail,
    org::{self, OrgRef},
    people::{self, Person, PersonState, change},
    secret,
    state::{DAY, Effects},
};

/// How long an invitation lasts when nothing is said, and at most.
const LIFE: Micros = 7 * DAY;
const MAX_LIFE: Micros = 365 * DAY;
/// Uses of a link when nothing is said, and at most.
const USES: u32 = 100;
const MAX_USES: u32 = 100_000;
/// Open invitations of an org.
const MAX_OPEN: i64 = 20_000;

/// An invitation that can still be used, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Invitation {
    #[schema(value_type = String)]
    id: InvitationId,
    email: Option<String>,
    role: Role,
    /// The placeholder whose history goes with it.
    #[schema(value_type = Option<String>)]
    claims: Option<PrincipalId>,
    #[schema(value_type = String)]
    created_by: PrincipalId,
    created_at: Micros,
    expires_at: Micros,
    max_uses: u32,
    uses: u32,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateInvitation {
    /// For whom; mailed if the server sends mail.
    email: Option<String>,
    role: Role,
    /// In a week, if absent.
    expires_at: Option<Micros>,
    /// 1 with `email` or `claims`, else 100, if absent.
    max_uses: Option<u32>,
    /// A placeholder that whoever accepts becomes, with its history.
    #[schema(value_type = Option<String>)]
    claims: Option<PrincipalId>,
}

/// A new invitation; the link is shown this once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CreatedInvitation {
    #[serde(flatten)]
    invitation: Invitation,
    /// To be opened by whom it is for.
    url: String,
    /// Whether it was mailed; if not, give the link yourself.
    emailed: bool,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// From the page before.
    cursor: Option<String>,
    /// 1 to 200, 50 if absent.
    limit: Option<u32>,
}

#[utoipa::path(get, path = "/invitations", operation_id = "listInvitations", tag = "people", params(ListQuery),
    responses((status = 200, body = Page<Invitation>), (status = "default", body = Problem)))]
/// Invitations that can still be used, newest first (admins).
pub(crate) async fn list(
    State(identity): State<Identity>,
    Admin(admin): Admin,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<Page<Invitation>>> {
    let limit = page::limit(query.limit, limits::PAGE_MAX)?;
    let wrong = |_| Fault::invalid("cursor", "It is not a cursor that this list gave.");
    let before: i64 = query.cursor.as_deref().map_or(Ok(i64::MAX), |c| c.parse().map_err(wrong))?;
    let values = params![admin.org, identity.now(), before, i64::from(limit) + 1];
    let rows = identity.db.query(sql::OPEN, values).await?;
    let items = rows.iter().map(read).collect::<DbResult<Vec<_>>>()?;
    let Page { items, next_cursor } = Page::cut(items, limit, |(key, _)| key.to_string());
    Ok(Json(Page { items: items.into_iter().map(|(_, item)| item).collect(), next_cursor }))
}

fn read(row: &Row) -> DbResult<(i64, Invitation)> {
    let invitation = Invitation {
        id: row.get(1)?,
        email: row.get(2)?,
        role: Role::from_stored(row.get(3)?).unwrap_or(Role::Guest),
        created_at: row.get(4)?,
        expires_at: row.get(5)?,
        max_uses: row.get(6)?,
        uses: row.get(7)?,
        created_by: row.get(8)?,
        claims: row.get(9)?,
    };
    Ok((row.get(0)?, invitation))
}

#[utoipa::path(post, path = "/invitations", operation_id = "createInvitation", tag = "people",
    request_body = CreateInvitation,
    responses((status = 201, body = CreatedInvitation), (status = "default", body = Problem)))]
/// Invites (admins). Only an owner may invite an owner.
pub(crate) async fn create(
    State(identity): State<Identity>,
    Admin(admin): Admin,
    client: Client,
    Json(request): Json<CreateInvitation>,
) -> ApiResult<(StatusCode, Json<CreatedInvitation>)> {
    let (now, org) = (identity.now(), OrgRef::of(&admin));
    let invitation = checked(&identity, &admin, &request, now)?;
    let token = secret::generate(&identity.env);
    let mut effects = Effects::default();
    let mut tx = identity.db.begin().await?;
    let claims = match request.claims {
        Some(id) => Some(placeholder(change::lock(&mut tx, &org, id, false).await?)?),
        None => None,
    };
    let open: i64 = tx.query_one(sql::COUNT_OPEN, params![org.key, now]).await?.get(0)?;
    if open >= MAX_OPEN {
        let detail = "Too many invitations are open. Take some back first.";
        return Err(Fault::conflict("too_many_invitations", detail).into());
    }
    let values = params![
        invitation.id,
        org.key,
        secret::stored(&token),
        invitation.email.clone(),
        invitation.role as i64,
        claims,
        admin.principal,
        now,
        invitation.expires_at,
        invitation.max_uses
    ];
    tx.execute(sql::INSERT, values).await?;
    let url = link(&identity, &client, &token);
    let emailed = match (&invitation.email, &identity.mail) {
        (Some(email), Some(config)) => {
            let url = format!("{}/invite/{token}", config.base_url());
            let text = text(&identity, &admin, email, &url).await?;
            mail::enqueue(&mut tx, email, text, now).await?;
            effects.mail = true;
            true
        }
        _ => false,
    };
    identity.finish(tx, effects).await?;
    Ok((StatusCode::CREATED, Json(CreatedInvitation { invitation, url, emailed })))
}

fn checked(
    identity: &Identity,
    admin: &Caller,
    request: &CreateInvitation,
    now: Micros,
) -> Result<Invitation, Fault> {
    if request.role == Role::Owner && admin.role != Role::Owner {
        return Err(Fault::forbidden("Only an owner may invite an owner.").code("owner_only"));
    }
    let email = request.email.as_deref().map(|e| account::clean_email("email", e)).transpose()?;
    let personal = email.is_some() || request.claims.is_some();
    let max_uses = request.max_uses.unwrap_or(if personal { 1 } else { USES });
    if !(1..=MAX_USES).contains(&max_uses) || (request.claims.is_some() && max_uses != 1) {
        let detail = format!("It must be between 1 and {MAX_USES}, and 1 for a placeholder.");
        return Err(Fault::invalid("max_uses", detail));
    }
    let expires_at = request.expires_at.unwrap_or(now + LIFE);
    if expires_at <= now || expires_at > now + MAX_LIFE {
        return Err(Fault::invalid("expires_at", "It must be in the future and within a year."));
    }
    Ok(Invitation {
        id: identity.env.id(),
        email,
        role: request.role,
        claims: request.claims,
        created_by: admin.principal_id,
        created_at: now,
        expires_at,
        max_uses,
        uses: 0,
    })
}

fn placeholder(person: Option<Person>) -> Result<PrincipalKey, Fault> {
    match person {
        Some(person) if person.state == PersonState::Placeholder => Ok(person.key),
        Some(_) => Err(Fault::conflict("not_a_placeholder", "This person is not a placeholder.")),
        None => Err(Fault::not_found("person")),
    }
}

fn link(identity: &Identity, client: &Client, token: &str) -> String {
    let configured = identity.public_url.as_deref().or(identity.mail.as_ref().map(|m| m.base_url()));
    format!("{}/invite/{token}", configured.unwrap_or(&client.origin))
}

/// In the recipient's language if they have an account, else in the inviter's.
async fn text(identity: &Identity, admin: &Caller, email: &str, url: &str) -> Result<mail::Text, Fault> {
    let db = &identity.db;
    let (org, _) = org::load(db, admin.org).await?;
    let by = people::by_keys(db, &[admin.principal]).await?.pop().map_or_else(String::new, |p| p.name);
    let locale = match (account::by_email(db, &fold(email)).await?, admin.account) {
        (Some(known), _) => known.locale,
        (None, Some(inviter)) => account::by_key(db, inviter).await?.locale,
        (None, None) => "en".into(),
    };
    Ok(mail::text::invitation(&locale, &org.name, &by, url))
}

#[utoipa::path(delete, path = "/invitations/{id}", operation_id = "deleteInvitation", tag = "people",
    params(("id" = String, Path,)),
    responses((status = 204), (status = "default", body = Problem)))]
/// Takes an invitation back (admins).
pub(crate) async fn revoke(
    State(identity): State<Identity>,
    Admin(admin): Admin,
    Path(id): Path<InvitationId>,
) -> ApiResult<StatusCode> {
    let done = identity.db.execute(sql::REVOKE, params![admin.org, id, identity.now()]).await?;
    if done == 0 {
        return Err(Fault::not_found("invitation").into());
    }
    Ok(StatusCode::NO_CONTENT)
}
