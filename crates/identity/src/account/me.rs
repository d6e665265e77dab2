//! Myself.

use axum::extract::State;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use weft_http::{ApiResult, Caller, Credential, Dnd, Json, Problem, limits};
use weft_kernel::{
    AccountKey, Fault, Micros,
    id::OrgId,
    names::{self, MAX_NAME_CHARS},
};
use weft_storage::params;

use super::{clean_locale, clean_timezone, sql, view::AccountView};
use crate::{
    Identity,
    org::{self, Membership, Org, OrgRef},
    people::{self, Person, Principal, UserStatus, change},
    state::Effects,
};

/// Longest text of a status, in characters.
const STATUS_CHARS: usize = 100;
/// Longest emoji or shortcode of a status, in characters.
const STATUS_EMOJI_CHARS: usize = 64;

/// Who I am, here and elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Me {
    /// My credentials; null for bots.
    account: Option<AccountView>,
    /// Myself in this org.
    principal: Principal,
    /// This org.
    org: Org,
    /// Every org that I am active in (with an access token: this one).
    orgs: Vec<Membership>,
    /// What my devices share.
    #[schema(value_type = Object)]
    settings: Map<String, Value>,
}

#[utoipa::path(get, path = "/me", operation_id = "getMe", tag = "people",
    responses((status = 200, body = Me), (status = "default", body = Problem)))]
/// Who I am.
pub(crate) async fn get(State(identity): State<Identity>, caller: Caller) -> ApiResult<Json<Me>> {
    Ok(Json(of_caller(&identity, &caller).await?))
}

async fn of_caller(identity: &Identity, caller: &Caller) -> Result<Me, Fault> {
    let now = identity.now();
    let people = people::by_keys(&identity.db, &[caller.principal]).await?;
    let person = people.first().ok_or_else(|| Fault::not_found("person"))?;
    let (org, _) = org::load(&identity.db, caller.org).await?;
    let principal = person.seen_by(caller, now);
    let (account, orgs) = match (caller.account, caller.credential) {
        (Some(account), Credential::Session { .. }) => (
            Some(super::view::load(&identity.db, account).await?),
            org::memberships(&identity.db, account, now).await?,
        ),
        (account, _) => {
            let view = match account {
                Some(account) => Some(super::view::load(&identity.db, account).await?),
                None => None,
            };
            (view, vec![Membership { org: org.clone(), principal: principal.clone() }])
        }
    };
    let settings = crate::changes::settings(&identity.db, caller.principal).await?;
    Ok(Me { account, principal, org, orgs, settings })
}

/// The same for an account that has just got in and has no caller yet.
pub(crate) async fn of_account(identity: &Identity, account: AccountKey, org: OrgId) -> Result<Me, Fault> {
    let orgs = org::memberships(&identity.db, account, identity.now()).await?;
    let here =
        orgs.iter().find(|m| m.org.id == org).cloned().ok_or_else(|| Fault::not_found("organisation"))?;
    Ok(Me {
        account: Some(super::view::load(&identity.db, account).await?),
        settings: crate::changes::settings_of(&identity.db, here.principal.id).await?,
        principal: here.principal,
        org: here.org,
        orgs,
    })
}

/// Keeps `null` apart from an absent field.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(from).map(Some)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateMe {
    name: Option<String>,
    title: Option<String>,
    /// null clears it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<UserStatus>)]
    status: Option<Option<UserStatus>>,
    /// When I am not to be disturbed; null: never.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Dnd>)]
    dnd: Option<Option<Dnd>>,
    /// `en` or `zh-CN`; of the account, in every org.
    locale: Option<String>,
    /// IANA zone; of the account, and shown here.
    timezone: Option<String>,
}

#[utoipa::path(patch, path = "/me", operation_id = "updateMe", tag = "people", request_body = UpdateMe,
    responses((status = 200, body = Principal), (status = "default", body = Problem)))]
/// Changes how I appear.
pub(crate) async fn update(
    State(identity): State<Identity>,
    caller: Caller,
    Json(request): Json<UpdateMe>,
) -> ApiResult<Json<Principal>> {
    let (now, org, mut effects) = (identity.now(), OrgRef::of(&caller), Effects::default());
    let locale = request.locale.as_deref().map(clean_locale).transpose()?;
    let timezone = request.timezone.as_deref().map(clean_timezone).transpose()?;
    let mut tx = identity.db.begin().await?;
    if let Some(account) = caller.account {
        tx.execute(sql::SET_PLACE, params![account, locale, timezone.clone()]).await?;
    }
    let person = change::lock(&mut tx, &org, caller.principal_id, false).await?;
    let mut person = person.ok_or_else(|| Fault::not_found("person"))?;
    let before = person.clone();
    apply(&mut person, &request, timezone, now)?;
    if differs(&before, &person) {
        change::save_profile(&mut tx, &mut effects, &org, &mut person, now).await?;
        people::ending::note(&mut tx, &before, &person).await?;
    }
    identity.finish(tx, effects).await?;
    Ok(Json(person.seen_by(&caller, now)))
}

fn apply(
    person: &mut Person,
    request: &UpdateMe,
    timezone: Option<String>,
    now: Micros,
) -> Result<(), Fault> {
    if let Some(name) = &request.name {
        person.name = names::clean_line("name", name, MAX_NAME_CHARS)?;
    }
    if let Some(title) = &request.title {
        person.title = names::clean_text("title", title, MAX_NAME_CHARS)?;
    }
    if let Some(status) = &request.status {
        person.status = status.as_ref().map(clean_status).transpose()?.flatten();
    }
    if let Some(dnd) = &request.dnd {
        person.dnd = dnd.clone().map(|dnd| dnd.clean(now)).transpose()?.flatten();
    }
    if timezone.is_some() {
        person.timezone = timezone;
    }
    Ok(())
}

fn clean_status(status: &UserStatus) -> Result<Option<UserStatus>, Fault> {
    let emoji = names::clean_text("status", &status.emoji, STATUS_EMOJI_CHARS)?;
    let text = names::clean_text("status", &status.text, STATUS_CHARS)?;
    let reply = names::clean_text("status", &status.reply, limits::AWAY_REPLY_CHARS)?;
    if !reply.is_empty() && !status.away {
        return Err(Fault::invalid("status", "Only who is away replies by themselves: set \"away\", too."));
    }
    let empty = emoji.is_empty() && text.is_empty() && !status.away;
    let (until, away) = (status.until, status.away);
    Ok((!empty).then_some(UserStatus { emoji, text, until, away, reply }))
}

fn differs(before: &Person, after: &Person) -> bool {
    before.name != after.name
        || before.title != after.title
        || before.status != after.status
        || before.dnd != after.dnd
        || before.timezone != after.timezone
}
