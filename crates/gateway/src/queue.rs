//! What waits for one socket: bounded, empty without an allocation when idle.

use bytes::Buf;
use parking_lot::Mutex;
use tokio::sync::Notify;
use weft_http::limits::{SOCKET_QUEUE, SOCKET_QUEUE_BYTES};

use crate::chunk::{Chunk, Chunks};

/// What the socket's task does next.
pub(crate) enum Take {
    /// Write these.
    Frames(Chunks),
    /// Frames were dropped: tell the client to resume from its cursors.
    Resync,
    /// Say goodbye with this code and close.
    Bye(&'static str),
    /// Nothing waits.
    Nothing,
}

#[derive(Default)]
struct Inner {
    waiting: Chunks,
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
    /// Queues frames of events; dropped when the socket must resync first.
    pub(crate) fn push(&self, chunks: &[Chunk]) {
        if self.inner.lock().push(chunks) {
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
            q.waiting = Chunks::default();
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
        if q.waiting.frames() == 0 {
            return Take::Nothing;
        }
        Take::Frames(std::mem::take(&mut q.waiting))
    }

    /// Waits until something may wait.
    pub(crate) async fn rung(&self) {
        self.bell.notified().await;
    }
}

impl Inner {
    /// Whether the bell must ring: the socket's task knows of what waited before.
    fn push(&mut self, chunks: &[Chunk]) -> bool {
        if self.deaf || self.bye.is_some() {
            return false;
        }
        let first = self.waiting.frames() == 0;
        for chunk in chunks {
            if !fits(&self.waiting, chunk) {
                self.waiting = Chunks::default();
                self.overflowed = true;
                self.deaf = true;
                return true;
            }
            self.waiting.push(chunk.clone());
        }
        first
    }
}

/// Whether `chunk` may wait, too.
fn fits(waiting: &Chunks, chunk: &Chunk) -> bool {
    waiting.frames() + chunk.frames <= SOCKET_QUEUE
        && waiting.remaining() + chunk.remaining() <= SOCKET_QUEUE_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_holds_nothing_until_the_client_resumes() {
        let queue = Queue::default();
        let one = [Chunk::of(&["x"])];
        (0..SOCKET_QUEUE).for_each(|_| queue.push(&one));
        assert!(matches!(queue.take(), Take::Frames(frames) if frames.frames() == SOCKET_QUEUE));
        (0..=SOCKET_QUEUE).for_each(|_| queue.push(&one));
        assert!(matches!(queue.take(), Take::Resync));
        queue.push(&one);
        assert!(matches!(queue.take(), Take::Nothing));
        queue.listen();
        queue.push(&one);
        assert!(matches!(queue.take(), Take::Frames(frames) if frames.frames() == 1));
    }

    #[test]
    fn a_queue_is_bounded_in_bytes_too() {
        let queue = Queue::default();
        let large = [Chunk::of(&["x".repeat(SOCKET_QUEUE_BYTES / 2)])];
        queue.push(&large);
        assert!(matches!(queue.take(), Take::Frames(_)));
        (0..2).for_each(|_| queue.push(&large));
        assert!(matches!(queue.take(), Take::Resync));
    }

    #[test]
    fn a_bye_drops_what_waits() {
        let queue = Queue::default();
        queue.push(&[Chunk::of(&["secret"])]);
        queue.bye("signed_out");
        queue.push(&[Chunk::of(&["more"])]);
        assert!(queue.ended());
        assert!(matches!(queue.take(), Take::Bye("signed_out")));
    }
}
