//! Making a message urgent that is there already, taking the urgency back, and saying that it was
//! shown.

use serde::Deserialize;
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{
    Fault, PrincipalKey,
    id::{MessageId, PrincipalId},
};
use weft_log::head;
use weft_storage::{Envelope, Tx, params};

use super::{
    Policy, Step, StepState,
    ask::{UrgentAsk, few, people_of},
    count, run, sql,
};
use crate::{
    Cx,
    acks::{self, Ask, Spot, Why},
    append::{Alongside, Appended},
    messages::{Found, Locked, find, sql::TOUCH},
    rights, vanish,
    wire::{Message, StoredAck, StoredBody},
};

/// For whom a message becomes urgent.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BuzzRequest {
    /// Members who see it; of a message that asks to be confirmed, some of those who have not.
    /// Without it: all of them.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    people: Option<Vec<PrincipalId>>,
}

/// The caller makes their own message urgent.
pub(super) async fn buzz(
    cx: &Cx,
    caller: &Caller,
    id: MessageId,
    request: BuzzRequest,
) -> Result<Message, Fault> {
    let policy = &Policy::load(&cx.db, caller.org).await?;
    let request = &request;
    let message = cx
        .while_stale(|| async move {
            let found = find(cx, caller, id).await?;
            rights::seated(&found.view)?.open()?;
            policy.let_send(caller)?;
            write(cx, caller, &found, policy, request).await
        })
        .await?;
    cx.urgent.messages.notify_one();
    Ok(message)
}

async fn write(
    cx: &Cx,
    caller: &Caller,
    found: &Found,
    policy: &Policy,
    request: &BuzzRequest,
) -> Result<Message, Fault> {
    let (log, seq) = (found.row.log, found.row.seq);
    let (mut tx, locked) = found.lock(cx, caller).await?;
    locked.of_a_person()?;
    if locked.sender != caller.principal {
        return Err(not_sender("Only who sent a message can make it urgent."));
    }
    locked.live()?;
    if tx.query_opt(sql::ONE, params![log, seq]).await?.is_some() {
        let again = "This message is urgent already, or was. Remind people of it instead.";
        return Err(Fault::conflict("already_urgent", again));
    }
    let (_, body) = locked.body()?;
    vanish::stays(&body, "A message that vanishes cannot be made urgent.")?;
    let people = people(&mut tx, caller, Spot { log, seq }, policy, request, body.ack.is_some()).await?;
    count::message(&mut tx, policy, caller.org, caller.principal, cx.env.now()).await?;
    let head = head::advance(&mut tx, log, cx.env.now()).await?;
    let place = Appended { id: found.row.id, seq, n: 0, at: head.at, repeated: false };
    let urgent = UrgentAsk::new(caller.org, people.iter().map(|(key, _)| *key).collect());
    let statements = match body.ack {
        Some(_) => urgent.statements(log, caller.principal, &place)?,
        None => {
            let ask = ask_all(&people, urgent);
            set_body(&mut tx, found, body, &ask, head.seq).await?;
            ask.statements(log, caller.principal, &place)?
        }
    };
    for (statement, row) in statements {
        tx.execute(statement, row).await?;
    }
    tx.execute(TOUCH, params![log, seq, head.seq]).await?;
    tx.commit().await?;
    found.tell(cx, &locked, head).await
}

fn not_sender(detail: &'static str) -> Fault {
    Fault::forbidden(detail).code("not_sender")
}

/// The request to confirm that comes with the urgency of a message that asked nothing.
fn ask_all(people: &[(PrincipalKey, PrincipalId)], urgent: UrgentAsk) -> Ask {
    let (keys, ids): (Vec<_>, Vec<_>) = people.iter().copied().unzip();
    Ask {
        stored: StoredAck { people: ids, deadline: None },
        total: keys.len() as i64,
        people: Some(keys),
        urgent: Some(urgent),
    }
}

async fn set_body(
    tx: &mut Tx,
    found: &Found,
    mut body: StoredBody,
    ask: &Ask,
    changed_seq: i64,
) -> Result<(), Fault> {
    body.ack = Some(ask.stored.clone());
    let sealed = Envelope.seal(&serde_json::to_vec(&body).map_err(Fault::internal)?);
    tx.execute(sql::SET_BODY, params![found.row.log, found.row.seq, sealed, changed_seq]).await?;
    Ok(())
}

/// Whom it is urgent for.
async fn people(
    tx: &mut Tx,
    caller: &Caller,
    spot: Spot,
    policy: &Policy,
    request: &BuzzRequest,
    asks: bool,
) -> Result<Vec<(PrincipalKey, PrincipalId)>, Fault> {
    // When some are named, they are looked for among all, who may be more than it can be for.
    let most = if request.people.is_some() { i64::from(i32::MAX) } else { policy.people_limit + 1 };
    let rows = if asks {
        tx.query(sql::WAITING, params![spot.log, spot.seq, most]).await?
    } else {
        tx.query(sql::ADDRESSABLE, params![spot.log, caller.principal, spot.seq, most]).await?
    };
    let mut people = people_of(&rows)?;
    if let Some(named) = &request.people {
        let wrong = |detail| Err(Fault::invalid("people", detail));
        if named.is_empty() || named.len() > limits::PEOPLE_AT_ONCE {
            return wrong("Name between 1 and 500 people, or leave \"people\" out.");
        }
        people.retain(|(_, id)| named.contains(id));
        if named.iter().any(|id| !people.iter().any(|(_, known)| known == id)) {
            return wrong("Only other members who see the message and have not confirmed it can be named.");
        }
    }
    if people.is_empty() {
        return Err(Fault::invalid("people", "There is nobody left who could confirm it."));
    }
    few(policy, people.len())?;
    Ok(people)
}

/// The sender takes the urgency back; the request to confirm stays.
pub(super) async fn cancel(cx: &Cx, caller: &Caller, id: MessageId) -> Result<(), Fault> {
    cx.while_stale(|| async move {
        let found = find(cx, caller, id).await?;
        rights::seated(&found.view)?;
        let spot = Spot { log: found.row.log, seq: found.row.seq };
        let (mut tx, locked) = found.lock(cx, caller).await?;
        let urgent = tx.query_opt(sql::LOCKED, params![spot.log, spot.seq]).await?;
        urgent.ok_or_else(not_urgent)?;
        if locked.sender != caller.principal {
            return Err(not_sender("Only who sent a message can take its urgency back."));
        }
        if tx.execute(sql::CANCEL, params![spot.log, spot.seq]).await? == 0 {
            return Ok(tx.rollback().await?);
        }
        tx.execute(sql::LEAVE_OUT_WAITING, params![spot.log, spot.seq, cx.env.now()]).await?;
        let policy = Policy::default();
        let open = run::open_people(&mut tx, spot, &policy, None).await?;
        let head = head::advance(&mut tx, spot.log, cx.env.now()).await?;
        tx.execute(TOUCH, params![spot.log, spot.seq, head.seq]).await?;
        tx.commit().await?;
        tell(cx, &found, &locked, head).await?;
        run::tell(cx, spot, Why::Cancelled, open.iter().map(|each| each.log)).await
    })
    .await
}

async fn tell(cx: &Cx, found: &Found, locked: &Locked, head: weft_log::Head) -> Result<(), Fault> {
    if locked.live().is_err() {
        return Ok(());
    }
    found.tell(cx, locked, head).await.map(drop)
}

pub(super) fn not_urgent() -> Fault {
    Fault::conflict("not_urgent", "This message is not urgent.")
}

/// A device has shown the message to the caller.
pub(super) async fn seen(cx: &Cx, caller: &Caller, id: MessageId) -> Result<(), Fault> {
    let found = find(cx, caller, id).await?;
    rights::seated(&found.view)?;
    acks::live(&found)?;
    let (log, seq) = (found.row.log, found.row.seq);
    let urgent = cx.db.query_opt(sql::ONE, params![log, seq]).await?.ok_or_else(not_urgent)?;
    let (from, to) = (StepState::Waiting as i64, StepState::Done as i64);
    let row = params![log, seq, caller.principal, Step::App as i64, from, to, cx.env.now(), None::<String>];
    if cx.db.execute(sql::MOVE, row).await? > 0 {
        run::progress(cx, Spot { log, seq }, urgent.get(1)?).await?;
    }
    Ok(())
}
