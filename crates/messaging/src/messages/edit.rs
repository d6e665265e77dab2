//! Editing, with every earlier version kept; of what vanishes, none.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{
    Fault, LogKey, Micros, PrincipalKey,
    id::{MessageId, PrincipalId},
};
use weft_log::head;
use weft_storage::{Envelope, Tx, params};

use super::{
    change::{Found, Locked, find},
    sql,
};
use crate::{
    content::{self, MentionAll, Parsed, Part, parse, parse_beside},
    cx::Cx,
    posts, previews, rights,
    wire::{Content, Kind, Message, StoredBody},
};

/// Most versions of one message.
const VERSIONS_MAX: i64 = 200;

/// A new text.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditRequest {
    /// Markdown, 1–40,000 characters.
    pub(super) text: String,
    /// The new title of an announcement.
    #[serde(default)]
    pub(super) title: Option<String>,
    /// Whether an announcement may be commented on from now on.
    #[serde(default)]
    pub(super) comments: Option<bool>,
}

/// An earlier version of a message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Version {
    /// When it was written.
    at: Micros,
    /// What it said.
    content: Content,
}

/// Changes the text of the caller's own message; its quotes and files stay. An edit never calls
/// everybody who was not called before.
pub(super) async fn edit(
    cx: &Cx,
    caller: &Caller,
    id: MessageId,
    request: &EditRequest,
) -> Result<Message, Fault> {
    let parsed = &parse_beside(&request.text, true)?;
    let people = &cx.known_to(caller, &parsed.mentions).await?;
    cx.while_stale(|| async move {
        let found = find(cx, caller, id).await?;
        let seat = rights::seated(&found.view)?;
        seat.open()?;
        if seat.room.kind == Kind::Announcement && found.row.thread.is_none() {
            rights::publishes(seat, caller)?;
        }
        write(cx, caller, &found, request, parsed, people).await
    })
    .await
}

async fn write(
    cx: &Cx,
    caller: &Caller,
    found: &Found,
    request: &EditRequest,
    parsed: &Parsed,
    people: &[(PrincipalId, PrincipalKey)],
) -> Result<Message, Fault> {
    let (mut tx, locked) = found.lock(cx, caller).await?;
    locked.of_a_person()?;
    if locked.sender != caller.principal {
        return Err(Fault::forbidden("Only its author may edit a message."));
    }
    locked.live()?;
    let text = request.text.as_str();
    let (mut content, before) = locked.body()?;
    let Headed { changed, closed } = head_of(&mut content, request)?;
    if text.trim().is_empty() && content.files().next().is_none() {
        // Only what comes with files needs no text: this says so.
        parse(text)?;
    }
    if content.text().unwrap_or_default() == text && !changed {
        tx.rollback().await?;
        return found.present(cx).await;
    }
    if before.vanish.is_none() {
        keep(&mut tx, found, &locked).await?;
    }
    let now = cx.env.now();
    let head = match closed {
        // A comment that is on its way is refused.
        true => head::advance_acl(&mut tx, found.log(), now).await?,
        false => head::advance(&mut tx, found.log(), now).await?,
    };
    let called = before.mention_all.is_some();
    let mention_all = parsed.mention_all.filter(|_| called);
    let named = people.iter().map(|(id, _)| *id).collect();
    let mut body = content.with_text(text).stored(named, mention_all);
    body.ack.clone_from(&before.ack);
    body.vanish = before.vanish;
    let sealed = Envelope.seal(&serde_json::to_vec(&body).map_err(Fault::internal)?);
    tx.execute(sql::EDIT, params![found.log(), found.seq(), sealed, head.at, head.seq]).await?;
    unmention(&mut tx, (found.log(), found.seq()), &before).await?;
    mention(&mut tx, found, &locked, people, mention_all).await?;
    if before.vanish.is_none() {
        previews::keep_only(&mut tx, found.log(), found.seq(), &parsed.web, head.at).await?;
    }
    tx.commit().await?;
    if closed {
        cx.guard.forget(found.log());
    }
    cx.linked.notify_one();
    found.tell(cx, &locked, head).await
}

/// What an edit does to the head of an announcement.
struct Headed {
    changed: bool,
    /// It can no longer be commented on.
    closed: bool,
}

/// Changes the head of an announcement; what is no announcement has none.
fn head_of(content: &mut content::Content, request: &EditRequest) -> Result<Headed, Fault> {
    let post = content.parts.iter_mut().find_map(|part| match part {
        Part::Post(post) => Some(post),
        _ => None,
    });
    let Some(post) = post else {
        if request.title.is_some() || request.comments.is_some() {
            return Err(Fault::invalid("title", "Only an announcement has a title and comments to switch."));
        }
        return Ok(Headed { changed: false, closed: false });
    };
    let before = post.clone();
    if let Some(title) = &request.title {
        post.title = posts::title(title)?;
    }
    post.comments = request.comments.unwrap_or(post.comments);
    Ok(Headed { changed: *post != before, closed: before.comments && !post.comments })
}

async fn keep(tx: &mut Tx, found: &Found, locked: &Locked) -> Result<(), Fault> {
    let (log, seq) = (found.log(), found.seq());
    let versions: i64 = tx.query_one(sql::VERSIONS, params![log, seq]).await?.get(0)?;
    if versions >= VERSIONS_MAX {
        return Err(Fault::conflict("too_many_edits", "This message was edited too often. Send a new one.")
            .param("max", VERSIONS_MAX));
    }
    let written = locked.edited_at.unwrap_or(locked.at);
    tx.execute(sql::KEEP, params![log, seq, versions + 1, written, locked.sealed.as_slice()]).await?;
    Ok(())
}

async fn mention(
    tx: &mut Tx,
    found: &Found,
    locked: &Locked,
    people: &[(PrincipalId, PrincipalKey)],
    all: Option<MentionAll>,
) -> Result<(), Fault> {
    let (log, seq) = (found.log(), found.seq());
    let keys: Vec<i64> = people.iter().map(|(_, key)| key.0).collect();
    if !keys.is_empty() {
        tx.execute(sql::MENTION, params![keys, log, seq, locked.n, locked.thread]).await?;
    }
    if all.is_some() {
        tx.execute(sql::MENTION_ALL, params![log, seq, locked.n, locked.thread]).await?;
    }
    Ok(())
}

/// Takes back the mentions that `body` made.
pub(super) async fn unmention(
    tx: &mut Tx,
    (log, seq): (LogKey, i64),
    body: &StoredBody,
) -> Result<(), Fault> {
    let ids: Vec<_> = body.mentions.iter().map(|id| id.uuid()).collect();
    if !ids.is_empty() {
        tx.execute(sql::UNMENTION, params![log, seq, ids]).await?;
    }
    if body.mention_all.is_some() {
        tx.execute(sql::UNMENTION_ALL, params![log, seq]).await?;
    }
    Ok(())
}

/// The earlier versions, oldest first.
pub(super) async fn history(cx: &Cx, caller: &Caller, id: MessageId) -> Result<Vec<Version>, Fault> {
    let found = find(cx, caller, id).await?;
    let rows = cx.db.query(sql::HISTORY, params![found.log(), found.seq()]).await?;
    rows.into_iter()
        .map(|mut row| {
            let sealed = row.take_bytes(1)?;
            let plain =
                Envelope.open(&sealed).ok_or_else(|| Fault::internal("a version cannot be opened"))?;
            let body: StoredBody = serde_json::from_slice(plain).map_err(Fault::internal)?;
            Ok(Version { at: row.get(0)?, content: Content { v: body.v, parts: body.parts } })
        })
        .collect()
}
