//! Messages that the server writes: a code and parameters, put into words by the reader's client.

use serde_json::Value;
use weft_http::Caller;
use weft_kernel::{
    Fault, LogKey, Micros, PrincipalKey,
    id::{ConversationId, PrincipalId},
};
use weft_storage::{Envelope, Tx, params, statements};

use crate::{
    content::Content,
    cx::Cx,
    wire::{self, Message, state},
};

statements! {
    /// A system message: never unread, so without an ordinal.
    INSERT = "INSERT INTO messages (log, seq, id, sender, kind, state, at, changed_seq, body)
              VALUES ($1, $2, $3, $4, 2, 1, $5, $2, $6)";
}

/// Who did what the message tells.
#[derive(Debug, Clone, Copy)]
pub struct Actor {
    /// Their key.
    pub key: PrincipalKey,
    /// Their public id.
    pub id: PrincipalId,
}

impl From<&Caller> for Actor {
    fn from(caller: &Caller) -> Actor {
        Actor { key: caller.principal, id: caller.principal_id }
    }
}

/// Where and when the message stands: a `seq` that was taken in the same transaction.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The conversation's log.
    pub log: LogKey,
    /// The conversation.
    pub conversation: ConversationId,
    /// The event that the message tells of, and its own.
    pub seq: i64,
    /// The log's time.
    pub at: Micros,
}

/// Writes the system message `code` and returns it as clients see it.
///
/// # Errors
/// Any database fault.
pub async fn write(
    cx: &Cx,
    tx: &mut Tx,
    place: Place,
    by: Actor,
    code: &str,
    params: Value,
) -> Result<Message, Fault> {
    let id = cx.env.id();
    let body = Content::system(code, params).stored(Vec::new(), None);
    let sealed = Envelope.seal(&serde_json::to_vec(&body).unwrap_or_default());
    tx.execute(INSERT, params![place.log, place.seq, id, by.key, place.at, sealed]).await?;
    Ok(Message {
        id,
        conversation: place.conversation,
        seq: place.seq,
        n: None,
        thread: None,
        thread_seq: None,
        from: Some(by.id),
        at: place.at,
        state: state::name(state::LIVE),
        edited_at: None,
        changed_seq: place.seq,
        nonce: None,
        content: wire::Content { v: body.v, parts: body.parts },
        mentions: Vec::new(),
        mention_all: None,
        reactions: Vec::new(),
        pinned: None,
        replies: None,
        ack: None,
        topic: None,
        previews: Vec::new(),
        poll: None,
        vanish: None,
    })
}
