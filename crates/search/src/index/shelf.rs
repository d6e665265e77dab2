//! All indexes of this server: which are open, and who waits to be followed.

use std::{
    fs::{self, File},
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::{Notify, Semaphore};
use weft_kernel::{Env, LogKey, OrgKey};
use weft_storage::{Db, DbResult};

use super::{
    IndexState, OrgIndex,
    background::Background,
    follow, rows,
    store::{IndexError, guarded},
};
use crate::port::Content;

/// Indexes open at once; the least recently used is closed for another.
const OPEN: usize = 64;
/// Indexes written at once, each with a writer's memory.
const WRITERS: usize = 4;
/// How long the logs of commits are gathered before their orgs are looked up.
const GATHER: Duration = Duration::from_millis(30);
/// How often everything is compared with the log, whatever was or was not heard of.
const SWEEP: Duration = Duration::from_secs(600);

/// One org's place on the shelf.
pub struct Slot {
    /// Whose.
    pub org: OrgKey,
    /// Where its files are.
    pub folder: PathBuf,
    opened: tokio::sync::Mutex<Option<Arc<OrgIndex>>>,
    used_at: AtomicI64,
    state: Mutex<IndexState>,
    pub(super) todo: Mutex<Todo>,
    pub(super) wake: Notify,
    /// Somebody follows the log.
    pub(super) followed: AtomicBool,
}

/// What a follower has to look at.
#[derive(Debug, Default)]
pub struct Todo {
    /// Logs that grew.
    pub logs: FxHashSet<LogKey>,
    /// Documents that were read.
    pub documents: bool,
    /// Every log, and every document.
    pub all: bool,
    /// Begin from nothing.
    pub anew: bool,
    /// Look whether the files are what was written.
    pub check: bool,
}

impl Todo {
    pub(super) fn is_empty(&self) -> bool {
        self.logs.is_empty() && !self.documents && !self.all && !self.anew && !self.check
    }
}

impl Slot {
    /// Whether searches find everything.
    pub fn state(&self) -> IndexState {
        *self.state.lock()
    }

    pub(crate) fn set_state(&self, state: IndexState) {
        *self.state.lock() = state;
    }
}

/// See the module.
pub struct Shelf {
    pub(super) db: Db,
    pub(super) env: Env,
    pub(super) epoch: Arc<str>,
    pub(super) content: Arc<dyn Content>,
    pub(super) writers: Semaphore,
    pub(super) background: Background,
    folder: PathBuf,
    slots: Mutex<FxHashMap<OrgKey, Arc<Slot>>>,
    changed: Mutex<FxHashSet<LogKey>>,
    wake: Notify,
    /// Kept locked while this process lives.
    held: Mutex<Option<File>>,
}

impl Shelf {
    /// A shelf of indexes in `folder`.
    pub fn new(db: Db, env: Env, epoch: Arc<str>, content: Arc<dyn Content>, folder: PathBuf) -> Shelf {
        Shelf {
            db,
            env,
            epoch,
            content,
            writers: Semaphore::new(WRITERS),
            background: Background::start(WRITERS),
            folder,
            slots: Mutex::default(),
            changed: Mutex::default(),
            wake: Notify::new(),
            held: Mutex::default(),
        }
    }

    /// Takes the folder for this process; false when another one has it.
    ///
    /// # Errors
    /// Any error of the file system.
    pub fn hold(&self) -> io::Result<bool> {
        fs::create_dir_all(&self.folder)?;
        let file = File::create(self.folder.join("writer.lock"))?;
        match file.try_lock() {
            Ok(()) => {
                *self.held.lock() = Some(file);
                Ok(true)
            }
            Err(fs::TryLockError::WouldBlock) => Ok(false),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// The slot of an org.
    pub fn slot(&self, org: OrgKey) -> Arc<Slot> {
        let make = || {
            Arc::new(Slot {
                org,
                folder: self.folder.join(org.0.to_string()),
                opened: tokio::sync::Mutex::default(),
                used_at: AtomicI64::new(0),
                state: Mutex::new(IndexState::building(0, 0)),
                todo: Mutex::new(Todo { all: true, check: true, ..Todo::default() }),
                wake: Notify::new(),
                followed: AtomicBool::new(false),
            })
        };
        self.slots.lock().entry(org).or_insert_with(make).clone()
    }

    /// The index of a slot, opened if it is not. One that has to be built says so at once.
    ///
    /// # Errors
    /// `Disk`.
    pub async fn open(&self, slot: &Arc<Slot>) -> Result<Arc<OrgIndex>, IndexError> {
        slot.used_at.store(self.env.now(), Ordering::Relaxed);
        let mut opened = slot.opened.lock().await;
        if let Some(index) = &*opened {
            return Ok(index.clone());
        }
        self.close_one();
        let (folder, epoch) = (slot.folder.clone(), self.epoch.clone());
        let index = Arc::new(blocking(move || OrgIndex::open(&folder, &epoch)).await?);
        if index.searcher().num_docs() == 0 {
            slot.set_state(IndexState::building(0, 0));
            slot.todo.lock().all = true;
        }
        *opened = Some(index.clone());
        Ok(index)
    }

    /// Replaces the index of a slot by an empty one.
    ///
    /// # Errors
    /// `Disk`.
    pub(super) async fn replace(&self, slot: &Arc<Slot>) -> Result<Arc<OrgIndex>, IndexError> {
        let mut opened = slot.opened.lock().await;
        *opened = None;
        let folder = slot.folder.clone();
        let index = Arc::new(blocking(move || OrgIndex::empty(&folder)).await?);
        *opened = Some(index.clone());
        Ok(index)
    }

    /// Makes room for one more open index.
    fn close_one(&self) {
        let slots: Vec<Arc<Slot>> = self.slots.lock().values().cloned().collect();
        let idle = |slot: &Arc<Slot>| !slot.followed.load(Ordering::SeqCst);
        let is_open = |slot: &Arc<Slot>| slot.opened.try_lock().is_ok_and(|opened| opened.is_some());
        let mut open: Vec<_> = slots.into_iter().filter(|slot| is_open(slot)).collect();
        if open.len() < OPEN {
            return;
        }
        open.retain(idle);
        let oldest = open.iter().min_by_key(|slot| slot.used_at.load(Ordering::Relaxed));
        if let Some(slot) = oldest
            && let Ok(mut opened) = slot.opened.try_lock()
        {
            *opened = None;
        }
    }

    /// Something was committed to `log`. Called for every message: it only takes a note.
    pub fn changed(&self, log: LogKey) {
        if self.changed.lock().insert(log) {
            self.wake.notify_one();
        }
    }

    /// Gives a follower something to do, and starts one if there is none.
    pub fn ask(self: &Arc<Self>, org: OrgKey, note: impl FnOnce(&mut Todo)) {
        let slot = self.slot(org);
        note(&mut slot.todo.lock());
        if slot.followed.swap(true, Ordering::SeqCst) {
            slot.wake.notify_one();
        } else {
            tokio::spawn(follow::run(self.clone(), slot));
        }
    }

    /// Hears of commits until the process ends.
    pub async fn listen(self: Arc<Self>) {
        let mut sweep = tokio::time::interval(SWEEP);
        loop {
            tokio::select! {
                _ = sweep.tick() => self.sweep().await,
                () = self.wake.notified() => {
                    tokio::time::sleep(GATHER).await;
                    let logs: Vec<i64> = self.changed.lock().drain().map(|log| log.0).collect();
                    if let Err(error) = self.hear(logs).await {
                        tracing::warn!(%error, "the search index waits for the database");
                        self.sweep().await;
                    }
                }
            }
        }
    }

    async fn hear(self: &Arc<Self>, logs: Vec<i64>) -> DbResult<()> {
        let mut by_org: FxHashMap<OrgKey, Vec<LogKey>> = FxHashMap::default();
        for (log, org) in rows::orgs_of(&self.db, logs).await? {
            by_org.entry(org).or_default().push(log);
        }
        for (org, logs) in by_org {
            self.ask(org, |todo| todo.logs.extend(logs));
        }
        Ok(())
    }

    /// Has every org's index compared with the log.
    async fn sweep(self: &Arc<Self>) {
        match rows::orgs(&self.db).await {
            Ok(orgs) => orgs.into_iter().for_each(|org| self.ask(org, |todo| todo.all = true)),
            Err(error) => tracing::warn!(%error, "the search index waits for the database"),
        }
    }
}

/// Runs work over an index on a thread that may block.
///
/// # Errors
/// What `work` answers; `Damaged` when it panicked.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IndexError> + Send + 'static,
) -> Result<T, IndexError> {
    let done = tokio::task::spawn_blocking(move || guarded(work)).await;
    done.unwrap_or_else(|error| Err(IndexError::Disk(error.to_string())))
}
