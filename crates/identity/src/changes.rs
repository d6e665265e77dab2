//! What changed after a client's cursor, as present state: for the org's log and, of the
//! principal's, the settings.

use serde::Serialize;
use serde_json::{Map, Value};
use weft_http::Caller;
use weft_kernel::{Fault, LogKey, PrincipalKey, id::PrincipalId};
use weft_storage::{Db, DbResult, params};

use crate::{
    org::{self, Org},
    people::{Person, Principal, directory::guest, sql},
};

/// One item of the org's log.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum OrgChange {
    /// Someone.
    Principal {
        /// As they are now.
        principal: Box<Principal>,
    },
    /// The org.
    Org {
        /// As it is now.
        org: Org,
    },
}

/// Items with the number of their last change, ascending.
#[derive(Debug, Clone)]
pub struct OrgChanges {
    /// What changed.
    pub items: Vec<(i64, OrgChange)>,
    /// The cursor after these.
    pub upto_seq: i64,
    /// Whether there is more after `upto_seq`.
    pub more: bool,
}

/// What of the principal's log identity keeps.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PrincipalChange {
    /// The merged map.
    Settings {
        /// As it is now.
        settings: Map<String, Value>,
    },
}

/// Up to `limit` items of the org's log after `after_seq`, as `caller` may see them.
///
/// # Errors
/// Any database fault.
pub async fn changes(
    db: &Db,
    caller: &Caller,
    after_seq: i64,
    limit: u32,
    now: weft_kernel::Micros,
) -> Result<OrgChanges, Fault> {
    // The head first: what changes while we read comes as a later event.
    let head: i64 = db.query_one(org::sql::HEAD, params![caller.org_log]).await?.get(0)?;
    let values = params![caller.org, after_seq, head, guest(caller), i64::from(limit) + 1];
    let mut items = Vec::new();
    for row in db.query(sql::CHANGED, values).await? {
        let person = Person::read(&row)?;
        items.push((person.changed_seq, OrgChange::Principal { principal: Box::new(person.public(now)) }));
    }
    let (org, changed_seq) = org::load(db, caller.org).await?;
    if changed_seq > after_seq && changed_seq <= head {
        items.push((changed_seq, OrgChange::Org { org }));
        items.sort_by_key(|(seq, _)| *seq);
    }
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let last = items.last().map_or(head, |(seq, _)| *seq);
    Ok(OrgChanges { items, upto_seq: if more { last } else { head.max(after_seq) }, more })
}

/// Those of `guests` whom something concerns that happened in the log of their org after `after`,
/// up to `upto`: a person whom they see, or the org, has changed.
///
/// # Errors
/// Any database fault.
pub async fn concerned(
    db: &Db,
    org_log: LogKey,
    (after, upto): (i64, i64),
    guests: &[PrincipalKey],
) -> Result<Vec<PrincipalKey>, Fault> {
    let guests: Vec<i64> = guests.iter().map(|guest| guest.0).collect();
    let rows = db.query(sql::CONCERNED, params![org_log, after, upto, guests]).await?;
    Ok(rows.iter().map(|row| row.get(0)).collect::<DbResult<_>>()?)
}

fn parse(text: &str) -> Result<Map<String, Value>, Fault> {
    serde_json::from_str(text).map_err(Fault::internal)
}

/// A person's settings.
///
/// # Errors
/// Any database fault.
pub async fn settings(db: &Db, principal: PrincipalKey) -> Result<Map<String, Value>, Fault> {
    let text: String = db.query_one(sql::SETTINGS, params![principal]).await?.get(0)?;
    parse(&text)
}

pub(crate) async fn settings_of(db: &Db, principal: PrincipalId) -> Result<Map<String, Value>, Fault> {
    let text: String = db.query_one(sql::SETTINGS_BY_ID, params![principal]).await?.get(0)?;
    parse(&text)
}

/// A person's settings if they changed after `after_seq` of their log, with the number of that
/// change.
///
/// # Errors
/// Any database fault.
pub async fn settings_since(
    db: &Db,
    principal: PrincipalKey,
    after_seq: i64,
) -> Result<Option<(i64, PrincipalChange)>, Fault> {
    let row = db.query_one(sql::SETTINGS, params![principal]).await?;
    let seq: i64 = row.get(1)?;
    if seq <= after_seq {
        return Ok(None);
    }
    let text: String = row.get(0)?;
    Ok(Some((seq, PrincipalChange::Settings { settings: parse(&text)? })))
}
