//! Sending: from a request or a socket's command to the append queue.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{
    Fault, PrincipalKey,
    id::{ConversationId, FileId, MessageId, StickerId},
};
use weft_log::Proof;

use crate::{
    Cx, Room, Seat,
    acks::{AckRequest, ask},
    append::{Alongside, Append, Appended, Queued, Thread},
    attachments,
    content::{Content, MentionAll, Parsed, Part, Quoted, parse_beside},
    load::{self, MessageRow},
    messages::{Found, find},
    polls::{self, PollRequest},
    posts::{self, PostRequest},
    previews::Linked,
    rights, topics,
    urgent::Reserved,
    vanish,
    wire::{Kind, StoredBody, state},
};

/// How much of a quoted message is kept, in characters.
const EXCERPT: usize = 280;

/// What a client sends.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendRequest {
    /// Chosen by the client, 1–64 visible ASCII characters, fresh for each message; the same one
    /// again, with the same content, finds the message that it made.
    pub nonce: String,
    /// Markdown, 1–40,000 characters; may be empty beside files.
    pub text: String,
    /// The root of the thread to reply in.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub thread: Option<MessageId>,
    /// A message that the caller may read to quote, of this or of another conversation.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub quote: Option<MessageId>,
    /// That `@all` in a large conversation is meant.
    #[serde(default)]
    pub confirm_all: bool,
    /// Asks the readers to acknowledge it.
    #[serde(default)]
    pub ack: Option<AckRequest>,
    /// What it is about: the name of a topic, which is made if there is none of it, or a topic's
    /// id. Not of a reply, which belongs to its thread's.
    #[serde(default)]
    pub topic: Option<String>,
    /// Asks the readers to vote; the text may then be empty.
    #[serde(default)]
    pub poll: Option<PollRequest>,
    /// Makes it an announcement: needed of what is no comment where few post, refused elsewhere.
    #[serde(default)]
    pub post: Option<PostRequest>,
    /// Up to 20 files: one's own uploads, or others' that one may read.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub files: Vec<FileId>,
    /// A sticker, which is sent by itself: without text, files, or anything that people answer.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub sticker: Option<StickerId>,
    /// Between two people: it vanishes so many seconds after the other one has read it, 5–604,800;
    /// 0: it stays. Absent: as the conversation is set when it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vanish: Option<i64>,
}

impl SendRequest {
    /// A message of nothing but a text.
    pub fn new(nonce: String, text: String) -> SendRequest {
        SendRequest {
            nonce,
            text,
            thread: None,
            quote: None,
            confirm_all: false,
            ack: None,
            topic: None,
            poll: None,
            post: None,
            files: Vec::new(),
            sticker: None,
            vanish: None,
        }
    }

    fn may_be_empty(&self) -> bool {
        !self.files.is_empty() || self.poll.is_some() || self.sticker.is_some()
    }

    /// Refuses a sticker that is not by itself.
    fn check_sticker(&self) -> Result<(), Fault> {
        let more = !self.text.trim().is_empty()
            || !self.files.is_empty()
            || self.poll.is_some()
            || self.ack.is_some();
        if self.sticker.is_some() && more {
            return Err(Fault::invalid(
                "sticker",
                "A sticker is sent by itself. Send the rest as another message.",
            ));
        }
        Ok(())
    }

    fn parse(&self) -> Result<Parsed, Fault> {
        check_nonce(&self.nonce)?;
        attachments::check(&self.files)?;
        self.check_sticker()?;
        parse_beside(&self.text, self.may_be_empty())
    }
}

/// Sends a message.
///
/// # Errors
/// `not_found`, `not_member`, `archived`, `invalid`, `confirm_all`, `nonce_reused`, or any fault of
/// the database.
pub async fn send(
    cx: &Cx,
    caller: &Caller,
    conversation: ConversationId,
    request: &SendRequest,
) -> Result<Appended, Fault> {
    let parsed = request.parse()?;
    cx.while_stale(async || begin(cx, caller, conversation, request, &parsed).await?.finish(cx).await).await
}

/// As [`send`], but answers as soon as the message has its place in the queue, so that the next
/// one of the same sender can follow without waiting for the commit. A proof that turns out stale
/// is not renewed, see [`why_stale`].
///
/// # Errors
/// As [`send`].
pub async fn start(
    cx: &Cx,
    caller: &Caller,
    conversation: ConversationId,
    request: &SendRequest,
) -> Result<Sending, Fault> {
    begin(cx, caller, conversation, request, &request.parse()?).await
}

/// Why a message was refused whose proof turned out stale: what a second look finds. It is not sent
/// again, since that would put it behind what its sender has sent after it. A change of members
/// by others makes no proof stale, so that this look nearly always finds the reason.
pub async fn why_stale(
    cx: &Cx,
    caller: &Caller,
    conversation: ConversationId,
    request: &SendRequest,
    stale: Fault,
) -> Fault {
    match cx.guard.seat(caller, conversation).await {
        Ok(seat) if seat.room.kind == Kind::Announcement => {
            check(cx, caller, conversation, request).await.err().unwrap_or(stale)
        }
        seat => seat.and_then(|seat| seat.open()).err().unwrap_or(stale),
    }
}

/// A message on its way.
pub struct Sending {
    queued: Queued,
    room: Arc<Room>,
    sender: PrincipalKey,
    thread: Option<i64>,
    /// It is urgent, and was counted so.
    urgent: Option<Reserved>,
    linked: bool,
}

impl Sending {
    /// What became of it, once that is durable.
    ///
    /// # Errors
    /// `stale_permission`, `nonce_reused`, or any fault of the database.
    pub async fn finish(self, cx: &Cx) -> Result<Appended, Fault> {
        let done = self.queued.outcome().await;
        if let Some(counted) = self.urgent {
            match &done {
                Ok(done) if !done.repeated => cx.urgent.messages.notify_one(),
                _ => counted.release(&cx.db).await,
            }
        }
        if let Ok(done) = &done {
            cx.marker.wrote(&self.room, self.sender, self.thread, done.seq, done.n);
            if self.linked {
                cx.linked.notify_one();
            }
        }
        if done.as_ref().is_err_and(|fault| fault.code_str() == Proof::STALE) {
            cx.guard.forget(self.room.log);
        }
        done
    }
}

async fn begin(
    cx: &Cx,
    caller: &Caller,
    conversation: ConversationId,
    request: &SendRequest,
    parsed: &Parsed,
) -> Result<Sending, Fault> {
    let seat = cx.guard.seat(caller, conversation).await?;
    let append = build(cx, caller, &seat, request, parsed).await?;
    let linked = !parsed.web.is_empty();
    let thread = append.thread.map(|thread| thread.seq);
    let urgent = match request.ack.as_ref().is_some_and(|ack| ack.urgent) {
        true => Reserved::take(cx, caller, seat.room.log, &request.nonce).await?,
        false => None,
    };
    let queued = match cx.appender.enqueue(append) {
        Ok(queued) => queued,
        Err(full) => {
            if let Some(counted) = urgent {
                counted.release(&cx.db).await;
            }
            return Err(full);
        }
    };
    Ok(Sending { queued, room: seat.room, sender: seat.principal, thread, urgent, linked })
}

/// Whether a message could be sent now, and where: all of [`send`] but the sending.
///
/// # Errors
/// As [`send`].
pub(crate) async fn check(
    cx: &Cx,
    caller: &Caller,
    conversation: ConversationId,
    request: &SendRequest,
) -> Result<Seat, Fault> {
    let parsed = request.parse()?;
    let seat = cx.guard.seat(caller, conversation).await?;
    build(cx, caller, &seat, request, &parsed).await?;
    Ok(seat)
}

pub(crate) fn check_nonce(nonce: &str) -> Result<(), Fault> {
    let fits = (1..=limits::NONCE).contains(&nonce.len()) && nonce.bytes().all(|b| b.is_ascii_graphic());
    if fits { Ok(()) } else { Err(Fault::invalid("nonce", "It must be 1 to 64 visible ASCII characters.")) }
}

async fn build(
    cx: &Cx,
    caller: &Caller,
    seat: &Seat,
    request: &SendRequest,
    parsed: &Parsed,
) -> Result<Append, Fault> {
    seat.open()?;
    confirm_all(seat, request, parsed)?;
    let thread = match request.thread {
        Some(id) => Some(commentable(cx, seat, id).await?),
        None => None,
    };
    let post = posts::of_request(caller, seat, request.post.as_ref(), thread.is_some())?;
    let vanishing =
        vanish::of_request(cx, seat, request.vanish, thread.as_ref().map(|root| root.seq)).await?;
    if vanishing.is_some() && request.ack.is_some() {
        return Err(vanish::refused("A message that vanishes cannot ask to be acknowledged."));
    }
    let topic = topics::of_request(cx, caller, seat, request.topic.as_deref(), thread.is_some()).await?;
    let mut parts = Vec::with_capacity(2);
    parts.extend(post.map(Part::Post));
    if let Some(id) = request.quote {
        parts.push(Part::Quote(quote(cx, caller, seat, id).await?));
    }
    parts.extend(parsed.content.parts.iter().cloned());
    let attached = match request.files.as_slice() {
        [] => Vec::new(),
        ids => cx.attachments.claim(caller, ids).await?,
    };
    let (attachments, mut files) = attachments::part(attached);
    parts.extend(attachments);
    if let Some(id) = request.sticker {
        let (file, part) = cx.attachments.sticker(caller, id).await?;
        files.push(file);
        parts.push(Part::Sticker(part));
    }
    let poll = request.poll.as_ref().map(|request| polls::ask(cx, request)).transpose()?;
    parts.extend(poll.as_ref().map(|ask| Part::Poll(ask.part.clone())));
    let people = cx.known_to(caller, &parsed.mentions).await?;
    let ack = match &request.ack {
        Some(request) => Some(ask(cx, caller, seat, request).await?),
        None => None,
    };
    let mut along: Vec<Box<dyn Alongside>> = Vec::new();
    if !parsed.web.is_empty() && vanishing.is_none() {
        along.push(Box::new(Linked));
    }
    let body = StoredBody {
        v: parsed.content.v,
        parts: to_raw_value(&parts).map_err(Fault::internal)?,
        mentions: people.iter().map(|(id, _)| *id).collect(),
        mention_all: parsed.mention_all.map(|all| match all {
            MentionAll::All => "all".to_owned(),
            MentionAll::Here => "here".to_owned(),
        }),
        ack: ack.as_ref().map(|ask| ask.stored.clone()),
        poll: poll.is_some(),
        vanish: vanishing.map(|one| one.after),
    };
    along.extend(poll.map(|ask| Box::new(ask) as Box<dyn Alongside>));
    along.extend(vanishing.map(|one| Box::new(one) as Box<dyn Alongside>));
    along.extend(ack.map(|ask| Box::new(ask) as Box<dyn Alongside>));
    Ok(Append {
        proof: seat.proof,
        conversation: seat.room.id,
        sender: caller.principal,
        sender_id: caller.principal_id,
        id: cx.env.id(),
        nonce: request.nonce.clone(),
        request_hash: request_hash(request),
        thread,
        topic,
        strict: seat.room.kind == Kind::Announcement,
        body,
        mentions: people.into_iter().map(|(_, key)| key).collect(),
        files,
        along,
    })
}

fn confirm_all(seat: &Seat, request: &SendRequest, parsed: &Parsed) -> Result<(), Fault> {
    let count = seat.room.member_count;
    if parsed.mention_all.is_some() && !request.confirm_all && count > limits::CONFIRM_ALL_ABOVE {
        let ask = format!("This calls {count} people. Send it again with confirm_all if that is meant.");
        return Err(Fault::conflict("confirm_all", ask).param("count", count));
    }
    Ok(())
}

/// A message of the seat's conversation that its holder may see.
async fn visible(cx: &Cx, seat: &Seat, id: MessageId) -> Result<MessageRow, Fault> {
    load::by_id(&cx.db, id)
        .await?
        .filter(|row| row.log == seat.room.log && row.seq >= seat.visible_from)
        .ok_or_else(|| Fault::not_found("message in this conversation"))
}

/// The root of a thread in which the seat's holder may write.
async fn commentable(cx: &Cx, seat: &Seat, id: MessageId) -> Result<Thread, Fault> {
    let row = visible(cx, seat, id).await?;
    if row.thread.is_none() {
        rights::comments(&seat.room, &row)?;
    }
    thread_of(&row)
}

pub(crate) async fn root(cx: &Cx, seat: &Seat, id: MessageId) -> Result<Thread, Fault> {
    thread_of(&visible(cx, seat, id).await?)
}

fn thread_of(row: &MessageRow) -> Result<Thread, Fault> {
    if row.thread.is_some() {
        return Err(Fault::invalid(
            "thread",
            "A reply cannot have a thread of its own. Reply to the thread's first message.",
        ));
    }
    Ok(Thread { seq: row.seq, id: row.id })
}

async fn quote(cx: &Cx, caller: &Caller, seat: &Seat, id: MessageId) -> Result<Quoted, Fault> {
    let Found { row, view } = find(cx, caller, id).await?;
    if row.state != state::LIVE {
        return Err(Fault::conflict("message_gone", "The message to quote was recalled or deleted."));
    }
    let stored = row.stored();
    if row.log != seat.room.log {
        vanish::stays(&stored, "A message that vanishes cannot be quoted elsewhere.")?;
    }
    let vanishing = stored.vanish.is_some();
    let content =
        Content { v: stored.v, parts: serde_json::from_str(stored.parts.get()).map_err(Fault::internal)? };
    let from = cx.people.ids([row.sender]).await?.get(&row.sender).copied();
    Ok(Quoted {
        message: row.id,
        conversation: view.room.id,
        seq: row.seq,
        from: from.ok_or_else(|| Fault::not_found("author of the quoted message"))?,
        at: row.at,
        text: if vanishing { String::new() } else { excerpt(&spoken(&content)) },
        vanishing,
    })
}

/// What stands for a message in one line.
fn spoken(content: &Content) -> String {
    let post = content.post().map(|post| post.title.clone());
    let text = || content.text().map(str::to_owned);
    let poll = || content.poll().map(|poll| poll.question.clone());
    let file = || content.files().next().map(|file| file.name.clone());
    let sticker = || content.sticker().map(|sticker| format!("[{}]", sticker.name));
    post.or_else(text).or_else(poll).or_else(file).or_else(sticker).unwrap_or_default()
}

fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Tells requests with the same nonce apart. Length prefixes keep fields from running together.
fn request_hash(request: &SendRequest) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update((request.text.len() as u64).to_be_bytes());
    hash.update(request.text.as_bytes());
    for id in [request.thread, request.quote] {
        hash.update(id.map_or([0; 16], |id| id.uuid().into_bytes()));
    }
    if let Some(ack) = &request.ack {
        hash.update(ack.deadline.unwrap_or(0).to_be_bytes());
        hash.update((ack.from.as_ref().map_or(u64::MAX, |from| from.len() as u64)).to_be_bytes());
        for id in ack.from.iter().flatten() {
            hash.update(id.uuid().into_bytes());
        }
        if ack.urgent {
            hash.update(b"urgent");
        }
    }
    if let Some(topic) = &request.topic {
        hash.update(b"topic");
        hash.update(topic.as_bytes());
    }
    if let Some(poll) = &request.poll {
        // Our own type has string keys only and cannot fail to serialise.
        hash.update(serde_json::to_vec(poll).unwrap_or_default());
    }
    if let Some(post) = &request.post {
        hash.update(b"post");
        hash.update(serde_json::to_vec(post).unwrap_or_default());
    }
    for file in &request.files {
        hash.update(file.uuid().as_bytes());
    }
    if let Some(after) = request.vanish {
        hash.update(b"vanish");
        hash.update(after.to_be_bytes());
    }
    if let Some(sticker) = request.sticker {
        hash.update(b"sticker");
        hash.update(sticker.uuid().as_bytes());
    }
    let mut out = [0; 16];
    out.copy_from_slice(&hash.finalize()[..16]);
    out
}
