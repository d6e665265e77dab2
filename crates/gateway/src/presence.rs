//! Who is online, told in batches and only to those who look.

use std::{collections::hash_map::Entry, sync::Arc};

use axum::extract::ws::Utf8Bytes;
use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::json;
use weft_kernel::{PrincipalKey, id::PrincipalId};

use crate::{chunk::Chunk, hub::Socket};

/// People that one socket may watch.
pub(crate) const MAX_WATCHED: usize = 500;

#[derive(Default)]
struct State {
    online: FxHashMap<PrincipalKey, PrincipalId>,
    /// Came or went since the last batch, with how it was then.
    changed: FxHashMap<PrincipalKey, (PrincipalId, bool)>,
    watchers: FxHashMap<PrincipalKey, Vec<Arc<Socket>>>,
    watched: FxHashMap<u64, Vec<PrincipalKey>>,
}

/// What one watcher is told: who came, who went.
type News = (Arc<Socket>, Vec<PrincipalId>, Vec<PrincipalId>);

#[derive(Default)]
pub(crate) struct Presence(Mutex<State>);

impl Presence {
    pub(crate) fn came(&self, who: PrincipalKey, id: PrincipalId) {
        let mut s = self.0.lock();
        s.online.insert(who, id);
        s.note(who, id, false);
    }

    pub(crate) fn went(&self, who: PrincipalKey, id: PrincipalId) {
        let mut s = self.0.lock();
        s.online.remove(&who);
        s.note(who, id, true);
    }

    /// Replaces what `socket` watches; returns those online.
    pub(crate) fn watch(&self, socket: &Arc<Socket>, people: Vec<PrincipalKey>) -> Vec<PrincipalId> {
        let mut s = self.0.lock();
        s.unwatch(socket.number);
        let online = people.iter().filter_map(|p| s.online.get(p).copied()).collect();
        for who in &people {
            s.watchers.entry(*who).or_default().push(socket.clone());
        }
        if !people.is_empty() {
            s.watched.insert(socket.number, people);
        }
        online
    }

    pub(crate) fn unwatch(&self, socket: &Socket) {
        self.0.lock().unwatch(socket.number);
    }

    /// Tells the watchers what has changed since the last call.
    pub(crate) fn flush(&self) {
        let mut s = self.0.lock();
        let changed = std::mem::take(&mut s.changed);
        let mut news: FxHashMap<u64, News> = FxHashMap::default();
        for (who, (id, was)) in changed {
            let is = s.online.contains_key(&who);
            if is == was {
                continue;
            }
            for socket in s.watchers.get(&who).into_iter().flatten() {
                let (_, online, offline) =
                    news.entry(socket.number).or_insert_with(|| (socket.clone(), Vec::new(), Vec::new()));
                if is { online.push(id) } else { offline.push(id) }
            }
        }
        drop(s);
        for (socket, online, offline) in news.into_values() {
            socket.queue.push(&[Chunk::of(&[frame(&online, &offline)])]);
        }
    }
}

impl State {
    fn note(&mut self, who: PrincipalKey, id: PrincipalId, was: bool) {
        // Nobody looks: nothing to remember.
        if self.watchers.contains_key(&who) {
            self.changed.entry(who).or_insert((id, was));
        }
    }

    fn unwatch(&mut self, number: u64) {
        let before: FxHashSet<PrincipalKey> =
            self.watched.remove(&number).unwrap_or_default().into_iter().collect();
        for who in before {
            if let Entry::Occupied(mut entry) = self.watchers.entry(who) {
                entry.get_mut().retain(|s| s.number != number);
                if entry.get().is_empty() {
                    entry.remove();
                }
            }
        }
    }
}

/// A `presence` frame.
pub(crate) fn frame(online: &[PrincipalId], offline: &[PrincipalId]) -> Utf8Bytes {
    json!({ "t": "presence", "online": online, "offline": offline }).to_string().into()
}
