//! Forwarding: a message's text as it is now, into other conversations.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{
    Fault,
    id::{ConversationId, MessageId, PrincipalId},
};

use super::change::{Found, find};
use crate::{
    append::Append,
    content::{Content, Forwarded, Part, parse},
    cx::Cx,
    load, send,
    wire::{Message, state},
};

/// Most conversations that one request forwards to.
const TARGETS_MAX: usize = 10;

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
    send::check_nonce(&request.nonce)?;
    let mut targets = request.to.clone();
    targets.sort_unstable_by_key(|target| target.uuid());
    targets.dedup();
    if targets.is_empty() || targets.len() > TARGETS_MAX {
        return Err(Fault::invalid("to", "Name 1 to 10 conversations."));
    }
    let found = find(cx, caller, id).await?;
    let mut parts = Vec::new();
    let mut mentions = Vec::new();
    if let Some(text) = request.text.as_deref().filter(|text| !text.trim().is_empty()) {
        let parsed = parse(text)?;
        mentions = cx.known_to(caller, &parsed.mentions).await?;
        parts.extend(parsed.content.parts);
    }
    parts.extend(carried(cx, &found).await?);
    let named: Vec<PrincipalId> = mentions.iter().map(|(id, _)| *id).collect();
    let mentions: Vec<_> = mentions.into_iter().map(|(_, key)| key).collect();
    let content = Content::new(parts);
    for target in &targets {
        cx.guard.seat(caller, *target).await?.open()?;
    }
    let mut sent = Vec::with_capacity(targets.len());
    for target in targets {
        let append = |proof| Append {
            proof,
            conversation: target,
            sender: caller.principal,
            sender_id: caller.principal_id,
            id: cx.env.id(),
            nonce: request.nonce.clone(),
            request_hash: request_hash(id, request),
            thread: None,
            body: content.stored(named.clone(), None),
            mentions: mentions.clone(),
        };
        sent.push(bring(cx, caller, target, &append).await?);
    }
    Ok(sent)
}

async fn bring(
    cx: &Cx,
    caller: &Caller,
    target: ConversationId,
    append: &(impl Fn(weft_log::Proof) -> Append + Sync),
) -> Result<Message, Fault> {
    let done = cx
        .while_stale(|| async move {
            let seat = cx.guard.seat(caller, target).await?;
            seat.open()?;
            let done = cx.appender.append(append(seat.proof)).await;
            if let Ok(done) = &done {
                cx.marker.wrote(seat.room.log, seat.principal, None, done.seq, done.n);
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
async fn carried(cx: &Cx, found: &Found) -> Result<Vec<Part>, Fault> {
    if found.row.state != state::LIVE {
        return Err(Fault::conflict("message_gone", "The message was recalled or deleted."));
    }
    let stored = found.row.stored();
    let parts: Vec<Part> = serde_json::from_str(stored.parts.get()).map_err(Fault::internal)?;
    let content = Content { v: stored.v, parts };
    if content.is_system() {
        return Err(Fault::conflict("system_message", "A message of the system cannot be forwarded."));
    }
    let from = cx.people.ids([found.row.sender]).await?.get(&found.row.sender).copied();
    let mut out = Vec::new();
    if let Some(text) = content.text() {
        out.push(Part::Forward(Forwarded {
            message: found.row.id,
            conversation: found.view.room.id,
            from: from.ok_or_else(|| Fault::internal("a message without a sender"))?,
            at: found.row.at,
            text: text.to_owned(),
        }));
    }
    out.extend(content.parts.into_iter().filter(|p| matches!(p, Part::Forward(_) | Part::Files { .. })));
    Ok(out)
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
