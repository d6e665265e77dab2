//! Frames: what sockets are told of an event, serialised once and shared.

use axum::extract::ws::Utf8Bytes;
use serde::Serialize;
use weft_kernel::{
    LogKey, PrincipalKey,
    id::{ConversationId, OrgId, PrincipalId},
};

/// A log's public name: the id of what it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum LogName {
    /// A conversation's.
    Conversation(ConversationId),
    /// A principal's own.
    Principal(PrincipalId),
    /// An org's.
    Org(OrgId),
}

/// An event's frame, ready for every socket.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Where it happened.
    pub log: LogKey,
    /// Its number; frames of one log are delivered in this order.
    pub seq: i64,
    /// The JSON text.
    pub text: Utf8Bytes,
}

/// The JSON of an event frame; see `docs/EVENTS.md`.
#[derive(Debug, Serialize)]
pub struct EventFrame<'a, E: Serialize> {
    t: &'static str,
    log: LogName,
    seq: i64,
    ev: &'a E,
}

impl Frame {
    /// Serialises `{t:"event", log, seq, ev}`. `ev` must carry its kind as `k`.
    pub fn event<E: Serialize>(log: LogKey, name: LogName, seq: i64, ev: &E) -> Frame {
        let frame = EventFrame { t: "event", log: name, seq, ev };
        // Our own types have string keys only and cannot fail to serialise.
        let text = serde_json::to_string(&frame).unwrap_or_default();
        Frame { log, seq, text: text.into() }
    }

    /// In place of an event: says only that `log` has grown to `seq`, and clients catch up.
    pub fn head(log: LogKey, name: LogName, seq: i64) -> Frame {
        let frame = serde_json::json!({ "t": "head", "log": name, "seq": seq });
        Frame { log, seq, text: frame.to_string().into() }
    }
}

/// Where committed events go; implemented by the gateway's hub.
pub trait Publisher: Send + Sync {
    /// Delivers to every socket subscribed to the frame's log, in `seq` order.
    fn publish(&self, frame: Frame);
    /// As [`Publisher::publish`] for each, at less cost for many of one log.
    fn publish_all(&self, frames: Vec<Frame>) {
        frames.into_iter().for_each(|frame| self.publish(frame));
    }
    /// Delivers, outside any order, to every socket subscribed to `log` except those of
    /// `except` (typing).
    fn publish_ephemeral(&self, log: LogKey, except: Option<PrincipalKey>, text: Utf8Bytes);
    /// Starts delivering `log` to the open sockets of `principal`.
    fn subscribe(&self, principal: PrincipalKey, log: LogKey);
    /// Stops delivering `log` to the sockets of `principal`, at once.
    fn unsubscribe(&self, principal: PrincipalKey, log: LogKey);
    /// Whether an open socket of `principal` is delivered `log`.
    fn listens(&self, principal: PrincipalKey, log: LogKey) -> bool;
    /// Cuts sockets, with a `bye` frame of `code`.
    fn cut(&self, whose: Cut, code: &'static str);
}

/// Whose sockets are cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Of one session.
    Session(i64),
    /// Of one access token.
    Token(i64),
    /// Of one principal.
    Principal(PrincipalKey),
    /// Of an account, in every org.
    Account(weft_kernel::AccountKey),
}
