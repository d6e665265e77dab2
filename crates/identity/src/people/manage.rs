//! What admins do with people: roles, names, ending and restoring access.

use axum::extract::State;
use serde::Deserialize;
use utoipa::ToSchema;
use weft_http::{Admin, ApiResult, Caller, Json, Path, Problem, Role};
use weft_kernel::{
    Fault,
    id::PrincipalId,
    names::{self, MAX_NAME_CHARS},
};

use super::{Person, PersonState, Principal, PrincipalKind, PrincipalRef, change, join};
use crate::{Identity, auth::revoke, org::OrgRef, state::Effects};

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdatePrincipal {
    role: Option<Role>,
    name: Option<String>,
    title: Option<String>,
}

/// Refuses an admin's hand on an owner: only owners may.
fn may_touch(admin: &Caller, person: &Person) -> Result<(), Fault> {
    if person.role == Role::Owner && admin.role != Role::Owner {
        return Err(Fault::forbidden("Only an owner may change an owner.").code("owner_only"));
    }
    Ok(())
}

fn may_grant(admin: &Caller, role: Role) -> Result<(), Fault> {
    if role == Role::Owner && admin.role != Role::Owner {
        return Err(Fault::forbidden("Only an owner may make an owner.").code("owner_only"));
    }
    Ok(())
}

#[utoipa::path(patch, path = "/principals/{id}", operation_id = "updatePrincipal", tag = "people",
    params(("id" = String, Path,)), request_body = UpdatePrincipal,
    responses((status = 200, body = Principal), (status = "default", body = Problem)))]
/// Changes someone's role, name or title (admins).
pub(crate) async fn update(
    State(identity): State<Identity>,
    Admin(admin): Admin,
    Path(id): Path<PrincipalId>,
    Json(request): Json<UpdatePrincipal>,
) -> ApiResult<Json<Principal>> {
    let (now, org, mut effects) = (identity.now(), OrgRef::of(&admin), Effects::default());
    let name = request.name.map(|n| names::clean_line("name", &n, MAX_NAME_CHARS)).transpose()?;
    let title = request.title.map(|t| names::clean_text("title", &t, MAX_NAME_CHARS)).transpose()?;
    let mut tx = identity.db.begin().await?;
    let person = change::lock(&mut tx, &org, id, request.role.is_some()).await?;
    let mut person = person.ok_or_else(|| Fault::not_found("person"))?;
    may_touch(&admin, &person)?;
    if let Some(role) = request.role.filter(|role| *role != person.role) {
        may_grant(&admin, role)?;
        set_role(&identity, &mut tx, &mut effects, &org, &mut person, role).await?;
    }
    if name.is_some() || title.is_some() {
        person.name = name.unwrap_or(person.name);
        person.title = title.unwrap_or(person.title);
        change::save_profile(&mut tx, &mut effects, &org, &mut person, now).await?;
    }
    identity.finish(tx, effects).await?;
    Ok(Json(person.seen_by(&admin, now)))
}

async fn set_role(
    identity: &Identity,
    tx: &mut weft_storage::Tx,
    effects: &mut Effects,
    org: &OrgRef,
    person: &mut Person,
    role: Role,
) -> Result<(), Fault> {
    change::keep_an_owner(tx, org, person).await?;
    person.role = role;
    if matches!(person.kind, PrincipalKind::Member | PrincipalKind::Guest) {
        person.kind = if role == Role::Guest { PrincipalKind::Guest } else { PrincipalKind::Member };
    }
    let now = identity.now();
    change::save_role(tx, effects, org, person, now).await?;
    // Their sockets come back and are let in as what they are now.
    revoke::principal(tx, effects, (person.key, person.id, person.log), "draining", now).await?;
    Ok(())
}

#[utoipa::path(post, path = "/principals/{id}/deactivate", operation_id = "deactivatePrincipal", tag = "people",
    params(("id" = String, Path,)),
    responses((status = 200, body = Principal), (status = "default", body = Problem)))]
/// Ends someone's access to the org at once: sessions, tokens, open sockets (admins).
pub(crate) async fn deactivate(
    State(identity): State<Identity>,
    Admin(admin): Admin,
    Path(id): Path<PrincipalId>,
) -> ApiResult<Json<Principal>> {
    let (now, org, mut effects) = (identity.now(), OrgRef::of(&admin), Effects::default());
    let mut tx = identity.db.begin().await?;
    let person = change::lock(&mut tx, &org, id, true).await?;
    let mut person = person.ok_or_else(|| Fault::not_found("person"))?;
    may_touch(&admin, &person)?;
    if matches!(person.state, PersonState::Active | PersonState::Placeholder) {
        change::keep_an_owner(&mut tx, &org, &person).await?;
        person.state = PersonState::Deactivated;
        change::save_role(&mut tx, &mut effects, &org, &mut person, now).await?;
        let whose = (person.key, person.id, person.log);
        revoke::principal(&mut tx, &mut effects, whose, "deactivated", now).await?;
        identity.finish(tx, effects).await?;
    }
    Ok(Json(person.seen_by(&admin, now)))
}

#[utoipa::path(post, path = "/principals/{id}/reactivate", operation_id = "reactivatePrincipal", tag = "people",
    params(("id" = String, Path,)),
    responses((status = 200, body = Principal), (status = "default", body = Problem)))]
/// Restores someone's access (admins). Access tokens stay ended.
pub(crate) async fn reactivate(
    State(identity): State<Identity>,
    Admin(admin): Admin,
    Path(id): Path<PrincipalId>,
) -> ApiResult<Json<Principal>> {
    let (now, org, mut effects) = (identity.now(), OrgRef::of(&admin), Effects::default());
    let mut tx = identity.db.begin().await?;
    let person = change::lock(&mut tx, &org, id, true).await?;
    let mut person = person.ok_or_else(|| Fault::not_found("person"))?;
    may_touch(&admin, &person)?;
    if person.state == PersonState::Deactivated {
        let nobody =
            person.account.is_none() && matches!(person.kind, PrincipalKind::Member | PrincipalKind::Guest);
        person.state = if nobody { PersonState::Placeholder } else { PersonState::Active };
        change::save_role(&mut tx, &mut effects, &org, &mut person, now).await?;
        let made = PrincipalRef { key: person.key, id: person.id, log: person.log, seq: person.changed_seq };
        if person.state == PersonState::Active {
            let as_what = (person.role, "en");
            effects.joined.extend(join::note(&mut tx, &identity.env, &org, &made, as_what).await?);
        }
        identity.finish(tx, effects).await?;
    }
    Ok(Json(person.seen_by(&admin, now)))
}
