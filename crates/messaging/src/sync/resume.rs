//! `resume` and `catchup`: what a client missed, as `changes` frames.

use std::{collections::HashMap, sync::Arc};

use axum::extract::ws::Utf8Bytes;
use serde::Serialize;
use serde_json::Value;
use weft_gateway::Reply;
use weft_http::Caller;
use weft_kernel::{Fault, LogKey, id::ConversationId};
use weft_log::LogName;
use weft_storage::params;

use super::{Directory, bootstrap::head, changes::changes, own, recent::Stretch, sql};
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

fn frame<T: Serialize>(
    log: LogName,
    items: &[T],
    upto: i64,
    more: bool,
    reset: bool,
) -> Result<Utf8Bytes, Fault> {
    let frame = ChangesFrame { t: "changes", log, items, upto, more, reset };
    Ok(serde_json::to_string(&frame).map_err(Fault::internal)?.into())
}

async fn send(reply: &Reply, frame: Utf8Bytes) -> Result<(), Fault> {
    // The socket has gone: nobody waits for the rest.
    reply.send(frame).await.map_err(|_| Fault::unavailable("The connection was closed.", "socket gone"))
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
            Some(after) if *after < head => {
                let wanted = Stretch { log, after: *after, visible_from: row.get(3)? };
                missed(cx, caller, wanted, head, reply).await?;
            }
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
    one_frame(cx, caller, log, after, reply).await
}

/// Everything of a conversation after a cursor. After a drop many clients ask for the same.
async fn missed(cx: &Cx, caller: &Caller, wanted: Stretch, head: i64, reply: &Reply) -> Result<(), Fault> {
    let known = cx.recent.get(wanted, head);
    let frames = match known {
        Some(frames) => frames,
        None => read(cx, caller, wanted, reply).await?,
    };
    for frame in frames.iter() {
        send(reply, frame.clone()).await?;
    }
    Ok(())
}

/// Reads the frames of a stretch. A short one is answered whole and remembered; a long one is sent
/// as it is read, and nothing of it is answered.
async fn read(cx: &Cx, caller: &Caller, wanted: Stretch, reply: &Reply) -> Result<Arc<[Utf8Bytes]>, Fault> {
    let view = cx.guard.view_by_log(caller, wanted.log).await?;
    let name = LogName::Conversation(view.room.id);
    let mut found = changes(cx, caller.principal, &view, wanted.after, PER_FRAME).await?;
    let first = frame(name, &found.items, found.upto_seq, found.more, found.reset)?;
    if !found.more {
        return Ok(cx.recent.put(wanted, found.upto_seq, first));
    }
    send(reply, first).await?;
    while found.more {
        found = changes(cx, caller.principal, &view, found.upto_seq, PER_FRAME).await?;
        send(reply, frame(name, &found.items, found.upto_seq, found.more, found.reset)?).await?;
    }
    Ok(Arc::new([]))
}

async fn one_frame(cx: &Cx, caller: &Caller, log: LogKey, after: i64, reply: &Reply) -> Result<(), Fault> {
    let view = cx.guard.view_by_log(caller, log).await?;
    let found = changes(cx, caller.principal, &view, after, PER_FRAME).await?;
    let name = LogName::Conversation(view.room.id);
    send(reply, frame(name, &found.items, found.upto_seq, found.more, found.reset)?).await
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
    send(reply, frame(LogName::Principal(caller.principal_id), &items, upto, false, false)?).await
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
        Some(items) => send(reply, frame(name, &items, upto, false, false)?).await,
        None => send(reply, frame::<Value>(name, &[], upto, false, true)?).await,
    }
}
