//! Telling authors live. A client says which of its own messages are on screen; for two minutes
//! after, the counts of these are kept in memory and follow every read mark.
//!
//! **Invariants:** beside the answer to their asking, a lane's authors hear at most once a second,
//! whatever number of marks rises;
//! permissions are looked at again before each telling; lanes, their readers and the messages
//! looked at are bounded in number.

use std::{sync::Arc, time::Duration};

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use serde::Serialize;
use tokio::sync::Notify;
use weft_http::{Caller, OrgPolicy, ReceiptsMode, ReceiptsPolicy, limits};
use weft_kernel::{
    Env, Fault, LogKey, Micros, OrgKey, PrincipalKey,
    id::{ConversationId, MessageId},
};
use weft_log::Publisher;
use weft_storage::{Db, DbResult, params};

use super::{
    Lane,
    board::{Author, Board, Mentioned, Reader, Receipt, Tracked},
    sql,
};
use crate::{Seat, load::MessageRow, people::People};

/// How long a client hears of a message after it asked.
const LEASE: Micros = 120_000_000;
/// Readers are read again when somebody looks and this has passed: people are deactivated.
const FRESH: Micros = 60_000_000;
/// A lane's authors hear no more often than this.
const EVERY: Duration = Duration::from_secs(1);
/// What nobody looks at any more is forgotten at least this often.
const SWEEP: Duration = Duration::from_secs(60);
/// Readers held at once, in all lanes together: some 40 MB. Beyond it, clients are answered once.
const READERS_MAX: usize = 1_000_000;
/// Messages of one author looked at in one lane.
const TRACKED_MAX: usize = 500;
/// A policy is read again after this.
const POLICY_FOR: Micros = 2_000_000;
/// Policies remembered.
const POLICIES_MAX: usize = 10_000;

/// A lane that is looked at.
struct Watched {
    board: Board,
    org: OrgKey,
    conversation: ConversationId,
    thread: Option<MessageId>,
}

/// The lanes that are looked at on this node.
pub struct Receipts {
    db: Db,
    env: Env,
    people: Arc<People>,
    publisher: Arc<dyn Publisher>,
    lanes: Mutex<FxHashMap<Lane, Watched>>,
    policies: Mutex<FxHashMap<OrgKey, (Micros, ReceiptsPolicy)>>,
    bell: Notify,
}

#[derive(Serialize)]
struct ReceiptsFrame<'a> {
    t: &'static str,
    conv: ConversationId,
    thread: Option<MessageId>,
    items: &'a [Receipt],
}

impl Receipts {
    /// Starts telling; it goes on until the process ends.
    pub(crate) fn start(
        db: Db,
        env: Env,
        people: Arc<People>,
        publisher: Arc<dyn Publisher>,
    ) -> Arc<Receipts> {
        let receipts = Arc::new(Receipts {
            db,
            env,
            people,
            publisher,
            lanes: Mutex::default(),
            policies: Mutex::default(),
            bell: Notify::new(),
        });
        tokio::spawn(receipts.clone().run());
        receipts
    }

    async fn run(self: Arc<Self>) {
        loop {
            let _ = tokio::time::timeout(SWEEP, self.bell.notified()).await;
            if let Err(fault) = self.tell().await {
                tracing::warn!(%fault, "authors could not be told who has read; they are with the next mark");
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Somebody's mark in a lane has risen, and is committed.
    pub(crate) fn rise(&self, lane: Lane, who: PrincipalKey, mark: i64) {
        let news = self.lanes.lock().get_mut(&lane).is_some_and(|watched| watched.board.rise(who, mark));
        if news {
            self.bell.notify_one();
        }
    }

    /// What the org allows.
    pub(super) async fn policy(&self, org: OrgKey) -> Result<ReceiptsPolicy, Fault> {
        let now = self.env.now();
        if let Some((at, policy)) = self.policies.lock().get(&org)
            && now - at < POLICY_FOR
        {
            return Ok(*policy);
        }
        let row = self.db.query_one(sql::POLICY, params![org]).await?;
        let policy = OrgPolicy::from_stored(&row.get::<String>(0)?).receipts;
        let mut known = self.policies.lock();
        if known.len() >= POLICIES_MAX {
            known.clear();
        }
        known.insert(org, (now, policy));
        Ok(policy)
    }

    /// The caller looks at these messages of theirs: they are told what is known of them now, and
    /// of what changes for two minutes. Messages that are not theirs are passed over.
    pub(crate) async fn watch(
        &self,
        caller: &Caller,
        seat: &Seat,
        thread: Option<(MessageId, i64)>,
        seqs: Vec<i64>,
    ) -> Result<(), Fault> {
        if seqs.len() > limits::RECEIPTS_WATCHED {
            let most = format!("At most {} messages can be watched at once.", limits::RECEIPTS_WATCHED);
            return Err(Fault::invalid("seqs", most));
        }
        if self.policy(caller.org).await?.mode == ReceiptsMode::Off {
            return Ok(());
        }
        let lane = Lane::of(seat.room.log, thread.map(|(_, seq)| seq));
        let tracked = self.own(caller, lane, seqs).await?;
        if tracked.is_empty() {
            return Ok(());
        }
        let fresh = Watched {
            board: Board::default(),
            org: caller.org,
            conversation: seat.room.id,
            thread: thread.map(|(id, _)| id),
        };
        self.read_readers(lane, Some(fresh)).await?;
        {
            let mut lanes = self.lanes.lock();
            let Some(watched) = lanes.get_mut(&lane) else { return Ok(()) };
            watched.board.make_room(caller.principal, TRACKED_MAX);
            for (reach, tracked) in tracked {
                watched.board.track(reach, tracked);
            }
        }
        self.tell_of(lane, Some(caller.principal)).await?;
        self.shed();
        Ok(())
    }

    /// The caller's own messages among `seqs`, by what a mark must reach.
    async fn own(&self, caller: &Caller, lane: Lane, seqs: Vec<i64>) -> Result<Vec<(i64, Tracked)>, Fault> {
        let rows = self.db.query(sql::OWN, params![lane.log, seqs, caller.principal]).await?;
        let author = Author { key: caller.principal, log: caller.log };
        let until = self.env.now() + LEASE;
        let mut out = Vec::with_capacity(rows.len());
        for row in rows.into_iter().map(MessageRow::read) {
            let row = row?;
            if row.thread.unwrap_or(0) != lane.root {
                continue;
            }
            let named = self.people.keys(caller.org, &row.stored().mentions).await?;
            let mentioned = named.into_iter().map(|(id, key)| Mentioned { key, id, read: false }).collect();
            let reach = lane.reach(row.seq, row.n.unwrap_or(0));
            out.push((reach, Tracked::new(row.seq, row.at, author, mentioned, until)));
        }
        Ok(out)
    }

    /// Reads who is in a lane's conversation and how far each has read, where that is not known or
    /// no longer fresh. `fresh` is put in place where nobody looked until now.
    async fn read_readers(&self, lane: Lane, fresh: Option<Watched>) -> Result<(), Fault> {
        let version = self.versions(&[lane]).await?.get(&lane.log).copied().unwrap_or(0);
        let now = self.env.now();
        {
            let mut lanes = self.lanes.lock();
            if let Some(fresh) = fresh {
                lanes.entry(lane).or_insert(fresh);
            }
            let Some(watched) = lanes.get_mut(&lane) else { return Ok(()) };
            if watched.board.version == version && now - watched.board.read_at < FRESH {
                return Ok(());
            }
            watched.board.begin();
        }
        // From here on `end` must be reached, whatever happens.
        let found = self.readers(lane).await;
        let mut lanes = self.lanes.lock();
        let Some(watched) = lanes.get_mut(&lane) else { return Ok(()) };
        let found = match found {
            Ok(found) => {
                (watched.board.version, watched.board.read_at) = (version, now);
                watched.board.end(Some(found));
                return Ok(());
            }
            Err(error) => error,
        };
        watched.board.end(None);
        Err(found.into())
    }

    async fn readers(&self, lane: Lane) -> DbResult<FxHashMap<PrincipalKey, Reader>> {
        let rows = self.db.query(sql::READERS, params![lane.log, lane.root]).await?;
        rows.iter()
            .map(|row| Ok((row.get(0)?, Reader { joined_at: row.get(1)?, mark: row.get(2)? })))
            .collect()
    }

    async fn versions(&self, lanes: &[Lane]) -> DbResult<FxHashMap<LogKey, i64>> {
        let logs: Vec<i64> = lanes.iter().map(|lane| lane.log.0).collect();
        let rows = self.db.query(sql::VERSIONS, params![logs]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    /// Tells every author who has something to hear, and forgets what nobody looks at.
    async fn tell(&self) -> Result<(), Fault> {
        let now = self.env.now();
        let due: Vec<Lane> = {
            let mut lanes = self.lanes.lock();
            lanes.retain(|_, watched| watched.board.prune(now));
            lanes.iter().filter(|(_, watched)| watched.board.has_news()).map(|(lane, _)| *lane).collect()
        };
        if due.is_empty() {
            return Ok(());
        }
        let versions = self.versions(&due).await?;
        for lane in &due {
            let changed = {
                let lanes = self.lanes.lock();
                lanes.get(lane).is_some_and(|watched| Some(&watched.board.version) != versions.get(&lane.log))
            };
            if changed {
                self.read_readers(*lane, None).await?;
            }
        }
        for lane in due {
            self.tell_of(lane, None).await?;
        }
        Ok(())
    }

    /// Tells a lane's authors, or one of them, what they have to hear.
    async fn tell_of(&self, lane: Lane, only: Option<PrincipalKey>) -> Result<(), Fault> {
        let org = self.lanes.lock().get(&lane).map(|watched| watched.org);
        let Some(org) = org else { return Ok(()) };
        let policy = self.policy(org).await?;
        let mut lanes = self.lanes.lock();
        let Some(watched) = lanes.get_mut(&lane) else { return Ok(()) };
        let news = watched.board.news(only, |total| policy.names(total));
        if policy.mode == ReceiptsMode::Off {
            return Ok(());
        }
        let (conv, thread) = (watched.conversation, watched.thread);
        for (author, items) in news {
            let frame = ReceiptsFrame { t: "receipts", conv, thread, items: &items };
            // Our own types have string keys only and cannot fail to serialise.
            let text = serde_json::to_string(&frame).unwrap_or_default();
            // Still under the lock: an older count must not come after a newer one.
            self.publisher.publish_ephemeral(author.log, None, text.into());
        }
        Ok(())
    }

    /// Gives up the largest lanes when too many readers are held; their authors ask again.
    fn shed(&self) {
        let mut lanes = self.lanes.lock();
        let mut held: usize = lanes.values().map(|watched| watched.board.size()).sum();
        while held > READERS_MAX {
            let largest = lanes.iter().max_by_key(|(_, watched)| watched.board.size()).map(|(lane, _)| *lane);
            let Some(gone) = largest.and_then(|lane| lanes.remove(&lane)) else { return };
            held -= gone.board.size();
        }
    }
}
