//! Follows the logs: what is new there that somebody may have to be told of becomes a job of the
//! outbox, once.
//!
//! **Invariants:** the cursor of a log rises in the transaction that adds the jobs, so that a crash
//! neither loses nor repeats one; a message is looked at once whatever its conversation's size, and
//! people are found through indexes; whoever waits for a commit never waits for this.

use std::time::Duration;

use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHashSet};
use tokio::sync::Notify as Bell;
use weft_kernel::{Fault, LogKey, Micros, PrincipalKey};
use weft_log::outbox;
use weft_storage::{DbResult, params};

use crate::{
    Notify, clear, missed,
    news::{self, MOST, News},
    people, sql,
    tell::{DECIDE, Decide},
};

/// How long commits are gathered before their logs are read together.
const GATHER: Duration = Duration::from_millis(200);
/// How often everything is compared with the log, whatever was or was not heard of.
const SWEEP: Duration = Duration::from_secs(600);
/// What is older than this is nobody's news any more: after a long stop, mails tell of it.
pub(crate) const STALE: Micros = 3_600_000_000;

/// What was heard and not looked at yet, and how far each log was.
#[derive(Default)]
pub(crate) struct Heard {
    logs: Mutex<FxHashSet<LogKey>>,
    bell: Bell,
    /// Ahead of the stored cursors by what led to no job.
    cursors: Mutex<FxHashMap<LogKey, i64>>,
}

/// Cursors remembered; above it they are read again.
const REMEMBERED: usize = 50_000;

impl Heard {
    /// Something was committed to `log`. Called for every event: it only takes a note.
    pub(crate) fn changed(&self, log: LogKey) {
        if self.logs.lock().insert(log) {
            self.bell.notify_one();
        }
    }

    fn take(&self) -> Vec<LogKey> {
        self.logs.lock().drain().collect()
    }
}

/// Follows until dropped.
pub(crate) async fn run(notify: &Notify) {
    let mut sweep = tokio::time::interval(SWEEP);
    loop {
        let logs = tokio::select! {
            _ = sweep.tick() => behind(notify).await,
            () = notify.heard.bell.notified() => {
                tokio::time::sleep(GATHER).await;
                Ok(notify.heard.take())
            }
        };
        let done = match logs {
            Ok(logs) => look(notify, logs).await,
            Err(error) => Err(error.into()),
        };
        if let Err(fault) = done {
            tracing::warn!(%fault, "what is new could not be looked at; it is tried again");
            tokio::time::sleep(Duration::from_secs(1)).await;
            sweep.reset_immediately();
        }
    }
}

async fn behind(notify: &Notify) -> DbResult<Vec<LogKey>> {
    let rows = notify.db.query(sql::BEHIND, params![notify.env.now() - STALE]).await?;
    rows.iter().map(|row| row.get(0)).collect()
}

async fn look(notify: &Notify, logs: Vec<LogKey>) -> Result<(), Fault> {
    let devices = notify.db.query_opt(sql::ANY_DEVICE, Vec::new()).await?.is_some();
    if !devices && !notify.digests.offered() {
        return Ok(());
    }
    clear::read(notify, &logs).await?;
    let keys: Vec<i64> = logs.iter().map(|log| log.0).collect();
    let mut due: FxHashMap<LogKey, (i64, Vec<i64>)> = FxHashMap::default();
    for row in notify.db.query(sql::HEADS, params![keys]).await? {
        let (log, head): (LogKey, i64) = (row.get(0)?, row.get(1)?);
        let stored: i64 = row.get::<Option<i64>>(2)?.unwrap_or(0);
        let known = notify.heard.cursors.lock().get(&log).copied().unwrap_or(0).max(stored);
        if head <= known {
            continue;
        }
        let (since, range) = (notify.env.now() - STALE, (known.max(head - MOST), head));
        clear::taken_back(notify, log, range.0, range.1).await?;
        let news = news::between(&notify.db, &*notify.content, log, range, since).await?;
        missed::note(notify, &news).await?;
        let found = if devices { concerning(notify, &news).await? } else { Vec::new() };
        if found.is_empty() {
            remember(notify, log, head);
        } else {
            due.insert(log, (head, found));
        }
    }
    if due.is_empty() {
        return Ok(());
    }
    add(notify, &due).await?;
    due.iter().for_each(|(log, (head, _))| remember(notify, *log, *head));
    notify.due.notify_one();
    Ok(())
}

fn remember(notify: &Notify, log: LogKey, head: i64) {
    let mut cursors = notify.heard.cursors.lock();
    if cursors.len() >= REMEMBERED {
        cursors.clear();
    }
    cursors.insert(log, head);
}

/// Those of new messages that somebody with a device may have to be told of.
async fn concerning(notify: &Notify, news: &[News]) -> Result<Vec<i64>, Fault> {
    let mut found = Vec::new();
    for news in news {
        if people::any(notify, news).await? {
            found.push(news.seq);
        }
    }
    Ok(found)
}

async fn add(notify: &Notify, due: &FxHashMap<LogKey, (i64, Vec<i64>)>) -> Result<(), Fault> {
    let now = notify.env.now();
    let mut logs: Vec<&LogKey> = due.keys().collect();
    // Two processes that follow the same logs take turns, in one order.
    logs.sort_unstable();
    let mut tx = notify.db.begin().await?;
    for log in logs {
        let (head, seqs) = &due[log];
        let stored = match tx.query_opt(sql::CURSOR, params![*log]).await? {
            Some(row) => row.get(0)?,
            None => 0,
        };
        for seq in seqs.iter().filter(|seq| **seq > stored) {
            let job = Decide { log: *log, seq: *seq, pass: 0, after: PrincipalKey(0) };
            outbox::add(&mut tx, DECIDE, &job, now).await?;
        }
        tx.execute(sql::PUT_CURSOR, params![*log, *head]).await?;
    }
    Ok(tx.commit().await?)
}
