//! A conversation's own data: name, topic, purpose, default, archived.

use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{Fault, Micros, id::ConversationId, names};
use weft_log::{ControlKind, Frame, Head, LogName, control, head};
use weft_storage::{Row, Tx, params};

use super::{
    create::{PURPOSE_CHARS, TOPIC_CHARS, clean_name, named},
    publish, sql,
};
use crate::{
    cx::Cx,
    events::{Event, Summary},
    guard::{Room, View},
    rights,
    system::{self, Place},
    wire::{History, Kind, Message},
};

/// A change of a conversation's own data; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConversationPatch {
    /// The new name; owners and admins, in a group any member.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is about now; any member but guests.
    #[serde(default)]
    pub topic: Option<String>,
    /// What it is for; any member but guests.
    #[serde(default)]
    pub purpose: Option<String>,
    /// Whether new members of the org join it; admins, public channels and announcement
    /// conversations. Everybody who is in the org already joins the latter, too.
    #[serde(default)]
    pub default: Option<bool>,
    /// What those who join from now on see of what was before; owners and admins, private channels
    /// and groups.
    #[serde(default)]
    pub history: Option<History>,
    /// Whether posts may be commented on; owners and admins, announcement conversations.
    #[serde(default)]
    pub comments: Option<bool>,
}

/// One event of a change, with the system message that tells of it.
type Told = Option<(&'static str, Value)>;

/// Changes a conversation's own data. Each field that really changes is one event.
pub(super) async fn patch(
    cx: &Cx,
    caller: &Caller,
    id: ConversationId,
    patch: ConversationPatch,
) -> Result<(), Fault> {
    let patch = &clean(patch)?;
    cx.while_stale(|| async move {
        let view = cx.guard.view(caller, id).await?;
        may(&view, caller, patch)?;
        set(cx, &view, caller, patch).await
    })
    .await?;
    if patch.default == Some(true) {
        publish::bring_everybody(cx, caller, id).await?;
    }
    Ok(())
}

fn clean(patch: ConversationPatch) -> Result<ConversationPatch, Fault> {
    Ok(ConversationPatch {
        name: patch.name.map(|name| clean_name(&name)).transpose()?,
        topic: patch.topic.map(|text| names::clean_text("topic", &text, TOPIC_CHARS)).transpose()?,
        purpose: patch.purpose.map(|text| names::clean_text("purpose", &text, PURPOSE_CHARS)).transpose()?,
        default: patch.default,
        history: patch.history,
        comments: patch.comments,
    })
}

fn may(view: &View, caller: &Caller, patch: &ConversationPatch) -> Result<(), Fault> {
    rights::not_direct(&view.room)?;
    rights::open(&view.room)?;
    if patch.name.is_some() && (view.room.kind.is_channel() || view.room.kind == Kind::Announcement) {
        rights::manages(view, caller)?;
    }
    if patch.default.is_some() {
        if !rights::administers(caller) {
            return Err(Fault::forbidden("Only owners and admins may choose the default channels."));
        }
        if !matches!(view.room.kind, Kind::Channel | Kind::Announcement) {
            let only = "Only a public channel or an announcement space can be a default.";
            return Err(Fault::invalid("default", only));
        }
    }
    if patch.history.is_some() {
        rights::manages(view, caller)?;
        if !view.room.kind.has_newcomers() {
            return Err(Fault::invalid("history", "A public channel shows its whole history to everybody."));
        }
    }
    if view.room.kind == Kind::Announcement {
        // What it is about is told to all its readers, as its posts are.
        rights::manages(view, caller)?;
    } else if patch.comments.is_some() {
        let only = "Only an announcement space has a switch for comments.";
        return Err(Fault::invalid("comments", only));
    }
    rights::not_guest(caller)?;
    if !rights::administers(caller) {
        rights::seated(view)?;
    }
    Ok(())
}

async fn set(cx: &Cx, view: &View, caller: &Caller, patch: &ConversationPatch) -> Result<(), Fault> {
    let room = &view.room;
    let mut tx = cx.db.begin().await?;
    head::lock(&mut tx, &[room.log]).await?;
    cx.confirm(&mut tx, caller, room, view.seat.as_ref()).await?;
    let mut state = summary(&mut tx, room).await?;
    let could = state.comments;
    let told = apply(&mut state, patch);
    if told.is_empty() {
        return Ok(tx.rollback().await?);
    }
    let (count, now) = (told.len() as i64, cx.env.now());
    let switched = state.comments != could;
    let head = match switched {
        // A comment that is on its way is refused.
        true => head::advance_acl_by(&mut tx, room.log, count, now).await?,
        false => head::advance_by(&mut tx, room.log, count, now).await?,
    };
    store(&mut tx, room, &state, head).await?;
    let mut frames = Vec::with_capacity(told.len());
    let first = head.seq - told.len() as i64 + 1;
    for (told, seq) in told.into_iter().zip(first..) {
        let message = write_told(cx, &mut tx, room, caller, told, seq, head.at).await?;
        frames.push(frame(room, seq, &state, message.as_ref()));
    }
    if switched {
        control::announce(&mut tx, ControlKind::Conversation, room.log.0, now).await?;
    }
    tx.commit().await?;
    if switched {
        cx.guard.forget(room.log);
    }
    frames.into_iter().for_each(|frame| cx.publisher.publish(frame));
    Ok(())
}

async fn write_told(
    cx: &Cx,
    tx: &mut Tx,
    room: &Room,
    caller: &Caller,
    told: Told,
    seq: i64,
    at: Micros,
) -> Result<Option<Message>, Fault> {
    let Some((code, params)) = told else { return Ok(None) };
    let place = Place { log: room.log, conversation: room.id, seq, at };
    system::write(cx, tx, place, caller.into(), code, params).await.map(Some)
}

/// The conversation's own data, read under its head's lock.
pub(crate) async fn summary(tx: &mut Tx, room: &Room) -> Result<Summary, Fault> {
    let row: Row = tx.query_one(sql::PRESENT_STATE, params![room.log]).await?;
    Ok(Summary {
        id: room.id,
        name: row.get(0)?,
        search_key: search_key(&row.get::<String>(0)?),
        topic: row.get(1)?,
        purpose: row.get(2)?,
        default: row.get(3)?,
        archived: row.get(4)?,
        member_count: row.get(5)?,
        history: History::from_stored(row.get(6)?),
        comments: (room.kind == Kind::Announcement).then_some(row.get(7)?),
        vanish_after: row.get(8)?,
    })
}

/// What a name is found by, where that is more than the folded name.
fn search_key(name: &str) -> Option<String> {
    Some(names::search_key(name)).filter(|key| *key != names::fold(name))
}

fn apply(state: &mut Summary, patch: &ConversationPatch) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    let mut text = |field: &mut String, new: &Option<String>, code: &'static str, key: &str| {
        if let Some(new) = new.as_ref().filter(|new| *new != field) {
            told.push(Some((code, json!({ key: new, "old": field.as_str() }))));
            field.clone_from(new);
        }
    };
    text(&mut state.name, &patch.name, "conversation.renamed", "name");
    text(&mut state.topic, &patch.topic, "topic.changed", "topic");
    text(&mut state.purpose, &patch.purpose, "purpose.changed", "purpose");
    state.search_key = search_key(&state.name);
    if let Some(default) = patch.default.filter(|default| *default != state.default) {
        state.default = default;
        told.push(None);
    }
    if let Some(comments) = patch.comments.filter(|comments| Some(*comments) != state.comments) {
        state.comments = Some(comments);
        told.push(None);
    }
    if let Some(history) = patch.history.filter(|history| *history != state.history) {
        state.history = history;
        told.push(Some(("history.changed", json!({ "history": history }))));
    }
    told
}

async fn store(tx: &mut Tx, room: &Room, state: &Summary, head: Head) -> Result<(), Fault> {
    let (key, search) = (names::fold(&state.name), names::search_key(&state.name));
    let row = params![
        room.log,
        &state.name,
        key,
        search,
        &state.topic,
        &state.purpose,
        state.default,
        state.history as i64,
        head.seq,
        state.comments.unwrap_or(true),
    ];
    tx.execute(sql::SET, row).await.map_err(named)?;
    Ok(())
}

fn frame(room: &Room, seq: i64, state: &Summary, message: Option<&Message>) -> Frame {
    let event = Event::Conversation { conversation: state, message };
    Frame::event(room.log, LogName::Conversation(room.id), seq, &event)
}

/// Archives a conversation, or brings it back. Earlier proofs go stale: a message that is on its
/// way is refused.
pub(super) async fn archive(
    cx: &Cx,
    caller: &Caller,
    id: ConversationId,
    archived: bool,
) -> Result<(), Fault> {
    cx.while_stale(|| async move {
        let view = cx.guard.view(caller, id).await?;
        rights::not_direct(&view.room)?;
        rights::manages(&view, caller)?;
        set_archived(cx, &view, caller, archived).await
    })
    .await
}

async fn set_archived(cx: &Cx, view: &View, caller: &Caller, archived: bool) -> Result<(), Fault> {
    let (room, now) = (&view.room, cx.env.now());
    let mut tx = cx.db.begin().await?;
    head::lock(&mut tx, &[weft_kernel::LogKey::CONTROL, room.log]).await?;
    cx.confirm(&mut tx, caller, room, view.seat.as_ref()).await?;
    let mut state = summary(&mut tx, room).await?;
    if state.archived == archived {
        return Ok(tx.rollback().await?);
    }
    state.archived = archived;
    let head = head::advance_acl(&mut tx, room.log, now).await?;
    tx.execute(sql::ARCHIVE, params![room.log, archived.then_some(head.at), head.seq]).await?;
    let code = if archived { "conversation.archived" } else { "conversation.unarchived" };
    let told = Some((code, json!({})));
    let message = write_told(cx, &mut tx, room, caller, told, head.seq, head.at).await?;
    control::announce(&mut tx, ControlKind::Conversation, room.log.0, now).await?;
    tx.commit().await?;
    cx.guard.forget(room.log);
    cx.publisher.publish(frame(room, head.seq, &state, message.as_ref()));
    Ok(())
}
