//! What waits for one socket: bounded, empty without an allocation when idle.

use std::collections::VecDeque;

use axum::extract::ws::Utf8Bytes;
use parking_lot::Mutex;
use tokio::sync::Notify;
use weft_http::limits::{SOCKET_QUEUE, SOCKET_QUEUE_BYTES};

/// What the socket's task does next.
pub(crate) enum Take {
    /// Write these.
    Frames(VecDeque<Utf8Bytes>),
    /// Frames were dropped: tell the client to resume from its cursors.
    Resync,
    /// Say goodbye with this code and close.
    Bye(&'static str),
    /// Nothing waits.
    Nothing,
}

#[derive(Default)]
struct Inner {
    frames: VecDeque<Utf8Bytes>,
    bytes: usize,
    overflowed: bool,
    /// After an overflow nothing is queued until the client resumes.
    deaf: bool,
    bye: Option<&'static str>,
}

/// A bounded queue with a bell.
#[derive(Default)]
pub(crate) struct Queue {
    inner: Mutex<Inner>,
    bell: Notify,
}

impl Queue {
    /// Queues an event's frame; dropped when the socket must resync first.
    pub(crate) fn push(&self, frame: Utf8Bytes) {
        let first = {
            let mut q = self.inner.lock();
            if q.deaf || q.bye.is_some() {
                return;
            }
            if q.frames.len() >= SOCKET_QUEUE || q.bytes + frame.len() > SOCKET_QUEUE_BYTES {
                q.frames = VecDeque::new();
                q.bytes = 0;
                q.overflowed = true;
                q.deaf = true;
                true
            } else {
                q.bytes += frame.len();
                q.frames.push_back(frame);
                q.frames.len() == 1
            }
        };
        if first {
            self.bell.notify_one();
        }
    }

    /// Events are wanted again: the client resumes from its cursors.
    pub(crate) fn listen(&self) {
        self.inner.lock().deaf = false;
    }

    /// Ends the socket after a last word.
    pub(crate) fn bye(&self, code: &'static str) {
        {
            let mut q = self.inner.lock();
            q.bye.get_or_insert(code);
            // What was revoked must not be delivered any more.
            q.frames = VecDeque::new();
            q.bytes = 0;
        }
        self.bell.notify_one();
    }

    /// Whether the socket has been told to end.
    pub(crate) fn ended(&self) -> bool {
        self.inner.lock().bye.is_some()
    }

    /// Takes everything that waits.
    pub(crate) fn take(&self) -> Take {
        let mut q = self.inner.lock();
        if let Some(code) = q.bye {
            return Take::Bye(code);
        }
        if std::mem::take(&mut q.overflowed) {
            return Take::Resync;
        }
        if q.frames.is_empty() {
            return Take::Nothing;
        }
        q.bytes = 0;
        Take::Frames(std::mem::take(&mut q.frames))
    }

    /// Waits until something may wait.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }
}
