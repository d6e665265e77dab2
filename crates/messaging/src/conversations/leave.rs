//! Going out of a conversation: leaving, being removed.

use serde_json::{Value, json};
use weft_http::Caller;
use weft_kernel::{
    Fault, Micros,
    id::{ConversationId, PrincipalId},
};
use weft_log::{ControlKind, Frame, Head, LogName, control, head};
use weft_storage::{Tx, params};

use super::{
    join::{self, Person},
    sql,
};
use crate::{
    cx::Cx,
    events::{Event, MemberState, role_name},
    guard::{Room, View},
    rights,
    system::{self, Place},
    wire::Message,
};

/// The caller leaves. The last owner may leave too: the org's admins can still manage it.
pub(super) async fn leave(cx: &Cx, caller: &Caller, id: ConversationId) -> Result<(), Fault> {
    cx.while_stale(|| async move {
        let view = cx.guard.view(caller, id).await?;
        rights::not_direct(&view.room)?;
        if view.seat.is_none() {
            return Ok(());
        }
        go(cx, &view, caller, join::myself(caller), "member.left", json!({})).await
    })
    .await
}

/// An owner or admin removes someone.
pub(super) async fn remove(
    cx: &Cx,
    caller: &Caller,
    id: ConversationId,
    member: PrincipalId,
) -> Result<(), Fault> {
    if member == caller.principal_id {
        return leave(cx, caller, id).await;
    }
    cx.while_stale(|| async move {
        let view = cx.guard.view(caller, id).await?;
        rights::not_direct(&view.room)?;
        rights::manages(&view, caller)?;
        if cx.known_to(caller, &[member]).await?.is_empty() {
            return Err(Fault::not_found("person"));
        }
        let row = cx.db.query_opt(sql::ANYONE, params![caller.org, member]).await?;
        let Some(row) = row else { return Err(Fault::not_found("person")) };
        let person = Person::read(&row)?;
        go(cx, &view, caller, person, "member.removed", json!({"member": member})).await
    })
    .await
}

async fn go(
    cx: &Cx,
    view: &View,
    caller: &Caller,
    person: Person,
    code: &str,
    params: Value,
) -> Result<(), Fault> {
    let (room, now) = (&view.room, cx.env.now());
    let mut tx = cx.db.begin().await?;
    join::lock(&mut tx, Some(room.log), &[person]).await?;
    cx.confirm(&mut tx, caller, room, view.seat.as_ref()).await?;
    let head = head::advance_acl(&mut tx, room.log, now).await?;
    let own = head::advance(&mut tx, person.log, now).await?;
    let Some((role, joined_at)) = vacate(&mut tx, room, person, head, own).await? else {
        // Not a member: nothing happens, and the numbers taken above are given back.
        return Ok(tx.rollback().await?);
    };
    let member_count = tx.query_one(sql::COUNT_MEMBERS, params![room.log, -1_i64]).await?.get(0)?;
    let place = Place { log: room.log, conversation: room.id, seq: head.seq, at: head.at };
    let message = system::write(cx, &mut tx, place, caller.into(), code, params).await?;
    control::announce(&mut tx, ControlKind::Conversation, room.log.0, now).await?;
    tx.commit().await?;

    cx.guard.forget(room.log);
    cx.publisher.unsubscribe(person.key, room.log);
    let event = Event::Left { conversation: room.id };
    cx.publisher.publish(Frame::event(person.log, LogName::Principal(person.id), own.seq, &event));
    let member = MemberState { id: person.id, role, joined_at, state: "left" };
    tell(cx, room, head, member, member_count, &message);
    Ok(())
}

async fn vacate(
    tx: &mut Tx,
    room: &Room,
    person: Person,
    head: Head,
    own: Head,
) -> Result<Option<(&'static str, Micros)>, Fault> {
    let row = tx.query_opt(sql::LEAVE, params![room.log, person.key, head.seq, own.seq]).await?;
    row.map(|row| Ok((role_name(row.get(0)?), row.get(1)?))).transpose()
}

fn tell(cx: &Cx, room: &Room, head: Head, member: MemberState, member_count: i64, message: &Message) {
    let event = Event::Member { member, member_count, message: Some(message) };
    cx.publisher.publish(Frame::event(room.log, LogName::Conversation(room.id), head.seq, &event));
}
