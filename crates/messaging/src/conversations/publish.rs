//! Who posts in an announcement conversation, and who is in it.

use serde::Deserialize;
use utoipa::ToSchema;
use weft_http::{BoardMakers, Caller, OrgPolicy, Role, limits};
use weft_kernel::{
    Fault, PrincipalKey,
    id::{ConversationId, PrincipalId},
};
use weft_log::{ControlKind, Frame, LogName, control, head};
use weft_storage::{DbResult, params};

use super::{
    join::{self, Person},
    sql,
};
use crate::{
    cards,
    cx::Cx,
    events::{Event, MemberState, ROLE_MEMBER, ROLE_OWNER, ROLE_PUBLISHER, role_name},
    guard::View,
    rights,
    wire::Kind,
};

/// What a member of an announcement conversation may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum MemberRole {
    /// Posts.
    Publisher = ROLE_PUBLISHER as isize,
    /// Reads and comments.
    Member = ROLE_MEMBER as isize,
}

/// A change of a membership by who manages the conversation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MemberPatch {
    /// `publisher` or `member`.
    pub(super) role: MemberRole,
}

/// Whether the caller may make an announcement conversation, and one with everybody.
pub(super) async fn may_make(cx: &Cx, caller: &Caller, everyone: bool) -> Result<(), Fault> {
    if rights::administers(caller) {
        return Ok(());
    }
    if everyone {
        let only = "Only owners and admins may bring everybody into a space. Name its members.";
        return Err(Fault::forbidden(only));
    }
    let row = cx.db.query_one(sql::POLICY, params![caller.org]).await?;
    match OrgPolicy::from_stored(&row.get::<String>(0)?).announcements.create {
        BoardMakers::Members => Ok(()),
        BoardMakers::Admins => {
            let advice = "In your organisation, owners and admins make announcement spaces. Ask one of them.";
            Err(Fault::forbidden(advice))
        }
    }
}

/// The people who are to post; guests cannot.
pub(super) async fn named(cx: &Cx, caller: &Caller, ids: &[PrincipalId]) -> Result<Vec<Person>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let people = join::persons(cx, caller.org, ids).await?;
    if people.iter().any(|person| person.role == Role::Guest as i64) {
        return Err(Fault::invalid("publishers", "Guests cannot post. Name members of the organisation."));
    }
    Ok(people)
}

/// Brings everybody of the org into an announcement conversation, guests aside. Safe to repeat;
/// in any other conversation it does nothing.
pub(super) async fn bring_everybody(cx: &Cx, caller: &Caller, id: ConversationId) -> Result<(), Fault> {
    let mut after = PrincipalKey(0);
    loop {
        let view = cx.guard.view(caller, id).await?;
        if view.room.kind != Kind::Announcement {
            return Ok(());
        }
        let guest = Role::Guest as i64;
        let asked = params![caller.org, view.room.log, guest, after, limits::PEOPLE_AT_ONCE as i64];
        let rows = cx.db.query(sql::OUTSIDERS, asked).await?;
        let people = rows.iter().map(Person::read).collect::<DbResult<Vec<_>>>()?;
        let Some(last) = people.last() else { return Ok(()) };
        after = last.key;
        let people = &people;
        cx.while_stale(|| async move {
            let view = cx.guard.view(caller, id).await?;
            join::add(cx, &view, caller, people, true).await
        })
        .await?;
    }
}

/// Names a member as one who posts, or takes that back.
pub(super) async fn change_member(
    cx: &Cx,
    caller: &Caller,
    id: ConversationId,
    member: PrincipalId,
    role: MemberRole,
) -> Result<(), Fault> {
    cx.while_stale(|| async move {
        let view = cx.guard.view(caller, id).await?;
        rights::manages(&view, caller)?;
        if view.room.kind != Kind::Announcement {
            let only = "Only announcement spaces have publishers.";
            return Err(Fault::conflict("not_announcement", only));
        }
        rights::open(&view.room)?;
        let person = cx.db.query_opt(sql::ANYONE, params![caller.org, member]).await?;
        let person = Person::read(&person.ok_or_else(|| Fault::not_found("person"))?)?;
        if role == MemberRole::Publisher && person.role == Role::Guest as i64 {
            return Err(Fault::invalid("role", "Guests cannot post. Name a member of the organisation."));
        }
        set(cx, &view, caller, person, role).await
    })
    .await
}

async fn set(cx: &Cx, view: &View, caller: &Caller, person: Person, role: MemberRole) -> Result<(), Fault> {
    let (room, now) = (&view.room, cx.env.now());
    let mut tx = cx.db.begin().await?;
    join::lock(&mut tx, Some(room.log), &[person]).await?;
    cx.confirm(&mut tx, caller, room, view.seat.as_ref()).await?;
    let row = tx.query_opt(sql::ROLE, params![room.log, person.key]).await?;
    let row = row.ok_or_else(|| Fault::not_found("member"))?;
    let (before, joined_at): (i64, _) = (row.get(0)?, row.get(1)?);
    if before == ROLE_OWNER {
        return Err(Fault::conflict("owner_publishes", "Who owns the space always posts."));
    }
    let role = role as i64;
    if before == role {
        return Ok(tx.rollback().await?);
    }
    let head = head::advance_acl(&mut tx, room.log, now).await?;
    let own = head::advance(&mut tx, person.log, now).await?;
    tx.execute(sql::SET_ROLE, params![room.log, person.key, role, head.seq, own.seq]).await?;
    control::announce(&mut tx, ControlKind::Conversation, room.log.0, now).await?;
    tx.commit().await?;
    cx.guard.forget(room.log);
    let member = MemberState { id: person.id, role: role_name(role), joined_at, state: "joined" };
    let card = cards::card(&cx.db, &cx.people, person.key, room.log).await?;
    let event = Event::Member { member, member_count: card.member_count, message: None };
    cx.publisher.publish(Frame::event(room.log, LogName::Conversation(room.id), head.seq, &event));
    if let Some(me) = &card.me {
        let event = Event::Membership { conversation: room.id, me, last_n: card.last_n };
        cx.publisher.publish(Frame::event(person.log, LogName::Principal(person.id), own.seq, &event));
    }
    Ok(())
}
