//! The gateway's commands: what a client may ask over its socket.

use std::collections::HashMap;

use async_trait::async_trait;
use axum::extract::ws::Utf8Bytes;
use serde::Deserialize;
use serde_json::json;
use weft_gateway::{Backend, Reply, Rest};
use weft_http::{Caller, Credential, RateLimiter};
use weft_kernel::{
    Fault, FaultKind, LogKey, PrincipalKey,
    id::{ConversationId, FileId, MessageId, PrincipalId},
};
use weft_log::Proof;

use crate::{
    Cx,
    acks::AckRequest,
    cards, marks,
    polls::PollRequest,
    posts::PostRequest,
    send::{self, SendRequest},
    sync,
};

/// Typing notices: so many at once, and one more each second.
const TYPING_BURST: u32 = 5;
const TYPING_EVERY: i64 = 1_000_000;

/// Messaging behind the gateway.
pub struct Socket {
    cx: Cx,
    typing: RateLimiter<PrincipalKey>,
}

impl Socket {
    /// A backend for the gateway.
    pub fn new(cx: Cx) -> Self {
        Socket { cx, typing: RateLimiter::new(TYPING_BURST, TYPING_EVERY) }
    }
}

#[derive(Deserialize)]
struct Catchup {
    log: String,
    after: i64,
}

#[derive(Deserialize)]
struct Send {
    id: i64,
    conv: ConversationId,
    nonce: String,
    text: String,
    #[serde(default)]
    thread: Option<MessageId>,
    #[serde(default)]
    quote: Option<MessageId>,
    #[serde(default)]
    confirm_all: bool,
    #[serde(default)]
    ack: Option<AckRequest>,
    #[serde(default)]
    topic: Option<String>,
    #[serde(default)]
    poll: Option<PollRequest>,
    #[serde(default)]
    post: Option<PostRequest>,
    #[serde(default)]
    files: Vec<FileId>,
    #[serde(default)]
    vanish: Option<i64>,
}

#[derive(Deserialize)]
struct Typing {
    conv: ConversationId,
    #[serde(default)]
    thread: Option<MessageId>,
}

#[derive(Deserialize)]
struct Read {
    #[serde(default)]
    id: Option<i64>,
    conv: ConversationId,
    seq: i64,
}

#[derive(Deserialize)]
struct ThreadRead {
    #[serde(default)]
    id: Option<i64>,
    root: MessageId,
    seq: i64,
}

#[derive(Deserialize)]
struct Watch {
    #[serde(default)]
    id: Option<i64>,
    conv: ConversationId,
    #[serde(default)]
    thread: Option<MessageId>,
    seqs: Vec<i64>,
}

fn parse<'a, T: Deserialize<'a>>(frame: &'a str) -> Result<T, Fault> {
    weft_http::extract::refuse_nul(frame.as_bytes())?;
    serde_json::from_str(frame)
        .map_err(|e| Fault::new(FaultKind::Invalid, format!("The frame is not understood: {e}.")))
}

async fn say(reply: &Reply, frame: serde_json::Value) {
    // Nobody reads when the socket has gone.
    let _ = reply.send(Utf8Bytes::from(frame.to_string())).await;
}

/// Answers a command that carried an `id`.
async fn done(reply: &Reply, id: Option<i64>) {
    if let Some(id) = id {
        say(reply, json!({ "t": "ok", "id": id })).await;
    }
}

#[async_trait]
impl Backend for Socket {
    fn epoch(&self) -> String {
        self.cx.epoch.to_string()
    }

    async fn logs(&self, caller: &Caller) -> Result<Vec<LogKey>, Fault> {
        let mut logs = cards::joined(&self.cx.db, caller.principal).await?;
        logs.push(caller.log);
        // The org's log tells of everybody; a guest sees only some, by catching up.
        if !caller.is_guest() {
            logs.push(caller.org_log);
        }
        Ok(logs)
    }

    async fn resume(
        &self,
        caller: &Caller,
        cursors: HashMap<String, i64>,
        reply: &Reply,
    ) -> Result<(), Fault> {
        sync::resume(&self.cx, &*self.cx.directory, caller, &cursors, reply).await
    }

    async fn command(
        &self,
        caller: &Caller,
        t: &str,
        frame: &str,
        reply: &Reply,
    ) -> Result<Option<Rest>, Fault> {
        match t {
            "send" => return self.send(caller, parse(frame)?, reply).await.map(Some),
            "typing" => self.typing(caller, parse(frame)?).await,
            "read" => self.read(caller, parse(frame)?, reply).await,
            "thread_read" => self.thread_read(caller, parse(frame)?, reply).await,
            "receipts" => self.receipts(caller, parse(frame)?, reply).await,
            "catchup" => {
                let Catchup { log, after } = parse(frame)?;
                sync::catchup(&self.cx, &*self.cx.directory, caller, &log, after, reply).await
            }
            _ => Err(Fault::new(FaultKind::BadRequest, "This kind of frame is not known here.")),
        }
        .map(|()| None)
    }

    async fn people(&self, caller: &Caller, ids: Vec<PrincipalId>) -> Result<Vec<PrincipalKey>, Fault> {
        Ok(self.cx.known_to(caller, &ids).await?.into_iter().map(|(_, key)| key).collect())
    }
}

/// A token that may only read must not write by socket either.
fn may_write(caller: &Caller) -> Result<(), Fault> {
    match caller.credential {
        Credential::Token { scopes, .. } if !scopes.write => {
            Err(Fault::forbidden("This token's scopes do not cover writing.").code("scope"))
        }
        _ => Ok(()),
    }
}

impl Socket {
    /// Gives the message its place; the rest, its acknowledgement, need not hold up the next one.
    async fn send(&self, caller: &Caller, frame: Send, reply: &Reply) -> Result<Rest, Fault> {
        may_write(caller)?;
        let Send { id, conv, nonce, text, thread, quote, confirm_all, ack, topic, poll, post, files, vanish } =
            frame;
        let sticker = None;
        let request = SendRequest {
            nonce,
            text,
            thread,
            quote,
            confirm_all,
            ack,
            topic,
            poll,
            post,
            files,
            sticker,
            vanish,
        };
        let sending = send::start(&self.cx, caller, conv, &request).await?;
        let (cx, caller, reply) = (self.cx.clone(), caller.clone(), reply.clone());
        Ok(Box::pin(async move {
            let done = match sending.finish(&cx).await {
                Err(fault) if fault.code_str() == Proof::STALE => {
                    return Err(send::why_stale(&cx, &caller, conv, &request, fault).await);
                }
                done => done?,
            };
            let msg = json!({ "id": done.id, "seq": done.seq, "n": done.n, "at": done.at });
            say(&reply, json!({ "t": "ack", "id": id, "msg": msg })).await;
            Ok(())
        }))
    }

    async fn read(&self, caller: &Caller, frame: Read, reply: &Reply) -> Result<(), Fault> {
        may_write(caller)?;
        marks::read(&self.cx, caller, frame.conv, frame.seq).await?;
        done(reply, frame.id).await;
        Ok(())
    }

    async fn thread_read(&self, caller: &Caller, frame: ThreadRead, reply: &Reply) -> Result<(), Fault> {
        may_write(caller)?;
        marks::read_thread(&self.cx, caller, frame.root, frame.seq).await?;
        done(reply, frame.id).await;
        Ok(())
    }

    async fn receipts(&self, caller: &Caller, frame: Watch, reply: &Reply) -> Result<(), Fault> {
        let seat = self.cx.guard.seat(caller, frame.conv).await?;
        let thread = match frame.thread {
            Some(id) => Some((id, send::root(&self.cx, &seat, id).await?.seq)),
            None => None,
        };
        self.cx.receipts.watch(caller, &seat, thread, frame.seqs).await?;
        done(reply, frame.id).await;
        Ok(())
    }

    async fn typing(&self, caller: &Caller, frame: Typing) -> Result<(), Fault> {
        may_write(caller)?;
        if self.typing.take(caller.principal, self.cx.env.now()).is_err() {
            return Ok(());
        }
        let seat = self.cx.guard.seat(caller, frame.conv).await?;
        seat.open()?;
        let notice =
            json!({ "t": "typing", "conv": frame.conv, "by": caller.principal_id, "thread": frame.thread });
        self.cx.publisher.publish_ephemeral(seat.room.log, Some(caller.principal), notice.to_string().into());
        Ok(())
    }
}
