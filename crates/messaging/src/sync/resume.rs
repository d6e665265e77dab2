//! `resume` and `catchup`: what a client missed, as `changes` frames.

use std::collections::HashMap;

use axum::extract::ws::Utf8Bytes;
use serde::Serialize;
use serde_json::Value;
use weft_gateway::Reply;
use weft_http::Caller;
use weft_kernel::{Fault, LogKey, id::ConversationId};
use weft_log::LogName;
use weft_storage::params;

use super::{Directory, bootstrap::head, changes::changes, own, sql};
use crate::Cx;

/// Changes in one frame.
const PER_FRAME: u32 = 200;
/// People told one by one; beyond it a client forgets whom it knows and asks again.
const PEOPLE: u32 = 500;

#[derive(Serialize)]
struct ChangesFrame<'a, T> {
    t: &'static str,
    log: LogName,
    items: &'a [T],
    upto: i64,
    more: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    reset: bool,
}

async fn say<T: Serialize>(
    reply: &Reply,
    log: LogName,
    items: &[T],
    upto: i64,
    more: bool,
    reset: bool,
) -> Result<(), Fault> {
    let frame = ChangesFrame { t: "changes", log, items, upto, more, reset };
    let text: Utf8Bytes = serde_json::to_string(&frame).map_err(Fault::internal)?.into();
    // The socket has gone: nobody waits for the rest.
    reply.send(text).await.map_err(|_| Fault::unavailable("The connection was closed.", "socket gone"))
}

/// Sends everything after `cursors`; logs that are not named are left alone.
///
/// # Errors
/// Any fault of the database.
pub async fn resume(
    cx: &Cx,
    directory: &dyn Directory,
    caller: &Caller,
    cursors: &HashMap<String, i64>,
    reply: &Reply,
) -> Result<(), Fault> {
    if let Some(after) = cursors.get(&caller.principal_id.to_string()) {
        own_log(cx, directory, caller, *after, reply).await?;
    }
    if let Some(after) = cursors.get(&caller.org_id.to_string()) {
        org_log(cx, directory, caller, *after, reply).await?;
    }
    for row in cx.db.query(sql::HEADS, params![caller.principal]).await? {
        let (id, log, head): (ConversationId, LogKey, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        match cursors.get(&id.to_string()) {
            Some(after) if *after < head => conversation(cx, caller, log, *after, false, reply).await?,
            _ => {}
        }
    }
    Ok(())
}

/// Answers `catchup`: one `changes` frame of one log.
///
/// # Errors
/// `not_found`, or any fault of the database.
pub async fn catchup(
    cx: &Cx,
    directory: &dyn Directory,
    caller: &Caller,
    log: &str,
    after: i64,
    reply: &Reply,
) -> Result<(), Fault> {
    if log == caller.principal_id.to_string() {
        return own_log(cx, directory, caller, after, reply).await;
    }
    if log == caller.org_id.to_string() {
        return org_log(cx, directory, caller, after, reply).await;
    }
    let id: ConversationId = log.parse().map_err(|_| Fault::not_found("log"))?;
    let log = cx.guard.view(caller, id).await?.room.log;
    conversation(cx, caller, log, after, true, reply).await
}

async fn conversation(
    cx: &Cx,
    caller: &Caller,
    log: LogKey,
    mut after: i64,
    once: bool,
    reply: &Reply,
) -> Result<(), Fault> {
    let view = cx.guard.view_by_log(caller, log).await?;
    let name = LogName::Conversation(view.room.id);
    loop {
        let found = changes(cx, caller.principal, &view, after, PER_FRAME).await?;
        say(reply, name, &found.items, found.upto_seq, found.more, found.reset).await?;
        if once || !found.more {
            return Ok(());
        }
        after = found.upto_seq;
    }
}

async fn own_log(
    cx: &Cx,
    directory: &dyn Directory,
    caller: &Caller,
    after: i64,
    reply: &Reply,
) -> Result<(), Fault> {
    let upto = head(cx, caller.log).await?;
    if upto <= after {
        return Ok(());
    }
    let items = own::items(cx, directory, caller, after).await?;
    say(reply, LogName::Principal(caller.principal_id), &items, upto, false, false).await
}

async fn org_log(
    cx: &Cx,
    directory: &dyn Directory,
    caller: &Caller,
    after: i64,
    reply: &Reply,
) -> Result<(), Fault> {
    let upto = head(cx, caller.org_log).await?;
    if upto <= after {
        return Ok(());
    }
    let name = LogName::Org(caller.org_id);
    match directory.changes(caller, after, PEOPLE).await? {
        Some(items) => say(reply, name, &items, upto, false, false).await,
        None => say::<Value>(reply, name, &[], upto, false, true).await,
    }
}
