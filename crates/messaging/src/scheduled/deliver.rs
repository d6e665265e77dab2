//! Sending what is due.

use weft_http::{Caller, Credential, Role, Scopes};
use weft_kernel::{
    Fault, FaultKind, Micros, PrincipalKey,
    id::{ConversationId, ScheduledId},
};
use weft_log::{LogName, head, outbox, outbox::Job};
use weft_storage::params;

use super::{
    item::{Body, ScheduledMark, publish},
    sql, state,
};
use crate::{Cx, messages::find, send, wire};

/// A server that was down for longer does not send what was due meanwhile.
const MISSED_AFTER: Micros = 24 * 3_600 * 1_000_000;
/// A deadline that comes with it is at least this far away then.
const DEADLINE: Micros = 120_000_000;
/// Stored state of a person who may act.
const ACTIVE: i64 = 1;

struct Due {
    id: ScheduledId,
    principal: PrincipalKey,
    conversation: ConversationId,
    at: Micros,
    body: Body,
}

/// Sends one whose time has come; done again, it changes nothing.
pub(crate) async fn deliver(cx: &Cx, job: &Job) -> Result<(), Fault> {
    let id: ScheduledId = job.payload()?;
    let Some(due) = claim(cx, job, id).await? else {
        return Ok(outbox::done(&cx.db, job.key).await?);
    };
    let Some(caller) = sender(cx, due.principal).await? else {
        return fail(cx, job, &due, None, "deactivated").await;
    };
    let caller = match caller {
        Sender::Active(caller) => caller,
        Sender::Inactive(caller) => return fail(cx, job, &due, Some(&caller), "deactivated").await,
    };
    if cx.env.now() > due.at.saturating_add(MISSED_AFTER) {
        return fail(cx, job, &due, Some(&caller), "missed").await;
    }
    match attempt(cx, &caller, &due).await? {
        None => sent(cx, job, &due, &caller).await,
        Some(reason) => fail(cx, job, &due, Some(&caller), reason).await,
    }
}

/// Takes it in hand: from here on nobody changes it. None where another has changed or ended it.
async fn claim(cx: &Cx, job: &Job, id: ScheduledId) -> Result<Option<Due>, Fault> {
    let Some(mut row) = cx.db.query_opt(sql::DUE, params![id]).await? else { return Ok(None) };
    if row.get::<i64>(5)? != job.key || cx.db.execute(sql::SENDING, params![id, job.key]).await? == 0 {
        return Ok(None);
    }
    let sealed = row.take_bytes(4)?;
    let body = Body::open(&sealed)?;
    Ok(Some(Due { id, principal: row.get(0)?, conversation: row.get(1)?, at: row.get(2)?, body }))
}

/// Somebody as the caller of what is done in their name now, with the rights of this moment; none
/// where they may not act.
///
/// # Errors
/// Any database fault.
pub async fn acting(cx: &Cx, who: PrincipalKey) -> Result<Option<Caller>, Fault> {
    Ok(match sender(cx, who).await? {
        Some(Sender::Active(caller)) => Some(caller),
        _ => None,
    })
}

enum Sender {
    Active(Caller),
    Inactive(Caller),
}

/// Its sender with the rights of this moment.
async fn sender(cx: &Cx, who: PrincipalKey) -> Result<Option<Sender>, Fault> {
    let Some(row) = cx.db.query_opt(sql::SENDER, params![who]).await? else { return Ok(None) };
    let Some(role) = Role::from_stored(row.get(7)?) else { return Ok(None) };
    let caller = Caller {
        org: row.get(0)?,
        org_id: row.get(1)?,
        org_log: row.get(2)?,
        principal: row.get(3)?,
        principal_id: row.get(4)?,
        log: row.get(5)?,
        acl_version: row.get(6)?,
        role,
        account: row.get(8)?,
        credential: Credential::Token {
            key: 0,
            scopes: Scopes { read: true, write: true, admin: false },
            expires_at: None,
        },
    };
    let active = row.get::<i64>(9)? == ACTIVE;
    Ok(Some(if active { Sender::Active(caller) } else { Sender::Inactive(caller) }))
}

/// Faults that may pass by themselves.
fn passes(fault: &Fault) -> bool {
    matches!(fault.kind(), FaultKind::Unavailable | FaultKind::Internal | FaultKind::RateLimited)
        || fault.code_str() == "stale_permission"
}

/// A reason, unless the fault may pass by itself.
fn because<T>(done: Result<T, Fault>, reason: &'static str) -> Result<Option<&'static str>, Fault> {
    match done {
        Ok(_) => Ok(None),
        Err(fault) if passes(&fault) => Err(fault),
        Err(_) => Ok(Some(reason)),
    }
}

/// Sends it; the reason where it cannot be.
async fn attempt(cx: &Cx, caller: &Caller, due: &Due) -> Result<Option<&'static str>, Fault> {
    let mut request = due.body.request.clone();
    let seat = match cx.guard.seat(caller, due.conversation).await {
        Ok(seat) => seat,
        Err(fault) => return because(Err::<(), _>(fault), "left"),
    };
    if seat.room.archived {
        // What is remembered may be old; the database knows.
        cx.guard.forget(seat.room.log);
        if let Some(reason) = because(cx.guard.seat(caller, due.conversation).await?.open(), "archived")? {
            return Ok(Some(reason));
        }
    }
    if !request.files.is_empty()
        && let Some(reason) = because(cx.attachments.claim(caller, &request.files).await, "files_gone")?
    {
        return Ok(Some(reason));
    }
    if let Some(root) = request.thread
        && let Some(reason) = because(send::root(cx, &seat, root).await, "thread_gone")?
    {
        return Ok(Some(reason));
    }
    if let Some(quote) = request.quote {
        let found = find(cx, caller, quote).await;
        let gone = found.as_ref().is_ok_and(|found| found.row.state != wire::state::LIVE);
        if let Some(reason) = because(found, "quote_gone")?.or(gone.then_some("quote_gone")) {
            return Ok(Some(reason));
        }
    }
    if let Some(deadline) = request.ack.as_mut().and_then(|ack| ack.deadline.as_mut()) {
        *deadline = (*deadline).max(cx.env.now() + DEADLINE);
    }
    match send::send(cx, caller, due.conversation, &request).await {
        // Its nonce is known: an earlier try has sent it, perhaps with another deadline.
        Err(fault) if fault.code_str() == "nonce_reused" => Ok(None),
        Err(fault) if passes(&fault) => Err(fault),
        // What it names was there a moment ago.
        Err(fault) if matches!(fault.code_str(), "not_found" | "not_member") => Ok(Some("left")),
        Err(fault) => Ok(Some(fault.code_str())),
        Ok(_) => Ok(None),
    }
}

async fn sent(cx: &Cx, job: &Job, due: &Due, caller: &Caller) -> Result<(), Fault> {
    let mut tx = cx.db.begin().await?;
    let head = head::advance(&mut tx, caller.log, cx.env.now()).await?;
    tx.execute(sql::DROP_FILES, params![due.id]).await?;
    tx.execute(sql::END, params![due.id, cx.env.now(), head.seq]).await?;
    outbox::done_in(&mut tx, job.key).await?;
    tx.commit().await?;
    tell(cx, caller, due, head.seq, state::GONE);
    Ok(())
}

/// Keeps it with the reason, and tells whose it is.
async fn fail(
    cx: &Cx,
    job: &Job,
    due: &Due,
    caller: Option<&Caller>,
    reason: &'static str,
) -> Result<(), Fault> {
    let mut tx = cx.db.begin().await?;
    let seq = match caller {
        Some(caller) => head::advance(&mut tx, caller.log, cx.env.now()).await?.seq,
        None => 0,
    };
    tx.execute(sql::FAIL, params![due.id, cx.env.now(), reason, seq]).await?;
    outbox::done_in(&mut tx, job.key).await?;
    tx.commit().await?;
    if let Some(caller) = caller {
        tell(cx, caller, due, seq, state::FAILED);
    }
    Ok(())
}

fn tell(cx: &Cx, caller: &Caller, due: &Due, seq: i64, state: i64) {
    let mark = ScheduledMark { id: due.id, conversation: due.conversation, state: state::name(state) };
    publish(cx, (caller.log, LogName::Principal(caller.principal_id)), seq, &mark);
}
