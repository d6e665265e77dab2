//! Recall and deletion: what stays is a tombstone.

use weft_http::Caller;
use weft_kernel::{Fault, LogKey, Micros, id::MessageId};
use weft_log::head;
use weft_storage::{Tx, params};

use super::{
    change::{Found, Locked, find},
    edit, sql,
};
use crate::{
    cx::Cx,
    polls, previews, rights, vanish,
    wire::{Message, StoredBody, state},
};

/// How long the sender may take a message back.
const RECALL_WITHIN: Micros = 24 * 3_600 * 1_000_000;

/// The sender takes a message back.
pub(super) async fn recall(cx: &Cx, caller: &Caller, id: MessageId) -> Result<Message, Fault> {
    cx.while_stale(|| async move {
        let found = find(cx, caller, id).await?;
        rights::seated(&found.view)?;
        bury(cx, caller, &found, state::RECALLED, |locked| may_recall(cx, caller, locked)).await
    })
    .await
}

fn may_recall(cx: &Cx, caller: &Caller, locked: &Locked) -> Result<(), Fault> {
    if locked.sender != caller.principal {
        return Err(Fault::forbidden("Only its author may recall a message."));
    }
    if cx.env.now() - locked.at > RECALL_WITHIN {
        return Err(Fault::conflict(
            "too_late",
            "A message can be recalled for 24 hours. Delete it instead.",
        ));
    }
    Ok(())
}

/// The sender, an owner of the conversation or an admin deletes a message.
pub(super) async fn delete(cx: &Cx, caller: &Caller, id: MessageId) -> Result<Message, Fault> {
    cx.while_stale(|| async move {
        let found = find(cx, caller, id).await?;
        bury(cx, caller, &found, state::DELETED, |locked| {
            let own = locked.sender == caller.principal && found.view.seat.is_some();
            if own { Ok(()) } else { rights::manages(&found.view, caller) }
        })
        .await
    })
    .await
}

async fn bury(
    cx: &Cx,
    caller: &Caller,
    found: &Found,
    state: i64,
    may: impl Fn(&Locked) -> Result<(), Fault>,
) -> Result<Message, Fault> {
    let (mut tx, locked) = found.lock(cx, caller).await?;
    locked.of_a_person()?;
    may(&locked)?;
    if locked.is_gone() {
        tx.rollback().await?;
        return found.present(cx).await;
    }
    let (log, seq) = (found.log(), found.seq());
    // A body that this server cannot open is buried all the same.
    let body = locked.body().ok().map(|(_, body)| body);
    let head = head::advance(&mut tx, log, cx.env.now()).await?;
    erase(&mut tx, (log, seq), state, head.seq, body.as_ref()).await?;
    tx.commit().await?;
    found.tell(cx, &locked, head).await
}

/// Leaves a tombstone of a message, whose change is the event `changed`.
///
/// # Errors
/// Any database error.
pub(crate) async fn erase(
    tx: &mut Tx,
    (log, seq): (LogKey, i64),
    state: i64,
    changed: i64,
    body: Option<&StoredBody>,
) -> Result<(), Fault> {
    tx.execute(sql::BURY, params![log, seq, state, changed]).await?;
    tx.execute(sql::FORGET_VERSIONS, params![log, seq]).await?;
    tx.execute(sql::FORGET_REACTIONS, params![log, seq]).await?;
    tx.execute(sql::FORGET_FILES, params![log, seq]).await?;
    tx.execute(previews::sql::FORGET, params![log, seq]).await?;
    polls::forget(tx, log, seq).await?;
    if let Some(body) = body {
        edit::unmention(tx, (log, seq), body).await?;
    }
    if state == state::VANISHED || body.is_some_and(|body| body.vanish.is_some()) {
        vanish::forget(tx, log, seq).await?;
    }
    Ok(())
}
