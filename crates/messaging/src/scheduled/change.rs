//! Scheduling, changing, giving up.

use serde::Deserialize;
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{
    Fault, FileKey, Micros,
    id::{ConversationId, ScheduledId, TopicId},
};
use weft_log::{Head, LogName, head, outbox};
use weft_storage::{Tx, params};

use super::{
    JOB,
    item::{Body, Scheduled, ScheduledMark, Stored, one, publish},
    sql, state,
};
use crate::{
    Cx, Seat,
    content::FileRef,
    rights,
    send::{self, SendRequest},
    when::When,
};

/// A message, and when it is to be sent.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScheduleRequest {
    /// When.
    when: When,
    /// What.
    message: SendRequest,
}

/// What is to be otherwise; what is absent stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ScheduledPatch {
    /// Another time.
    #[serde(default)]
    when: Option<When>,
    /// Another message, whole; it keeps the nonce of the first.
    #[serde(default)]
    message: Option<SendRequest>,
}

/// Moves deadlines along with the message.
fn shift(request: &mut SendRequest, by: Micros) {
    if let Some(deadline) = request.ack.as_mut().and_then(|ack| ack.deadline.as_mut()) {
        *deadline = deadline.saturating_add(by);
    }
}

/// Checks all that is known now of a message that is sent at `at`: its deadline, too, must be
/// a time after it.
async fn check(
    cx: &Cx,
    caller: &Caller,
    conversation: ConversationId,
    request: &SendRequest,
    at: Micros,
) -> Result<(Seat, Vec<FileKey>, Vec<FileRef>), Fault> {
    if request.sticker.is_some() {
        return Err(Fault::invalid(
            "sticker",
            "A sticker is sent at once. Write a text to send it at a time.",
        ));
    }
    let mut now = request.clone();
    shift(&mut now, cx.env.now() - at);
    // A topic of a new name is made with the message, not before.
    now.topic = now.topic.filter(|topic| topic.parse::<TopicId>().is_ok());
    let seat = send::check(cx, caller, conversation, &now).await?;
    let attached = match request.files.as_slice() {
        [] => Vec::new(),
        ids => cx.attachments.claim(caller, ids).await?,
    };
    let (keys, files) = attached.into_iter().map(|each| (each.key, each.file)).unzip();
    Ok((seat, keys, files))
}

async fn begin(cx: &Cx, caller: &Caller, seat: Option<&Seat>) -> Result<(Tx, Head), Fault> {
    let mut tx = cx.db.begin().await?;
    let head = head::advance(&mut tx, caller.log, cx.env.now()).await?;
    match seat {
        Some(seat) => cx.confirm(&mut tx, caller, &seat.room, Some(seat)).await?,
        None => rights::own_proof(caller).confirm(&mut tx).await?,
    }
    Ok((tx, head))
}

async fn keep_files(tx: &mut Tx, id: ScheduledId, keys: Vec<FileKey>) -> Result<(), Fault> {
    tx.execute(sql::DROP_FILES, params![id]).await?;
    let keys: Vec<i64> = keys.into_iter().map(|key| key.0).collect();
    if !keys.is_empty() && tx.execute(sql::ADD_FILES, params![id, keys.clone()]).await? != keys.len() as u64 {
        return Err(Fault::not_found("file"));
    }
    Ok(())
}

fn told(cx: &Cx, caller: &Caller, seq: i64, (id, conversation): (ScheduledId, ConversationId), state: i64) {
    let mark = ScheduledMark { id, conversation, state: state::name(state) };
    publish(cx, (caller.log, LogName::Principal(caller.principal_id)), seq, &mark);
    cx.due.notify_one();
}

/// Schedules a message. The same nonce again finds the first one, while it waits.
pub(super) async fn add(
    cx: &Cx,
    caller: &Caller,
    conversation: ConversationId,
    request: &ScheduleRequest,
) -> Result<Scheduled, Fault> {
    let at = request.when.resolve(cx, caller).await?;
    let id = cx.while_stale(|| put(cx, caller, conversation, &request.message, at)).await?;
    one(cx, caller, id).await
}

async fn put(
    cx: &Cx,
    caller: &Caller,
    conversation: ConversationId,
    message: &SendRequest,
    at: Micros,
) -> Result<ScheduledId, Fault> {
    let (seat, keys, files) = check(cx, caller, conversation, message, at).await?;
    let log = seat.room.log;
    let (mut tx, head) = begin(cx, caller, Some(&seat)).await?;
    if let Some(row) = tx.query_opt(sql::BY_NONCE, params![log, caller.principal, &message.nonce]).await? {
        let (id, state): (ScheduledId, i64) = (row.get(0)?, row.get(1)?);
        tx.rollback().await?;
        return if state == state::GONE { Err(spent()) } else { Ok(id) };
    }
    let count: i64 = tx.query_one(sql::COUNT, params![caller.principal]).await?.get(0)?;
    if count >= limits::SCHEDULED {
        let full = "You have as many scheduled messages as there can be. Delete one that failed, or wait.";
        return Err(Fault::conflict("too_many_scheduled", full).param("max", limits::SCHEDULED));
    }
    let id: ScheduledId = cx.env.id();
    let job = outbox::add(&mut tx, JOB, &id, at).await?;
    let mut request = message.clone();
    // Whoever was asked has said so.
    request.confirm_all = true;
    let body = Body { request, files }.seal()?;
    let row = params![id, caller.principal, log, &message.nonce, at, body, job, cx.env.now(), head.seq];
    tx.execute(sql::ADD, row).await?;
    keep_files(&mut tx, id, keys).await?;
    tx.commit().await?;
    told(cx, caller, head.seq, (id, conversation), state::WAITING);
    Ok(id)
}

fn spent() -> Fault {
    let again =
        "This nonce was used for a message that was sent or given up. Schedule it with a fresh nonce.";
    Fault::conflict("nonce_reused", again)
}

fn on_its_way() -> Fault {
    Fault::conflict("scheduled_sending", "The message is being sent just now.")
}

/// Changes what is sent, or when; a failed one waits again.
pub(super) async fn change(
    cx: &Cx,
    caller: &Caller,
    id: ScheduledId,
    patch: &ScheduledPatch,
) -> Result<Scheduled, Fault> {
    let at = match &patch.when {
        Some(when) => Some(when.resolve(cx, caller).await?),
        None => None,
    };
    cx.while_stale(|| rewrite(cx, caller, id, patch.message.as_ref(), at)).await?;
    one(cx, caller, id).await
}

/// Sends one now, in the background, as if its time had come.
pub(super) async fn send_now(cx: &Cx, caller: &Caller, id: ScheduledId) -> Result<(), Fault> {
    let now = cx.env.now();
    cx.while_stale(|| rewrite(cx, caller, id, None, Some(now))).await
}

async fn rewrite(
    cx: &Cx,
    caller: &Caller,
    id: ScheduledId,
    message: Option<&SendRequest>,
    at: Option<Micros>,
) -> Result<(), Fault> {
    let before = Stored::find(cx, caller, id).await?;
    let when = at.unwrap_or(before.at);
    if before.state == state::FAILED && at.is_none() && when <= cx.env.now() {
        return Err(Fault::invalid("when", "Its time has passed. Choose another."));
    }
    let mut request = message.cloned().unwrap_or_else(|| {
        let mut request = before.body.request.clone();
        shift(&mut request, when - before.at);
        request
    });
    request.nonce.clone_from(&before.nonce);
    request.confirm_all |= message.is_none();
    let (seat, keys, files) = check(cx, caller, before.conversation, &request, when).await?;
    request.confirm_all = true;
    let body = Body { request, files }.seal()?;
    let (mut tx, head) = begin(cx, caller, Some(&seat)).await?;
    tx.execute(sql::DROP_JOB, params![id]).await?;
    let job = outbox::add(&mut tx, JOB, &id, when).await?;
    if tx.execute(sql::CHANGE, params![id, when, body, job, cx.env.now(), head.seq]).await? == 0 {
        return Err(on_its_way());
    }
    keep_files(&mut tx, id, keys).await?;
    tx.commit().await?;
    told(cx, caller, head.seq, (id, before.conversation), state::WAITING);
    Ok(())
}

/// Gives one up.
pub(super) async fn remove(cx: &Cx, caller: &Caller, id: ScheduledId) -> Result<(), Fault> {
    let before = Stored::find(cx, caller, id).await?;
    let (mut tx, head) = begin(cx, caller, None).await?;
    let row = tx.query_opt(sql::STATE, params![id, caller.principal]).await?;
    let now: Option<i64> = row.map(|row| row.get(0)).transpose()?;
    match now {
        Some(state::SENDING) => return Err(on_its_way()),
        Some(state::WAITING | state::FAILED) => {}
        _ => return Err(Fault::not_found("scheduled message")),
    }
    tx.execute(sql::DROP_JOB, params![id]).await?;
    tx.execute(sql::DROP_FILES, params![id]).await?;
    tx.execute(sql::END, params![id, cx.env.now(), head.seq]).await?;
    tx.commit().await?;
    told(cx, caller, head.seq, (id, before.conversation), state::GONE);
    Ok(())
}
