//! New principals, one or many thousands at once.

use rustc_hash::FxHashMap;
use serde::Serialize;
use weft_http::Role;
use weft_kernel::{
    AccountKey, Env, Fault, LogKey, PrincipalKey,
    id::PrincipalId,
    names::{self, fold},
};
use weft_log::head;
use weft_storage::{Tx, params};

use super::{PersonState, PrincipalKind, sql};
use crate::org::OrgRef;

/// Rows of one statement.
const CHUNK: usize = 2_000;

/// A principal to be.
#[derive(Debug, Clone)]
pub struct NewPrincipal {
    /// Whose credentials; none for placeholders and bots.
    pub account: Option<AccountKey>,
    /// What kind.
    pub kind: PrincipalKind,
    /// What they may do.
    pub role: Role,
    /// Whether they can act.
    pub state: PersonState,
    /// Shown name; must pass [`names::clean_line`].
    pub name: String,
    /// Job title; may be empty.
    pub title: String,
    /// Their address.
    pub email: Option<String>,
    /// IANA zone.
    pub timezone: Option<String>,
}

impl NewPrincipal {
    /// Someone known only from an import.
    pub fn placeholder(name: impl Into<String>, email: Option<String>) -> Self {
        NewPrincipal {
            account: None,
            kind: PrincipalKind::Member,
            role: Role::Member,
            state: PersonState::Placeholder,
            name: name.into(),
            title: String::new(),
            email,
            timezone: None,
        }
    }
}

/// A principal that was just made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PrincipalRef {
    /// Internal key.
    pub key: PrincipalKey,
    /// Public id.
    pub id: PrincipalId,
    /// Their log.
    pub log: LogKey,
    /// Their number in the org's log.
    pub seq: i64,
}

#[derive(Serialize)]
struct RowJson<'a> {
    id: String,
    account: Option<i64>,
    log: i64,
    kind: i64,
    role: i64,
    state: i64,
    name: &'a str,
    name_key: String,
    search_key: String,
    email: Option<&'a str>,
    title: &'a str,
    timezone: Option<&'a str>,
    changed_seq: i64,
}

/// Adds principals in the order given, each with its log, each with a number of the org's log.
/// Takes the org's head. Publishes nothing: the caller announces
/// [`weft_log::ControlKind::Log`] of the org's log, or publishes the frames.
///
/// # Errors
/// `invalid` for a name that is not clean; `conflict` when an account is in the org already.
pub async fn insert_principals(
    tx: &mut Tx,
    env: &Env,
    org: &OrgRef,
    people: &[NewPrincipal],
) -> Result<Vec<PrincipalRef>, Fault> {
    let mut out = Vec::with_capacity(people.len());
    for chunk in people.chunks(CHUNK) {
        insert_chunk(tx, env, org, chunk, &mut out).await?;
    }
    Ok(out)
}

async fn insert_chunk(
    tx: &mut Tx,
    env: &Env,
    org: &OrgRef,
    people: &[NewPrincipal],
    out: &mut Vec<PrincipalRef>,
) -> Result<(), Fault> {
    let now = env.now();
    let count = people.len() as i64;
    let head = head::advance_by(tx, org.log, count, now).await?;
    let numbers: Vec<i64> = (0..count).collect();
    let logs = tx.query(sql::INSERT_LOGS, params![org.key, numbers]).await?;
    let mut made = Vec::with_capacity(people.len());
    let mut rows = Vec::with_capacity(people.len());
    for (index, (person, log)) in people.iter().zip(&logs).enumerate() {
        let (id, log): (PrincipalId, LogKey) = (env.id(), log.get(0)?);
        let seq = head.seq - count + 1 + index as i64;
        rows.push(row(person, id, log, seq)?);
        made.push(PrincipalRef { key: PrincipalKey(0), id, log, seq });
    }
    let json = serde_json::to_string(&rows).map_err(Fault::internal)?;
    let mut keys = FxHashMap::default();
    for row in tx.query(sql::INSERT, params![json, org.key, now]).await? {
        keys.insert(row.get::<PrincipalId>(1)?, row.get::<PrincipalKey>(0)?);
    }
    for mut principal in made {
        principal.key =
            *keys.get(&principal.id).ok_or_else(|| Fault::internal("a new principal is missing"))?;
        out.push(principal);
    }
    Ok(())
}

fn row(person: &NewPrincipal, id: PrincipalId, log: LogKey, changed_seq: i64) -> Result<RowJson<'_>, Fault> {
    if names::clean_line("name", &person.name, names::MAX_NAME_CHARS)? != person.name {
        return Err(Fault::invalid("name", "It has surplus white space."));
    }
    Ok(RowJson {
        id: id.uuid().simple().to_string(),
        account: person.account.map(|a| a.0),
        log: log.0,
        kind: person.kind as i64,
        role: person.role as i64,
        state: person.state as i64,
        name: &person.name,
        name_key: fold(&person.name),
        search_key: names::search_key(&person.name),
        email: person.email.as_deref(),
        title: &person.title,
        timezone: person.timezone.as_deref(),
        changed_seq,
    })
}
