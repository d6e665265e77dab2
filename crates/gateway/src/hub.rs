//! Who listens to what, on this node.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize, Ordering},
};

use axum::extract::ws::Utf8Bytes;
use parking_lot::{Mutex, RwLock};
use rustc_hash::FxHashMap;
use tokio::sync::Semaphore;
use weft_http::{Caller, Credential};
use weft_kernel::{Env, Fault, LogKey, PrincipalKey, id::OrgId};
use weft_log::{Cut, Frame, LogName, Publisher};

use crate::{chunk::Chunk, order::Order, presence::Presence, queue::Queue, session::Backend};

const SHARDS: usize = 64;

/// Limits of a node.
#[derive(Debug, Clone)]
pub struct HubConfig {
    /// Sockets at once; above it a client is told to come back.
    pub max_sockets: usize,
    /// Resumes that run at once; others wait their turn, which a herd after a restart needs.
    pub max_resumes: usize,
    /// Clients reconnect after a random delay up to this, in milliseconds.
    pub jitter_ms: u32,
}

impl Default for HubConfig {
    fn default() -> Self {
        HubConfig { max_sockets: 15_000, max_resumes: 64, jitter_ms: 3_000 }
    }
}

/// A connected socket.
pub(crate) struct Socket {
    pub(crate) number: u64,
    pub(crate) caller: Caller,
    pub(crate) queue: Queue,
    logs: Mutex<Vec<LogKey>>,
    /// When its person last did something there; 0 once they have turned away.
    active_at: AtomicI64,
}

/// Where somebody is, as far as their sockets tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Activity {
    /// No socket is open.
    Away,
    /// One is open, and nobody has touched it for a while.
    Idle,
    /// They are in front of one.
    Active,
}

#[derive(Default)]
struct Listeners {
    sockets: Vec<Arc<Socket>>,
    order: Order<Utf8Bytes>,
}

type Shard = Mutex<FxHashMap<LogKey, Listeners>>;

/// The sockets of this node and what they listen to.
pub struct Hub {
    pub(crate) config: HubConfig,
    pub(crate) env: Env,
    pub(crate) presence: Presence,
    pub(crate) resumes: Semaphore,
    shards: Vec<Shard>,
    people: RwLock<FxHashMap<PrincipalKey, Vec<Arc<Socket>>>>,
    count: AtomicUsize,
    numbers: AtomicU64,
    /// Rises with every unsubscription, see [`Hub::listen_to_all`].
    removals: AtomicU64,
    confirmed_at: AtomicI64,
    draining: AtomicBool,
}

/// Whoever did something this recently is there. Clients say it at most once in half of this.
const ACTIVE_FOR: i64 = 120_000_000;
/// How long a node delivers without having confirmed permissions.
const CONFIRM_WITHIN: i64 = 2_000_000;

impl Hub {
    /// A hub without sockets.
    pub fn new(env: Env, config: HubConfig) -> Arc<Hub> {
        Arc::new(Hub {
            resumes: Semaphore::new(config.max_resumes),
            confirmed_at: AtomicI64::new(env.now()),
            config,
            env,
            presence: Presence::default(),
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            people: RwLock::default(),
            count: AtomicUsize::new(0),
            numbers: AtomicU64::new(1),
            removals: AtomicU64::new(0),
            draining: AtomicBool::new(false),
        })
    }

    fn shard(&self, log: LogKey) -> &Shard {
        &self.shards[(log.0 as usize) % SHARDS]
    }

    /// Sockets connected now.
    pub fn sockets(&self) -> usize {
        self.count.load(Ordering::Relaxed)
    }

    /// The database has just confirmed that this node knows every revocation.
    pub fn confirm(&self) {
        self.confirmed_at.store(self.env.now(), Ordering::Relaxed);
    }

    pub(crate) fn may_deliver(&self) -> bool {
        self.env.now() - self.confirmed_at.load(Ordering::Relaxed) <= CONFIRM_WITHIN
    }

    pub(crate) fn admit(&self, caller: Caller) -> Result<Arc<Socket>, Fault> {
        let full = self.count.fetch_add(1, Ordering::Relaxed) >= self.config.max_sockets;
        if full || self.draining.load(Ordering::Relaxed) {
            self.count.fetch_sub(1, Ordering::Relaxed);
            return Err(Fault::unavailable("The server has no room for another connection now.", "sockets")
                .code("overloaded"));
        }
        let socket = Arc::new(Socket {
            number: self.numbers.fetch_add(1, Ordering::Relaxed),
            caller,
            queue: Queue::default(),
            logs: Mutex::default(),
            active_at: AtomicI64::new(0),
        });
        let mut people = self.people.write();
        let mine = people.entry(socket.caller.principal).or_default();
        mine.push(socket.clone());
        if mine.len() == 1 {
            self.presence.came(socket.caller.principal, socket.caller.principal_id);
        }
        Ok(socket)
    }

    pub(crate) fn leave(&self, socket: &Arc<Socket>) {
        for log in std::mem::take(&mut *socket.logs.lock()) {
            self.drop_listener(log, socket.number);
        }
        self.presence.unwatch(socket);
        let principal = socket.caller.principal;
        let mut people = self.people.write();
        if let Some(mine) = people.get_mut(&principal) {
            mine.retain(|s| s.number != socket.number);
            if mine.is_empty() {
                people.remove(&principal);
                self.presence.went(principal, socket.caller.principal_id);
            }
        }
        self.count.fetch_sub(1, Ordering::Relaxed);
    }

    /// Subscribes one socket to `logs`, before its catch-up is read.
    pub(crate) fn listen(&self, socket: &Arc<Socket>, logs: &[LogKey]) {
        let mut mine = socket.logs.lock();
        for log in logs {
            let mut shard = self.shard(*log).lock();
            let listeners = shard.entry(*log).or_default();
            if listeners.sockets.iter().all(|s| s.number != socket.number) {
                listeners.sockets.push(socket.clone());
                mine.push(*log);
            }
        }
        mine.shrink_to_fit();
    }

    /// Subscribes `socket` to everything its person may hear. A removal that commits between the
    /// reading of the list and the subscription would be missed, so the list is read again until
    /// no removal has happened meanwhile.
    pub(crate) async fn listen_to_all(
        &self,
        socket: &Arc<Socket>,
        backend: &dyn Backend,
    ) -> Result<(), Fault> {
        loop {
            let seen = self.removals.load(Ordering::SeqCst);
            let logs = backend.logs(&socket.caller).await?;
            self.listen(socket, &logs);
            if self.removals.load(Ordering::SeqCst) == seen {
                return Ok(());
            }
            for log in std::mem::take(&mut *socket.logs.lock()) {
                self.drop_listener(log, socket.number);
            }
        }
    }

    fn drop_listener(&self, log: LogKey, number: u64) {
        let mut shard = self.shard(log).lock();
        if let Some(listeners) = shard.get_mut(&log) {
            if let Some(at) = listeners.sockets.iter().position(|s| s.number == number) {
                listeners.sockets.swap_remove(at);
            }
            if listeners.sockets.is_empty() {
                shard.remove(&log);
            }
        }
    }

    fn of(&self, principal: PrincipalKey) -> Vec<Arc<Socket>> {
        self.people.read().get(&principal).cloned().unwrap_or_default()
    }

    fn matching(&self, whose: Cut) -> Vec<Arc<Socket>> {
        if let Cut::Principal(principal) = whose {
            return self.of(principal);
        }
        let hit = |s: &Socket| match (whose, s.caller.credential) {
            (Cut::Session(cut), Credential::Session { key, .. })
            | (Cut::Token(cut), Credential::Token { key, .. }) => cut == key,
            (Cut::Account(account), _) => s.caller.account == Some(account),
            _ => false,
        };
        self.people.read().values().flatten().filter(|s| hit(s)).cloned().collect()
    }

    /// Tells the listeners of `log` that it has grown to `seq` without frames.
    pub fn tell_head(&self, log: LogKey, name: LogName, seq: i64) {
        self.publish_ephemeral(log, None, Frame::head(log, name, seq).text);
    }

    /// The people with a socket here.
    pub fn online(&self) -> Vec<PrincipalKey> {
        self.people.read().keys().copied().collect()
    }

    /// Where `principal` is, as far as this node knows.
    pub fn activity(&self, principal: PrincipalKey) -> Activity {
        let people = self.people.read();
        let Some(sockets) = people.get(&principal) else { return Activity::Away };
        let since = self.env.now() - ACTIVE_FOR;
        match sockets.iter().any(|socket| socket.active_at.load(Ordering::Relaxed) > since) {
            true => Activity::Active,
            false => Activity::Idle,
        }
    }

    /// The person at `socket` does something there, or turns away from it.
    pub(crate) fn touched(&self, socket: &Socket, there: bool) {
        socket.active_at.store(if there { self.env.now() } else { 0 }, Ordering::Relaxed);
    }

    /// The guests with a socket here whose org's log is `log`, and the org.
    pub fn guests(&self, log: LogKey) -> Vec<(PrincipalKey, OrgId)> {
        let people = self.people.read();
        let first = people.values().filter_map(|sockets| sockets.first());
        let theirs = first.filter(|s| s.caller.is_guest() && s.caller.org_log == log);
        theirs.map(|s| (s.caller.principal, s.caller.org_id)).collect()
    }

    /// Delivers, outside any order, to the sockets of one person.
    pub fn tell(&self, principal: PrincipalKey, text: &Utf8Bytes) {
        fan_out(&self.of(principal), std::slice::from_ref(text));
    }

    /// Whether anybody listens to `log` here.
    pub fn has_listeners(&self, log: LogKey) -> bool {
        self.shard(log).lock().contains_key(&log)
    }

    /// Sends every client away to reconnect elsewhere or later.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
        for socket in self.people.read().values().flatten() {
            socket.queue.bye("draining");
        }
    }

    /// Releases frames that waited too long for a predecessor; called every so often.
    pub(crate) fn release_overdue(&self) {
        let now = self.env.now();
        for shard in &self.shards {
            for listeners in shard.lock().values_mut().filter(|l| l.order.overdue(now)) {
                let Listeners { sockets, order } = listeners;
                let mut due = Vec::new();
                order.give_up(|text| due.push(text));
                fan_out(sockets, &due);
            }
        }
    }
}

/// Encodes `texts` once, and queues them for every socket with one entry and one wake for all.
fn fan_out(sockets: &[Arc<Socket>], texts: &[Utf8Bytes]) {
    if texts.is_empty() {
        return;
    }
    let chunks = Chunk::all(texts);
    for socket in sockets {
        socket.queue.push(&chunks);
    }
}

impl Publisher for Hub {
    fn publish(&self, frame: Frame) {
        self.publish_all(vec![frame]);
    }

    fn publish_all(&self, mut frames: Vec<Frame>) {
        let now = self.env.now();
        // Stable: the frames of one log stay in their order.
        frames.sort_by_key(|frame| frame.log);
        for frames in frames.chunk_by(|one, next| one.log == next.log) {
            let log = frames[0].log;
            let mut shard = self.shard(log).lock();
            let Some(Listeners { sockets, order }) = shard.get_mut(&log) else { continue };
            let mut due = Vec::with_capacity(frames.len());
            for frame in frames {
                order.push(frame.seq, frame.text.clone(), now, |text| due.push(text));
            }
            fan_out(sockets, &due);
        }
    }

    fn publish_ephemeral(&self, log: LogKey, except: Option<PrincipalKey>, text: Utf8Bytes) {
        let shard = self.shard(log).lock();
        let Some(listeners) = shard.get(&log) else { return };
        let chunk = [Chunk::of(&[text])];
        for socket in &listeners.sockets {
            if Some(socket.caller.principal) != except {
                socket.queue.push(&chunk);
            }
        }
    }

    fn subscribe(&self, principal: PrincipalKey, log: LogKey) {
        for socket in self.of(principal) {
            self.listen(&socket, &[log]);
        }
    }

    fn unsubscribe(&self, principal: PrincipalKey, log: LogKey) {
        self.removals.fetch_add(1, Ordering::SeqCst);
        for socket in self.of(principal) {
            socket.logs.lock().retain(|l| *l != log);
            self.drop_listener(log, socket.number);
            // Of some whom they watch they may not know any more; their client asks again.
            if socket.caller.is_guest() {
                self.presence.unwatch(&socket);
            }
        }
    }

    fn listens(&self, principal: PrincipalKey, log: LogKey) -> bool {
        self.of(principal).iter().any(|socket| socket.logs.lock().contains(&log))
    }

    fn cut(&self, whose: Cut, code: &'static str) {
        for socket in self.matching(whose) {
            socket.queue.bye(code);
        }
    }
}
