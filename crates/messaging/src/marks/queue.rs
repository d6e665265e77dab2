//! Read marks in groups. Everybody on screen reads every message, so marks outnumber messages:
//! one transaction takes many of them, and what one's own messages read is kept for a moment and
//! written with them.
//!
//! **Invariants:** a mark that was asked for is answered after its commit; one that follows from
//! sending costs no transaction of its own, is not an event (every client draws the same
//! conclusion from the message), and may be lost in a crash: it only hides one's own words.

use std::{sync::Arc, time::Duration};

use rustc_hash::FxHashMap;
use tokio::{
    sync::{Notify, mpsc, oneshot},
    time::{Instant, timeout_at},
};
use weft_kernel::{Env, Fault, LogKey, PrincipalKey};
use weft_storage::Db;

use super::write::{Mark, Outcome, Written, Wrote, write};
use crate::{
    guard::Room,
    receipts::{Lane, Receipts},
    wire::Kind,
};

/// Marks of one transaction; SQLite's only writer is held for so long.
const BATCH: usize = 64;
/// Marks that wait for their turn.
const QUEUE: usize = 8_192;
/// How long what one's own messages read is kept.
const KEEP: Duration = Duration::from_secs(1);
/// Beyond so many they are written at once.
const KEEP_MAX: usize = 4_096;

/// Whose message stands in which conversation, or under which root (0: the main flow).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Own {
    log: LogKey,
    who: PrincipalKey,
    root: i64,
    /// Between two people: where messages may vanish once they were read.
    direct: bool,
}

enum Job {
    Read(Mark, oneshot::Sender<Outcome>),
    Wrote(Own, i64, i64),
}

/// The queue's entrance. Cheap to clone.
#[derive(Clone)]
pub struct Marker {
    queue: mpsc::Sender<Job>,
}

impl Marker {
    /// Starts the writer.
    pub(crate) fn start(db: Db, env: Env, receipts: Arc<Receipts>, due: Arc<Notify>) -> Marker {
        let (queue, jobs) = mpsc::channel(QUEUE);
        tokio::spawn(
            Writer { db, env, receipts, vanishing: due, own: FxHashMap::default(), due: None }.run(jobs),
        );
        Marker { queue }
    }

    /// Reads durably; answers with the event in the reader's own log.
    pub(super) async fn read(&self, mark: Mark) -> Outcome {
        let (answer, outcome) = oneshot::channel();
        let busy = |_| Fault::unavailable("The server has too much waiting. Try again.", "marks queue");
        self.queue.try_send(Job::Read(mark, answer)).map_err(busy)?;
        outcome
            .await
            .map_err(|_| Fault::unavailable("The server is stopping. Try again.", "marks writer gone"))?
    }

    /// Someone wrote a message and has thereby read up to it; `root` is its thread's, if any.
    pub(crate) fn wrote(&self, room: &Room, who: PrincipalKey, root: Option<i64>, seq: i64, n: i64) {
        let own = Own { log: room.log, who, root: root.unwrap_or(0), direct: room.kind == Kind::Direct };
        // When too much waits already, the reader's client says so itself.
        let _ = self.queue.try_send(Job::Wrote(own, seq, n));
    }
}

struct Writer {
    db: Db,
    env: Env,
    receipts: Arc<Receipts>,
    /// Rung when the countdown of a message has begun.
    vanishing: Arc<Notify>,
    own: FxHashMap<Own, (i64, i64)>,
    /// When `own` is to be written.
    due: Option<Instant>,
}

impl Writer {
    async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(BATCH);
        loop {
            let received = match self.due {
                None => jobs.recv_many(&mut waiting, BATCH).await,
                Some(due) => match timeout_at(due, jobs.recv_many(&mut waiting, BATCH)).await {
                    Ok(received) => received,
                    Err(_) => {
                        self.flush(Vec::new(), Vec::new()).await;
                        continue;
                    }
                },
            };
            if received == 0 {
                // Every entrance is gone: the server stops.
                self.flush(Vec::new(), Vec::new()).await;
                return;
            }
            self.take(&mut waiting).await;
        }
    }

    async fn take(&mut self, waiting: &mut Vec<Job>) {
        let (mut marks, mut answers) = (Vec::new(), Vec::new());
        for job in waiting.drain(..) {
            match job {
                Job::Read(mark, answer) => {
                    marks.push(mark);
                    answers.push(answer);
                }
                Job::Wrote(own, seq, n) => {
                    let kept = self.own.entry(own).or_insert((0, 0));
                    *kept = (kept.0.max(seq), kept.1.max(n));
                }
            }
        }
        let due = self.due.is_some_and(|due| due <= Instant::now());
        if !marks.is_empty() || due || self.own.len() >= KEEP_MAX {
            self.flush(marks, answers).await;
        } else if !self.own.is_empty() && self.due.is_none() {
            self.due = Some(Instant::now() + KEEP);
        }
    }

    async fn flush(&mut self, marks: Vec<Mark>, answers: Vec<oneshot::Sender<Outcome>>) {
        self.due = None;
        let mut wrote: Vec<Wrote> = self
            .own
            .drain()
            .map(|(Own { log, who, root, direct }, (seq, n))| {
                let root = (root > 0).then_some(root);
                Wrote { log, who, root, seq, n, direct }
            })
            .collect();
        wrote.sort_unstable_by_key(|wrote| (wrote.log, wrote.who));
        let risen: Vec<_> = marks.iter().map(|mark| (mark.proof.log, mark.principal, mark.seq)).collect();
        let spoke: Vec<_> = wrote.iter().map(Wrote::risen).collect();
        match write(&self.db, marks, wrote, self.env.now()).await {
            Ok(Written { outcomes, begun }) => {
                if begun {
                    self.vanishing.notify_one();
                }
                for ((log, who, seq), _) in risen.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok())
                {
                    self.receipts.rise(Lane::main(*log), *who, *seq);
                }
                for (lane, who, mark) in spoke {
                    self.receipts.rise(lane, who, mark);
                }
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    let _ = answer.send(outcome);
                }
            }
            Err(fault) => {
                for answer in answers {
                    let _ = answer.send(Err(fault.clone()));
                }
            }
        }
    }
}
