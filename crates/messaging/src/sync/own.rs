//! What changed in a person's own log: memberships, threads, drafts, settings.

use serde_json::{Value, json};
use weft_http::Caller;
use weft_kernel::{Fault, LogKey, PrincipalKey, id::ConversationId};
use weft_storage::{DbResult, params};

use super::{Directory, sql};
use crate::{Cx, attention::alerts_of, cards, events::Draft, marks, topics};

/// The items after `after`: `{type: k, …}` with the payload of the event `k`, as it now is.
pub(super) async fn items(
    cx: &Cx,
    directory: &dyn Directory,
    caller: &Caller,
    after: i64,
) -> Result<Vec<Value>, Fault> {
    let mut items = memberships(cx, caller.principal, after).await?;
    for thread in marks::marks_changed(cx, caller.principal, after, i64::MAX).await? {
        items.push(item("thread", &thread)?);
    }
    for mark in topics::marks_changed(cx, caller.principal, after).await? {
        items.push(item("topic.read", &mark)?);
    }
    for draft in drafts(cx, caller.principal, after).await? {
        items.push(item("draft", &draft)?);
    }
    for mark in crate::scheduled::changed(cx, caller.principal, after).await? {
        items.push(item("scheduled", &mark)?);
    }
    for mark in crate::saved::changed(cx, caller.principal, after).await? {
        items.push(item("saved", &mark)?);
    }
    let (alerts, changed) = alerts_of(&cx.db, caller.principal).await?;
    if changed > after {
        items.push(json!({ "type": "alerts", "alerts": alerts }));
    }
    items.push(json!({ "type": "settings", "settings": directory.settings(caller).await? }));
    Ok(items)
}

fn item<T: serde::Serialize>(kind: &str, payload: &T) -> Result<Value, Fault> {
    let mut value = serde_json::to_value(payload).map_err(Fault::internal)?;
    value["type"] = kind.into();
    Ok(value)
}

async fn memberships(cx: &Cx, who: PrincipalKey, after: i64) -> Result<Vec<Value>, Fault> {
    let rows = cx.db.query(sql::OWN_MEMBERS, params![who, after]).await?;
    let mut items = Vec::new();
    let mut joined: Vec<LogKey> = Vec::new();
    for row in rows {
        if row.get(2)? {
            joined.push(row.get(0)?);
        } else {
            let id: ConversationId = row.get(1)?;
            items.push(json!({ "type": "conversation.left", "conversation": id }));
        }
    }
    for card in cards::cards(&cx.db, &cx.people, who, &joined).await? {
        items.push(json!({ "type": "conversation.joined", "conversation": card }));
    }
    Ok(items)
}

/// Drafts that changed after `after`, removed ones with an empty text.
pub(super) async fn drafts(cx: &Cx, who: PrincipalKey, after: i64) -> DbResult<Vec<Draft>> {
    let rows = cx.db.query(sql::OWN_DRAFTS, params![who, after]).await?;
    rows.iter()
        .map(|row| {
            Ok(Draft {
                conversation: row.get(0)?,
                thread: row.get(1)?,
                text: row.get(2)?,
                updated_at: row.get(3)?,
            })
        })
        .collect()
}
