//! What a person's devices share: a map that the server keeps but does not read.

use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, Value};
use weft_http::{ApiResult, Caller, DigestWish, Json, Problem, digest::DIGEST_KEY, limits};
use weft_kernel::{Fault, LogKey, PrincipalKey, id::PrincipalId};
use weft_log::{Frame, LogName, head};
use weft_storage::params;

use crate::{
    Identity,
    people::{self, sql},
    state::Effects,
};

/// Longest key, in bytes.
const KEY_BYTES: usize = 100;

#[derive(Serialize)]
struct SettingsEvent<'a> {
    k: &'static str,
    settings: &'a Map<String, Value>,
}

#[utoipa::path(patch, path = "/me/settings", operation_id = "updateSettings", tag = "people",
    request_body = Object,
    responses((status = 200, body = Object), (status = "default", body = Problem)))]
/// Merges into my settings; null removes a key. Answers with the whole map.
pub(crate) async fn update(
    State(identity): State<Identity>,
    caller: Caller,
    Json(request): Json<Map<String, Value>>,
) -> ApiResult<Json<Map<String, Value>>> {
    let who = Whose { principal: caller.principal, id: caller.principal_id, log: caller.log };
    Ok(Json(change(&identity, &who, request).await?))
}

/// Whose settings.
struct Whose {
    principal: PrincipalKey,
    id: PrincipalId,
    log: LogKey,
}

/// Merges into somebody's settings and tells their devices.
async fn change(
    identity: &Identity,
    who: &Whose,
    changes: Map<String, Value>,
) -> Result<Map<String, Value>, Fault> {
    let mut tx = identity.db.begin().await?;
    // The head first, as everywhere: it also orders two devices that write at once.
    let seq = head::advance(&mut tx, who.log, identity.now()).await?.seq;
    let stored: String = tx.query_one(sql::SETTINGS_LOCKED, params![who.principal]).await?.get(0)?;
    let mut settings: Map<String, Value> = serde_json::from_str(&stored).map_err(Fault::internal)?;
    merge(&mut settings, changes)?;
    let text = serde_json::to_string(&settings).map_err(Fault::internal)?;
    if text.len() > limits::SETTINGS {
        return Err(Fault::invalid("settings", "Together they may take at most 64 KB."));
    }
    tx.execute(sql::UPDATE_SETTINGS, params![who.principal, text, seq]).await?;
    let mut effects = Effects::default();
    let event = SettingsEvent { k: "settings", settings: &settings };
    effects.frames.push(Frame::event(who.log, LogName::Principal(who.id), seq, &event));
    identity.finish(tx, effects).await?;
    Ok(settings)
}

impl Identity {
    /// Tells somebody nothing by mail any more, as they asked by a mail.
    ///
    /// # Errors
    /// `not_found`; any database fault.
    pub async fn end_digests(&self, principal: PrincipalKey) -> Result<(), Fault> {
        let person = people::by_keys(&self.db, &[principal]).await?.pop();
        let person = person.ok_or_else(|| Fault::not_found("person"))?;
        let off = serde_json::to_value(DigestWish::Off).map_err(Fault::internal)?;
        let who = Whose { principal, id: person.id, log: person.log };
        change(self, &who, Map::from_iter([(DIGEST_KEY.to_owned(), off)])).await.map(drop)
    }
}

fn merge(settings: &mut Map<String, Value>, changes: Map<String, Value>) -> Result<(), Fault> {
    for (key, value) in changes {
        if key.is_empty() || key.len() > KEY_BYTES {
            return Err(Fault::invalid("settings", format!("A key has 1 to {KEY_BYTES} bytes.")));
        }
        if key == DIGEST_KEY && !value.is_null() {
            DigestWish::read(value.clone())?;
        }
        if value.is_null() {
            settings.remove(&key);
        } else {
            settings.insert(key, value);
        }
    }
    Ok(())
}
