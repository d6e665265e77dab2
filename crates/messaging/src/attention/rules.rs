//! What somebody wants to be told of, whatever the conversation: keywords, people; and whom they
//! always hear.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{Fault, PrincipalKey, id::PrincipalId, names};
use weft_log::{Frame, LogName, head};
use weft_storage::{Db, DbResult, params};

use super::{matcher::keyword, policy::Level, sql};
use crate::{Cx, rights, wire::Kind};

/// Alerts and exceptions; each list up to 50.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Alerts {
    /// Words and phrases of up to 60 characters; a message that holds one calls me.
    pub keywords: Vec<String>,
    /// People; each of their messages where I am calls me.
    #[schema(value_type = Vec<String>)]
    pub people: Vec<PrincipalId>,
    /// People whom I hear while I am not to be disturbed.
    #[schema(value_type = Vec<String>)]
    pub vips: Vec<PrincipalId>,
    /// Messages that name me pass, too.
    pub mentions_pass: bool,
    /// What I want of each stream that is kept apart from messages.
    pub streams: Streams,
}

/// Wishes for the streams beside messages: each is one field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Streams {
    /// Announcement conversations.
    pub announcements: StreamWishes,
}

impl Streams {
    /// The level for conversations of `kind` that have none of their own.
    pub fn level(&self, kind: Kind) -> Option<Level> {
        match kind {
            Kind::Announcement => self.announcements.level,
            _ => None,
        }
    }
}

/// What somebody wants of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StreamWishes {
    /// Which of it I am told of, where a conversation has no level of its own; null: as ever.
    pub level: Option<Level>,
    /// Whether it counts in the number on the app's icon and title.
    pub badge: bool,
}

impl Default for StreamWishes {
    fn default() -> Self {
        StreamWishes { level: None, badge: true }
    }
}

impl Alerts {
    /// From the stored JSON; one that cannot be read counts as never set.
    pub(super) fn from_stored(json: Option<&str>) -> Alerts {
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    fn alerting(&self) -> bool {
        !self.keywords.is_empty() || !self.people.is_empty()
    }
}

/// The event of the own log.
#[derive(Serialize)]
struct AlertsEvent<'a> {
    k: &'static str,
    alerts: &'a Alerts,
}

/// What somebody set, and the event that set it.
pub(crate) async fn get(db: &Db, who: PrincipalKey) -> DbResult<(Alerts, i64)> {
    let Some(row) = db.query_opt(sql::RULES, params![who]).await? else {
        return Ok((Alerts::default(), 0));
    };
    let body: String = row.get(0)?;
    Ok((Alerts::from_stored(Some(&body)), row.get(1)?))
}

/// Sets all of it.
pub(super) async fn put(cx: &Cx, caller: &Caller, alerts: Alerts) -> Result<Alerts, Fault> {
    let alerts = clean(cx, caller, alerts).await?;
    let json = serde_json::to_string(&alerts).map_err(Fault::internal)?;
    let mut tx = cx.db.begin().await?;
    let seq = head::advance(&mut tx, caller.log, cx.env.now()).await?.seq;
    rights::own_proof(caller).confirm(&mut tx).await?;
    tx.execute(sql::PUT_RULES, params![caller.principal, caller.org, json, alerts.alerting(), seq]).await?;
    tx.commit().await?;
    cx.attention.changed(caller.org);
    let event = AlertsEvent { k: "alerts", alerts: &alerts };
    cx.publisher.publish(Frame::event(caller.log, LogName::Principal(caller.principal_id), seq, &event));
    Ok(alerts)
}

async fn clean(cx: &Cx, caller: &Caller, mut alerts: Alerts) -> Result<Alerts, Fault> {
    let (keywords, people, vips) = (alerts.keywords.len(), alerts.people.len(), alerts.vips.len());
    for (field, count) in [("keywords", keywords), ("people", people), ("vips", vips)] {
        if count > limits::ALERTS {
            return Err(Fault::invalid(field, "There may be at most 50."));
        }
    }
    let mut kept: Vec<String> = Vec::with_capacity(keywords);
    for text in &alerts.keywords {
        let text = names::clean_line("keywords", text, limits::KEYWORD_CHARS)?;
        let Some(folded) = keyword(&text) else {
            return Err(Fault::invalid("keywords", "A keyword needs a letter, a digit or a character."));
        };
        if !kept.iter().any(|held| keyword(held).as_ref() == Some(&folded)) {
            kept.push(text);
        }
    }
    alerts.keywords = kept;
    for (field, ids) in [("people", &mut alerts.people), ("vips", &mut alerts.vips)] {
        let mut seen = rustc_hash::FxHashSet::default();
        ids.retain(|id| seen.insert(*id));
        let known = cx.known_to(caller, ids).await?;
        if ids.iter().any(|id| !known.iter().any(|(held, _)| held == id)) {
            return Err(Fault::invalid(field, "It names somebody who is not in the organisation."));
        }
    }
    Ok(alerts)
}
