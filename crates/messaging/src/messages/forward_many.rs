//! Forwarding several messages of one conversation: as one card, or one by one.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{
    Fault,
    id::{ConversationId, MessageId},
};

use super::{
    change::{Found, find},
    forward::{self, Letter, Words},
};
use crate::{
    cards,
    content::{Content, MergedForward, MergedItem, Part},
    cx::Cx,
    wire::Message,
};

/// Most messages that one request forwards.
const MESSAGES_MAX: usize = 100;
/// Most messages that one request writes, over all conversations.
const WRITES_MAX: usize = 200;
/// Longest card, in bytes of JSON: it travels to every member whole.
const CARD_BYTES: usize = 128 * 1024;
/// How deep cards may lie in one another.
const DEPTH_MAX: usize = 3;
/// Room for the ordinals of single messages behind the nonce.
const NONCE_MAX: usize = 60;

/// How several messages are brought along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ForwardMode {
    /// As one message that holds them all.
    Merged,
    /// Each as a message of its own.
    Separate,
}

/// Which messages to bring where.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForwardManyRequest {
    /// 1–100 messages of one conversation.
    #[schema(value_type = Vec<String>)]
    pub messages: Vec<MessageId>,
    /// 1–10 conversations that the caller is in.
    #[schema(value_type = Vec<String>)]
    pub to: Vec<ConversationId>,
    /// As one, or one by one.
    pub mode: ForwardMode,
    /// As for sending, at most 60 characters: the same request again makes nothing new.
    pub nonce: String,
    /// A comment, shown above the first.
    #[serde(default)]
    pub text: Option<String>,
}

/// Forwards messages that the caller may read. Every message and every target is checked before
/// the first is written; a failure after that leaves what was done, and the same request again
/// completes the rest.
pub(super) async fn forward(
    cx: &Cx,
    caller: &Caller,
    request: &ForwardManyRequest,
) -> Result<Vec<Message>, Fault> {
    if request.nonce.len() > NONCE_MAX {
        return Err(Fault::invalid("nonce", "It must be 1 to 60 visible ASCII characters."));
    }
    let targets = forward::targets(&request.nonce, &request.to)?;
    let found = selected(cx, caller, &request.messages).await?;
    if request.mode == ForwardMode::Separate && found.len() * targets.len() > WRITES_MAX {
        let advice = "Forward fewer messages at once, or to fewer conversations: at most 200 in all.";
        return Err(Fault::invalid("messages", advice));
    }
    let words = Words::of(cx, caller, request.text.as_deref()).await?;
    let letters = match request.mode {
        ForwardMode::Merged => vec![card(cx, caller, &found, request, words).await?],
        ForwardMode::Separate => one_by_one(cx, &found, request, words).await?,
    };
    forward::check_targets(cx, caller, &targets).await?;
    let mut sent = Vec::with_capacity(targets.len() * letters.len());
    for target in targets {
        for letter in &letters {
            sent.push(forward::bring(cx, caller, target, letter).await?);
        }
    }
    Ok(sent)
}

/// The messages, each once, oldest first.
async fn selected(cx: &Cx, caller: &Caller, ids: &[MessageId]) -> Result<Vec<Found>, Fault> {
    let mut ids = ids.to_vec();
    ids.sort_unstable_by_key(|id| id.uuid());
    ids.dedup();
    if ids.is_empty() || ids.len() > MESSAGES_MAX {
        return Err(Fault::invalid("messages", "Choose 1 to 100 messages."));
    }
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.push(find(cx, caller, id).await?);
    }
    if found.iter().any(|each| each.log() != found[0].log()) {
        return Err(Fault::invalid("messages", "Choose messages of one conversation."));
    }
    found.sort_unstable_by_key(Found::seq);
    Ok(found)
}

async fn card(
    cx: &Cx,
    caller: &Caller,
    found: &[Found],
    request: &ForwardManyRequest,
    words: Words,
) -> Result<Letter, Fault> {
    let mut items = Vec::with_capacity(found.len());
    for each in found {
        items.push(MergedItem {
            message: each.row.id,
            seq: each.seq(),
            from: forward::author(cx, each).await?,
            at: each.row.at,
            parts: forward::forwardable(each)?.parts,
        });
    }
    let merged = MergedForward {
        conversation: found[0].view.room.id,
        title: title(cx, &found[0], caller).await?,
        count: items.len(),
        items,
    };
    let mut content = Content::new(words.parts);
    content.parts.push(Part::MergedForward(merged));
    if content.merged_depth() > DEPTH_MAX {
        let advice = "Chat histories lie too deep in one another. Forward these one by one.";
        return Err(Fault::invalid("messages", advice));
    }
    let body = content.stored(words.named, None);
    if body.parts.get().len() > CARD_BYTES {
        let advice = "Together they are too long for one message. Choose fewer, or forward them one by one.";
        return Err(Fault::invalid("messages", advice));
    }
    Ok(Letter {
        nonce: request.nonce.clone(),
        hash: request_hash(request, found, None),
        body,
        mentions: words.mentions,
    })
}

async fn one_by_one(
    cx: &Cx,
    found: &[Found],
    request: &ForwardManyRequest,
    words: Words,
) -> Result<Vec<Letter>, Fault> {
    let mut words = Some(words);
    let mut letters = Vec::with_capacity(found.len());
    for (i, each) in found.iter().enumerate() {
        let Words { mut parts, named, mentions } = words.take().unwrap_or_default();
        parts.extend(forward::carried(cx, each).await?);
        letters.push(Letter {
            nonce: format!("{}.{i}", request.nonce),
            hash: request_hash(request, found, Some(i)),
            body: Content::new(parts).stored(named, None),
            mentions,
        });
    }
    Ok(letters)
}

/// What the conversation is called; empty where its people name it.
async fn title(cx: &Cx, found: &Found, caller: &Caller) -> Result<String, Fault> {
    Ok(cards::card(&cx.db, &cx.people, caller.principal, found.log()).await?.name)
}

/// Tells requests with the same nonce apart; `single` is the place of a message that goes by itself.
fn request_hash(request: &ForwardManyRequest, found: &[Found], single: Option<usize>) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update(b"forward many");
    hash.update(single.map_or(u64::MAX, |i| i as u64).to_be_bytes());
    for each in found {
        hash.update(each.row.id.uuid().as_bytes());
    }
    hash.update(request.text.as_deref().unwrap_or_default().as_bytes());
    let mut out = [0; 16];
    out.copy_from_slice(&hash.finalize()[..16]);
    out
}
