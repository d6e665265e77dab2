//! Follows the logs of one org: reads what changed, writes it into the index, commits.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use parking_lot::Mutex;
use weft_kernel::LogKey;
use weft_storage::DbError;

use super::{
    IndexState, OrgIndex,
    rows::{self, LogRow, PAGE},
    schema::{Entry, Flag, Place, TEXTS},
    shelf::{Shelf, Slot, Todo},
    store::{IndexError, Writer},
};

/// How long changes are gathered before they are indexed together.
const GATHER: Duration = Duration::from_millis(200);
/// A writer without work is closed after this time.
const IDLE: Duration = Duration::from_secs(20);
/// The wait after a failure.
const AGAIN: Duration = Duration::from_secs(5);
/// Documents between two commits while much is missing.
const COMMIT_AFTER: usize = 20_000;
/// Texts of documents whose messages are looked up together.
const TEXTS_AT_ONCE: i64 = 200;
/// With more events missing than this, searches say that the index is being built.
const BUILDING_FROM: i64 = 2_000;

enum Trouble {
    Database(DbError),
    Index(IndexError),
}

impl From<DbError> for Trouble {
    fn from(error: DbError) -> Trouble {
        Trouble::Database(error)
    }
}

impl From<IndexError> for Trouble {
    fn from(error: IndexError) -> Trouble {
        Trouble::Index(error)
    }
}

/// Follows until nothing has changed for a while.
pub(super) async fn run(shelf: Arc<Shelf>, slot: Arc<Slot>) {
    let Ok(_turn) = shelf.writers.acquire().await else { return };
    let mut follower = Follower { shelf: shelf.clone(), slot: slot.clone(), open: None };
    loop {
        let todo = std::mem::take(&mut *slot.todo.lock());
        match follower.turn(&todo).await {
            Ok(()) => slot.set_state(IndexState::READY),
            Err(trouble) => follower.failed(todo, trouble).await,
        }
        // Others may be waiting for a turn: they get it as soon as nothing is left to do here.
        let idle = if shelf.writers.available_permits() == 0 { Duration::ZERO } else { IDLE };
        let woken =
            !slot.todo.lock().is_empty() || tokio::time::timeout(idle, slot.wake.notified()).await.is_ok();
        if woken {
            tokio::time::sleep(GATHER).await;
            continue;
        }
        slot.followed.store(false, Ordering::SeqCst);
        // Who asked before this look saw somebody at work.
        if slot.todo.lock().is_empty() || slot.followed.swap(true, Ordering::SeqCst) {
            return;
        }
    }
}

/// An index with its writer.
#[derive(Clone)]
struct Open {
    index: Arc<OrgIndex>,
    writer: Arc<Mutex<Writer>>,
}

struct Follower {
    shelf: Arc<Shelf>,
    slot: Arc<Slot>,
    open: Option<Open>,
}

impl Follower {
    async fn turn(&mut self, todo: &Todo) -> Result<(), Trouble> {
        let mut anew = todo.anew;
        if todo.check && !anew {
            let index = self.shelf.open(&self.slot).await?;
            let damaged = self.shelf.background.run(move || index.check()).await?;
            if let Some(file) = damaged.first() {
                tracing::warn!(file = %file.display(), "the search index is damaged and is built anew");
                anew = true;
            }
        }
        if anew {
            self.open = None;
            self.shelf.replace(&self.slot).await?;
        }
        let some = (!todo.all && !anew).then(|| todo.logs.iter().map(|log| log.0).collect());
        let heads = rows::heads(&self.shelf.db, self.slot.org, some).await?;
        let index = self.shelf.open(&self.slot).await?;
        let committed = index.cursors();
        let behind: Vec<(LogKey, i64)> =
            heads.into_iter().filter(|(log, head)| *head != committed.get(*log)).collect();
        if behind.iter().any(|(log, head)| *head < committed.get(*log)) {
            return Err(IndexError::Damaged("it knows more than the log".into()).into());
        }
        let looked = todo.documents || todo.all || anew;
        let known = committed.get(TEXTS);
        let texts = if looked { rows::texts(&self.shelf.db, self.slot.org).await? } else { known };
        if texts < known {
            return Err(IndexError::Damaged("it knows of more documents than there are".into()).into());
        }
        if behind.is_empty() && texts == known {
            return Ok(());
        }
        self.follow(index, behind, texts).await
    }

    async fn follow(
        &mut self,
        index: Arc<OrgIndex>,
        behind: Vec<(LogKey, i64)>,
        texts: i64,
    ) -> Result<(), Trouble> {
        // Whatever is read now is read with the documents that are known by now.
        let empty = index.searcher().num_docs() == 0;
        let open = match &self.open {
            Some(open) if Arc::ptr_eq(&open.index, &index) => open.clone(),
            _ => {
                self.open = None;
                let of = index.clone();
                let writer = self.shelf.background.run(move || of.writer()).await?;
                self.open.insert(Open { index, writer: Arc::new(Mutex::new(writer)) }).clone()
            }
        };
        let cursors = open.writer.lock().cursors.clone();
        let total = behind.iter().map(|(log, head)| head - cursors.get(*log)).sum();
        let mut done = Progress { slot: &self.slot, done: 0, total };
        done.tell(0);
        for (log, head) in behind {
            self.log(&open, log, cursors.get(log), head, &mut done).await?;
        }
        if !empty {
            self.documents(&open, cursors.get(TEXTS), texts).await?;
        }
        open.writer.lock().cursors.set(TEXTS, texts);
        self.commit(&open).await
    }

    /// Brings messages that are known up to date with the texts of their documents.
    async fn documents(&self, open: &Open, known: i64, head: i64) -> Result<(), Trouble> {
        let mut after = known;
        while after < head {
            let upto = head.min(after + TEXTS_AT_ONCE);
            let messages = rows::with_texts(&self.shelf.db, self.slot.org, after, upto).await?;
            for some in messages.chunk_by(|a, b| a.0 == b.0) {
                let log = some[0].0;
                // What comes after is new, and read with its documents.
                let known = open.writer.lock().cursors.get(log);
                let seqs: Vec<i64> = some.iter().map(|(_, seq)| *seq).filter(|seq| *seq <= known).collect();
                for page in seqs.chunks(PAGE as usize) {
                    let rows = rows::at(&self.shelf.db, log, page.to_vec()).await?;
                    self.write(open, log, rows, true).await?;
                }
            }
            after = upto;
            open.writer.lock().cursors.set(TEXTS, after);
            if open.writer.lock().pending >= COMMIT_AFTER {
                self.commit(open).await?;
            }
        }
        Ok(())
    }

    /// Brings `log` from `known` to `head`.
    async fn log(
        &self,
        open: &Open,
        log: LogKey,
        known: i64,
        head: i64,
        done: &mut Progress<'_>,
    ) -> Result<(), Trouble> {
        // What is known and changed comes first: only then may the cursor rise with what is new.
        let mut after = (known, 0);
        loop {
            let page = rows::changed(&self.shelf.db, log, known, after, head).await?;
            let Some(last) = page.last() else { break };
            after = (last.changed_seq, last.seq);
            self.write(open, log, page, true).await?;
        }
        let mut cursor = known;
        while cursor < head {
            let page = rows::new(&self.shelf.db, log, cursor, head).await?;
            let roots: Vec<i64> =
                page.iter().filter_map(|row| row.thread).filter(|seq| *seq <= known).collect();
            let upto =
                if page.len() < PAGE as usize { head } else { page.last().map_or(head, |row| row.seq) };
            if !roots.is_empty() {
                // A message that was answered is part of a thread from now on.
                let rows = rows::at(&self.shelf.db, log, roots).await?;
                self.write(open, log, rows, true).await?;
            }
            self.write(open, log, page, false).await?;
            done.tell(upto - cursor);
            cursor = upto;
            open.writer.lock().cursors.set(log, cursor);
            if open.writer.lock().pending >= COMMIT_AFTER {
                self.commit(open).await?;
            }
        }
        Ok(())
    }

    async fn write(&self, open: &Open, log: LogKey, rows: Vec<LogRow>, known: bool) -> Result<(), Trouble> {
        let content = self.shelf.content.clone();
        let entry = move |row: LogRow| (Place::new(log, row.seq), row.entry(log, &*content));
        let read = move || Ok(rows.into_iter().map(entry).collect::<Vec<_>>());
        let entries = self.shelf.background.run(read).await?;
        let mut plain = Vec::with_capacity(entries.len());
        for (place, mut entry) in entries {
            let mut large = false;
            if let Some(entry) = entry.as_mut().filter(|entry| entry.flags.contains(&Flag::File)) {
                for document in self.shelf.content.documents(place).await? {
                    entry.text.push('\n');
                    entry.text.push_str(&document.text);
                    large = true;
                }
            }
            plain.push((place, entry));
            if large {
                // Not many of them in memory at once.
                self.put(open, std::mem::take(&mut plain), known).await?;
            }
        }
        Ok(self.put(open, plain, known).await?)
    }

    async fn put(
        &self,
        open: &Open,
        entries: Vec<(Place, Option<Entry>)>,
        known: bool,
    ) -> Result<(), IndexError> {
        let writer = open.writer.clone();
        let put = move || {
            let mut writer = writer.lock();
            for (place, entry) in entries {
                if known {
                    writer.remove(place);
                }
                if let Some(entry) = entry {
                    writer.add(&entry)?;
                }
            }
            Ok(())
        };
        self.shelf.background.run(put).await
    }

    async fn commit(&self, open: &Open) -> Result<(), Trouble> {
        let (open, epoch) = (open.clone(), self.shelf.epoch.clone());
        let commit = move || open.writer.lock().commit(&open.index, &epoch);
        Ok(self.shelf.background.run(commit).await?)
    }

    /// Drops the writer, with what it has not committed, and has everything looked at again.
    async fn failed(&mut self, todo: Todo, trouble: Trouble) {
        self.open = None;
        let damaged = matches!(trouble, Trouble::Index(IndexError::Damaged(_)));
        match trouble {
            Trouble::Database(error) => tracing::warn!(%error, "the search index waits for the database"),
            Trouble::Index(error) => tracing::warn!(%error, org = self.slot.org.0, "search"),
        }
        {
            let mut next = self.slot.todo.lock();
            next.all = true;
            next.anew |= todo.anew || damaged;
        }
        tokio::time::sleep(AGAIN).await;
    }
}

struct Progress<'a> {
    slot: &'a Slot,
    done: i64,
    total: i64,
}

impl Progress<'_> {
    fn tell(&mut self, more: i64) {
        self.done += more;
        if self.total > BUILDING_FROM {
            self.slot.set_state(IndexState::building(self.done, self.total));
        }
    }
}
