//! Orgs: tenants, each with its log.

pub(crate) mod sql;

use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::{
    Admin, AnnouncementsPolicy, ApiResult, Caller, EmojiPolicy, Json, MailPolicy, OrgPolicy, Problem,
    PushPolicy, ReceiptsPolicy, VanishingPolicy, policy,
};
use weft_kernel::{
    AccountKey, Env, Fault, LogKey, Micros, OrgKey, PrincipalKey,
    id::OrgId,
    names::{self, MAX_NAME_CHARS},
};
use weft_log::{Frame, LogKind, LogName, head};
use weft_storage::{Db, DbResult, Row, Tx, params};

use crate::{
    Identity,
    people::{self, Principal},
    state::Effects,
};

pub(crate) fn routes() -> OpenApiRouter<Identity> {
    OpenApiRouter::new().routes(routes!(get, update))
}

/// Which org.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrgRef {
    /// Internal key.
    pub key: OrgKey,
    /// Public id.
    pub id: OrgId,
    /// Its log.
    pub log: LogKey,
}

impl OrgRef {
    /// The org that `caller` acts in.
    pub fn of(caller: &Caller) -> OrgRef {
        OrgRef { key: caller.org, id: caller.org_id, log: caller.org_log }
    }

    fn read(row: &Row) -> DbResult<OrgRef> {
        Ok(OrgRef { key: row.get(0)?, id: row.get(1)?, log: row.get(2)? })
    }
}

/// An org as its people see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Org {
    /// `org_…`
    #[schema(value_type = String)]
    pub id: OrgId,
    /// Shown name.
    pub name: String,
    /// When it was made.
    pub created_at: Micros,
    /// What people learn about who has read what.
    pub receipts: ReceiptsPolicy,
    /// What notifications say of messages.
    pub push: PushPolicy,
    /// Who may add emoji.
    pub emoji: EmojiPolicy,
    /// Who may make a place for announcements.
    pub announcements: AnnouncementsPolicy,
    /// Whether messages between two people may vanish.
    pub vanishing: VanishingPolicy,
    /// Whether people are told by mail of what they missed, and what of it.
    pub mail: MailPolicy,
}

impl Org {
    /// Reads `org, id, log, name, created_at, changed_seq, settings`.
    fn read(row: &Row) -> DbResult<Org> {
        let policy = OrgPolicy::from_stored(&row.get::<String>(6)?);
        let OrgPolicy { receipts, push, emoji, announcements, vanishing, mail } = policy;
        let (id, name, created_at) = (row.get(1)?, row.get(3)?, row.get(4)?);
        Ok(Org { id, name, created_at, receipts, push, emoji, announcements, vanishing, mail })
    }
}

/// An org and who one is there.
///
/// Named apart in the API's description, where a conversation's membership has the name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = OrgSeat)]
pub(crate) struct Membership {
    /// The org.
    pub org: Org,
    /// Oneself there.
    pub principal: Principal,
}

/// Makes an org with its log. It has no people yet.
///
/// # Errors
/// `invalid` for an unfit name.
pub async fn create_org(tx: &mut Tx, env: &Env, name: &str) -> Result<OrgRef, Fault> {
    let name = names::clean_line("org_name", name, MAX_NAME_CHARS)?;
    let (id, now): (OrgId, Micros) = (env.id(), env.now());
    let log = head::create(tx, LogKind::Org, None).await?;
    let seq = head::advance(tx, log, now).await?.seq;
    let key: OrgKey = tx.query_one(sql::INSERT, params![id, log, name, seq, now]).await?.get(0)?;
    tx.execute(sql::SET_LOG_ORG, params![log, key]).await?;
    Ok(OrgRef { key, id, log })
}

/// The org of a key, and its last change.
pub(crate) async fn load(db: &Db, key: OrgKey) -> Result<(Org, i64), Fault> {
    let row = db.query_one(sql::BY_KEY, params![key]).await?;
    Ok((Org::read(&row)?, row.get(5)?))
}

/// Which org a key means.
pub(crate) async fn by_key(db: &Db, key: OrgKey) -> DbResult<OrgRef> {
    OrgRef::read(&db.query_one(sql::BY_KEY, params![key]).await?)
}

/// The org whose id or, if only one has it, whose name is `text`.
///
/// # Errors
/// `not_found`; `conflict` when several have the name.
pub(crate) async fn find(db: &Db, text: &str) -> Result<OrgRef, Fault> {
    let rows = match text.parse::<OrgId>() {
        Ok(id) => db.query(sql::BY_ID, params![id]).await?,
        Err(_) => db.query(sql::BY_NAME, params![text.trim()]).await?,
    };
    match rows.as_slice() {
        [row] => Ok(OrgRef::read(row)?),
        [] => Err(Fault::not_found("organisation")),
        _ => Err(Fault::conflict("ambiguous", "Several organisations have this name: use the id.")),
    }
}

/// Whether any org exists.
pub(crate) const ANY: weft_storage::Sql = sql::ANY;

/// Where an account is active.
pub(crate) async fn memberships(db: &Db, account: AccountKey, now: Micros) -> Result<Vec<Membership>, Fault> {
    let rows = db.query(sql::OF_ACCOUNT, params![account]).await?;
    let keys = rows.iter().map(|row| row.get(7)).collect::<DbResult<Vec<PrincipalKey>>>()?;
    let people = people::by_keys(db, &keys).await?;
    let mut out = Vec::with_capacity(rows.len());
    for (row, key) in rows.iter().zip(keys) {
        if let Some(person) = people.iter().find(|p| p.key == key) {
            let mut principal = person.public(now);
            principal.email.clone_from(&person.email);
            out.push(Membership { org: Org::read(row)?, principal });
        }
    }
    Ok(out)
}

#[utoipa::path(get, path = "/org", operation_id = "getOrg", tag = "people",
    responses((status = 200, body = Org), (status = "default", body = Problem)))]
/// The org that I act in.
pub(crate) async fn get(State(identity): State<Identity>, caller: Caller) -> ApiResult<Json<Org>> {
    Ok(Json(load(&identity.db, caller.org).await?.0))
}

/// A change of the org; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateOrg {
    name: Option<String>,
    receipts: Option<ReceiptsPolicy>,
    push: Option<PushPolicy>,
    emoji: Option<EmojiPolicy>,
    announcements: Option<AnnouncementsPolicy>,
    vanishing: Option<VanishingPolicy>,
    mail: Option<MailPolicy>,
}

impl UpdateOrg {
    fn changes_nothing(&self) -> bool {
        let UpdateOrg { name, receipts, push, emoji, announcements, vanishing, mail } = self;
        let policies = receipts.is_some() || push.is_some() || emoji.is_some() || announcements.is_some();
        name.is_none() && !policies && vanishing.is_none() && mail.is_none()
    }

    /// The org's name and settings after the change.
    fn apply(&self, name: String, stored: &str) -> Result<(String, String), Fault> {
        let name = match &self.name {
            Some(name) => names::clean_line("name", name, MAX_NAME_CHARS)?,
            None => name,
        };
        // As JSON, so that what a newer version keeps there stays.
        let mut settings: Map<String, Value> = serde_json::from_str(stored).unwrap_or_default();
        if let Some(receipts) = self.receipts {
            if !(0..=policy::RECEIPTS_LIST_MAX).contains(&receipts.list_limit) {
                let range = format!("list_limit must be between 0 and {}.", policy::RECEIPTS_LIST_MAX);
                return Err(Fault::invalid("receipts", range));
            }
            settings.insert("receipts".to_owned(), serde_json::to_value(receipts).map_err(Fault::internal)?);
        }
        if let Some(push) = self.push {
            settings.insert("push".to_owned(), serde_json::to_value(push).map_err(Fault::internal)?);
        }
        if let Some(emoji) = self.emoji {
            settings.insert("emoji".to_owned(), serde_json::to_value(emoji).map_err(Fault::internal)?);
        }
        if let Some(announcements) = self.announcements {
            let value = serde_json::to_value(announcements).map_err(Fault::internal)?;
            settings.insert("announcements".to_owned(), value);
        }
        if let Some(vanishing) = self.vanishing {
            let value = serde_json::to_value(vanishing).map_err(Fault::internal)?;
            settings.insert("vanishing".to_owned(), value);
        }
        if let Some(mail) = self.mail {
            settings.insert("mail".to_owned(), serde_json::to_value(mail).map_err(Fault::internal)?);
        }
        Ok((name, Value::Object(settings).to_string()))
    }
}

#[derive(Serialize)]
struct OrgEvent<'a> {
    k: &'static str,
    org: &'a Org,
}

#[utoipa::path(patch, path = "/org", operation_id = "updateOrg", tag = "people", request_body = UpdateOrg,
    responses((status = 200, body = Org), (status = "default", body = Problem)))]
/// Changes the org (admins).
pub(crate) async fn update(
    State(identity): State<Identity>,
    Admin(admin): Admin,
    Json(request): Json<UpdateOrg>,
) -> ApiResult<Json<Org>> {
    if request.changes_nothing() {
        return Ok(Json(load(&identity.db, admin.org).await?.0));
    }
    let (now, mut effects) = (identity.now(), Effects::default());
    let mut tx = identity.db.begin().await?;
    let seq = head::advance(&mut tx, admin.org_log, now).await?.seq;
    let before = tx.query_one(sql::SETTINGS, params![admin.org]).await?;
    let (name, settings) = request.apply(before.get(0)?, &before.get::<String>(1)?)?;
    tx.execute(sql::CHANGE, params![admin.org, name, settings, seq]).await?;
    let org = Org::read(&tx.query_one(sql::BY_KEY, params![admin.org]).await?)?;
    let event = OrgEvent { k: "org", org: &org };
    effects.frames.push(Frame::event(admin.org_log, LogName::Org(org.id), seq, &event));
    identity.finish(tx, effects).await?;
    Ok(Json(org))
}

/// The caller's org, as its members see it.
///
/// # Errors
/// Any database fault.
pub async fn org_of(db: &Db, caller: &Caller) -> Result<Org, Fault> {
    Ok(load(db, caller.org).await?.0)
}
