//! Forwarding: a message's text as it is now, into other conversations.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{
    Fault, FileKey, PrincipalKey,
    id::{ConversationId, MessageId, PrincipalId},
};

use super::change::{Found, find};
use crate::{
    append::{Alongside, Append},
    content::{Content, Forwarded, Part, parse},
    cx::Cx,
    load, posts, send, vanish,
    wire::{Message, StoredBody, state},
};

/// Most conversations that one request forwards to.
pub(super) const TARGETS_MAX: usize = 10;

/// Where to bring a message.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForwardRequest {
    /// 1–10 conversations that the caller is in.
    #[schema(value_type = Vec<String>)]
    pub to: Vec<ConversationId>,
    /// As for sending: the same request again makes nothing new.
    pub nonce: String,
    /// A comment, shown above it.
    #[serde(default)]
    pub text: Option<String>,
}

/// Forwards a message that the caller may read. Every target is checked before the first is
/// written to; a failure after that leaves those before it done, and the same request again
/// completes the rest.
pub(super) async fn forward(
    cx: &Cx,
    caller: &Caller,
    id: MessageId,
    request: &ForwardRequest,
) -> Result<Vec<Message>, Fault> {
    let targets = targets(&request.nonce, &request.to)?;
    let found = find(cx, caller, id).await?;
    let words = Words::of(cx, caller, request.text.as_deref()).await?;
    let mut parts = words.parts.clone();
    parts.extend(carried(cx, &found).await?);
    check_targets(cx, caller, &targets).await?;
    let letter = Letter {
        nonce: request.nonce.clone(),
        hash: request_hash(id, request),
        body: Content::new(parts).stored(words.named, None),
        mentions: words.mentions,
    };
    let mut sent = Vec::with_capacity(targets.len());
    for target in targets {
        sent.push(bring(cx, caller, target, &letter).await?);
    }
    Ok(sent)
}

/// The conversations to bring something to, each once, in one order for every request.
pub(super) fn targets(nonce: &str, to: &[ConversationId]) -> Result<Vec<ConversationId>, Fault> {
    send::check_nonce(nonce)?;
    let mut targets = to.to_vec();
    targets.sort_unstable_by_key(|target| target.uuid());
    targets.dedup();
    if targets.is_empty() || targets.len() > TARGETS_MAX {
        return Err(Fault::invalid("to", "Name 1 to 10 conversations."));
    }
    Ok(targets)
}

/// Refuses before the first of them is written to.
pub(super) async fn check_targets(cx: &Cx, caller: &Caller, targets: &[ConversationId]) -> Result<(), Fault> {
    for target in targets {
        let seat = cx.guard.seat(caller, *target).await?;
        seat.open()?;
        posts::takes_messages(&seat.room)?;
    }
    Ok(())
}

/// What the caller says to it.
#[derive(Default)]
pub(super) struct Words {
    pub(super) parts: Vec<Part>,
    pub(super) named: Vec<PrincipalId>,
    pub(super) mentions: Vec<PrincipalKey>,
}

impl Words {
    pub(super) async fn of(cx: &Cx, caller: &Caller, text: Option<&str>) -> Result<Words, Fault> {
        let Some(text) = text.filter(|text| !text.trim().is_empty()) else { return Ok(Words::default()) };
        let parsed = parse(text)?;
        let (named, mentions) = cx.known_to(caller, &parsed.mentions).await?.into_iter().unzip();
        Ok(Words { parts: parsed.content.parts, named, mentions })
    }
}

/// A message to bring to several conversations.
pub(super) struct Letter {
    pub(super) nonce: String,
    pub(super) hash: [u8; 16],
    pub(super) body: StoredBody,
    pub(super) mentions: Vec<PrincipalKey>,
}

/// Appends a letter to one conversation, or finds the message that an earlier request made of it.
pub(super) async fn bring(
    cx: &Cx,
    caller: &Caller,
    target: ConversationId,
    letter: &Letter,
) -> Result<Message, Fault> {
    let parts = serde_json::from_str(letter.body.parts.get()).map_err(Fault::internal)?;
    let ids = Content { v: letter.body.v, parts }.kept_files();
    let claimed = if ids.is_empty() { Vec::new() } else { cx.attachments.claim(caller, &ids).await? };
    let files: &Vec<FileKey> = &claimed.into_iter().map(|file| file.key).collect();
    let done = cx
        .while_stale(|| async move {
            let seat = cx.guard.seat(caller, target).await?;
            seat.open()?;
            let vanishing = vanish::of_request(cx, &seat, None, None).await?;
            let append = Append {
                proof: seat.proof,
                conversation: target,
                sender: caller.principal,
                sender_id: caller.principal_id,
                id: cx.env.id(),
                nonce: letter.nonce.clone(),
                request_hash: letter.hash,
                thread: None,
                topic: None,
                strict: false,
                body: StoredBody { vanish: vanishing.map(|one| one.after), ..letter.body.clone() },
                mentions: letter.mentions.clone(),
                files: files.clone(),
                along: vanishing.into_iter().map(|one| Box::new(one) as Box<dyn Alongside>).collect(),
            };
            let done = cx.appender.append(append).await;
            if let Ok(done) = &done {
                cx.marker.wrote(&seat.room, seat.principal, None, done.seq, done.n);
            }
            if done.as_ref().is_err_and(|fault| fault.code_str() == "stale_permission") {
                cx.guard.forget(seat.room.log);
            }
            done
        })
        .await?;
    let nothing = || Fault::not_found("message");
    let row = load::by_id(&cx.db, done.id).await?.ok_or_else(nothing)?;
    load::assemble(&cx.db, &cx.people, target, vec![row]).await?.pop().ok_or_else(nothing)
}

/// What of the message is brought along: its text and files, and what it had itself forwarded.
pub(super) async fn carried(cx: &Cx, found: &Found) -> Result<Vec<Part>, Fault> {
    let content = forwardable(found)?;
    let mut out = Vec::new();
    let silent = || (content.files().next().is_some() || content.sticker().is_some()).then_some("");
    let text = content.text().or_else(silent);
    if let Some(text) = text {
        out.push(Part::Forward(Forwarded {
            message: found.row.id,
            conversation: found.view.room.id,
            from: author(cx, found).await?,
            at: found.row.at,
            text: text.to_owned(),
        }));
    }
    let carries = |p: &Part| {
        matches!(p, Part::Forward(_) | Part::Files { .. } | Part::MergedForward(_) | Part::Sticker(_))
    };
    out.extend(content.parts.into_iter().filter(carries));
    Ok(out)
}

/// What a message says; a tombstone and what the server wrote cannot be forwarded, and a poll is
/// told in words: people vote where it was asked.
pub(super) fn forwardable(found: &Found) -> Result<Content, Fault> {
    if found.row.state != state::LIVE {
        return Err(Fault::conflict("message_gone", "The message was recalled or deleted."));
    }
    let stored = found.row.stored();
    vanish::stays(&stored, "A message that vanishes cannot be forwarded.")?;
    let parts: Vec<Part> = serde_json::from_str(stored.parts.get()).map_err(Fault::internal)?;
    let content = Content { v: stored.v, parts };
    if content.is_system() {
        return Err(Fault::conflict("system_message", "A message of the system cannot be forwarded."));
    }
    Ok(content.told())
}

pub(super) async fn author(cx: &Cx, found: &Found) -> Result<PrincipalId, Fault> {
    let from = cx.people.ids([found.row.sender]).await?.get(&found.row.sender).copied();
    from.ok_or_else(|| Fault::internal("a message without a sender"))
}

fn request_hash(id: MessageId, request: &ForwardRequest) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(b"forward");
    hash.update(id.uuid().as_bytes());
    hash.update(request.text.as_deref().unwrap_or_default().as_bytes());
    let mut out = [0; 16];
    out.copy_from_slice(&hash.finalize()[..16]);
    out
}
