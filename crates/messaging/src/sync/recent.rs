//! What returning clients asked for lately. After a restart or a cut thousands of them miss the
//! same stretch of the same conversation: it is read and serialised once.
//!
//! `changes` of a conversation are the same for everybody who sees it from the same event on, and
//! stay true until its head moves, so an entry is good exactly as long as it reaches the head.

use std::sync::Arc;

use axum::extract::ws::Utf8Bytes;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use weft_kernel::LogKey;

/// Bytes remembered; above it everything is forgotten.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A conversation after a cursor, for those who see it from `visible_from` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Stretch {
    pub(super) log: LogKey,
    pub(super) after: i64,
    pub(super) visible_from: i64,
}

#[derive(Default)]
struct Inner {
    frames: FxHashMap<Stretch, (i64, Arc<[Utf8Bytes]>)>,
    bytes: usize,
}

/// A bounded memory of `changes` frames.
#[derive(Default)]
pub struct Recent(Mutex<Inner>);

impl Recent {
    /// The frames of `wanted`, if they reach `head`.
    pub(super) fn get(&self, wanted: Stretch, head: i64) -> Option<Arc<[Utf8Bytes]>> {
        let inner = self.0.lock();
        inner.frames.get(&wanted).filter(|(upto, _)| *upto >= head).map(|(_, frames)| frames.clone())
    }

    /// Remembers the only frame of `wanted`, which reaches `upto`.
    pub(super) fn put(&self, wanted: Stretch, upto: i64, frame: Utf8Bytes) -> Arc<[Utf8Bytes]> {
        let mut inner = self.0.lock();
        if inner.bytes + frame.len() > MAX_BYTES {
            *inner = Inner::default();
        }
        inner.bytes += frame.len();
        let frames: Arc<[Utf8Bytes]> = Arc::new([frame]);
        if let Some((_, old)) = inner.frames.insert(wanted, (upto, frames.clone())) {
            inner.bytes -= old.iter().map(|f| f.len()).sum::<usize>();
        }
        frames
    }
}
