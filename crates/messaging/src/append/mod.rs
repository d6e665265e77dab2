//! The hot path: messages from every request and socket go through one queue and are committed
//! in groups, one transaction for many.
//!
//! **Invariants:** an append is answered only after its transaction has committed durably; a
//! message costs its own row and a share of one head update, whatever the membership; frames of a
//! log are published in `seq` order; one bad message never fails its neighbours.

mod batch;
mod postgres;
mod sql;
mod sqlite;

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use weft_kernel::{
    Env, Fault, FileKey, LogKey, Micros, PrincipalKey,
    id::{ConversationId, MessageId, PrincipalId},
};
use weft_log::{Frame, LogName, Proof, Publisher};
use weft_storage::{Backend, Db, DbError, DbResult, Envelope, Sql, Value};

use crate::{
    attention::{Attention, Sent},
    events::Event,
    topics::Chosen,
    wire::{self, Content, StoredBody},
};

pub use sql::ALL;

/// Messages of one transaction.
const BATCH: usize = 512;
/// Messages that wait for their turn; above it senders are told to come back.
const QUEUE: usize = 8_192;

/// A message to be appended; whoever builds it has been through the guard.
#[derive(Debug)]
pub struct Append {
    /// That its sender may write there.
    pub proof: Proof,
    /// The conversation's public id.
    pub conversation: ConversationId,
    /// Who sends.
    pub sender: PrincipalKey,
    /// Their public id.
    pub sender_id: PrincipalId,
    /// The new message's id; a repeated nonce answers with the first one's.
    pub id: MessageId,
    /// The sender's nonce, unique per conversation and sender.
    pub nonce: String,
    /// What the request asked for; the same nonce with another hash is a conflict.
    pub request_hash: [u8; 16],
    /// The thread that it replies in.
    pub thread: Option<Thread>,
    /// The topic that it is about; only of the main lane.
    pub topic: Option<Chosen>,
    /// The proof must hold as it is: what it stands for is more than membership, so a stale one is
    /// not looked at again under the lock.
    pub strict: bool,
    /// What it says.
    pub body: StoredBody,
    /// The people mentioned.
    pub mentions: Vec<PrincipalKey>,
    /// The files referred to.
    pub files: Vec<FileKey>,
    /// What else is written with it: few messages have any.
    pub(crate) along: Vec<Box<dyn Alongside>>,
}

/// What hangs on a message and is written with it, in its transaction.
pub(crate) trait Alongside: std::fmt::Debug + Send + Sync {
    /// The rows, once the message has its place in `log`.
    fn statements(
        &self,
        log: LogKey,
        sender: PrincipalKey,
        place: &Appended,
    ) -> DbResult<Vec<(Sql, Vec<Value>)>>;

    /// What the new message says of it to those who are online.
    fn show(&self, message: &mut wire::Message);
}

/// The root of a thread: a message of the main lane.
#[derive(Debug, Clone, Copy)]
pub struct Thread {
    /// Its event.
    pub seq: i64,
    /// Its id.
    pub id: MessageId,
}

/// Where a message now stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appended {
    /// Its id: the first one's when the nonce was seen before.
    pub id: MessageId,
    /// Its event.
    pub seq: i64,
    /// Its ordinal in its lane.
    pub n: i64,
    /// Its time.
    pub at: Micros,
    /// It was there already, from an earlier try.
    pub repeated: bool,
}

/// What became of one message of a batch; a fault concerns it alone.
pub type Outcome = Result<Appended, Fault>;

/// An append with its body sealed, as the databases see it.
struct Prepared {
    append: Append,
    sealed: Vec<u8>,
}

struct Job {
    prepared: Prepared,
    answer: oneshot::Sender<Outcome>,
}

/// The queue's entrance. Cheap to clone.
#[derive(Clone)]
pub struct Appender {
    queue: mpsc::Sender<Job>,
}

impl Appender {
    /// Starts the writer.
    pub fn start(db: Db, env: Env, publisher: Arc<dyn Publisher>, attention: Attention) -> Appender {
        let (queue, jobs) = mpsc::channel(QUEUE);
        tokio::spawn(Writer { db, env, publisher, attention }.run(jobs));
        Appender { queue }
    }

    /// Appends durably. Frames have been published when it answers.
    ///
    /// # Errors
    /// `stale_permission` (look again and retry), `nonce_reused`, `unavailable`.
    pub async fn append(&self, append: Append) -> Outcome {
        self.enqueue(append)?.outcome().await
    }

    /// Takes a place in the queue, behind everything that took one before.
    ///
    /// # Errors
    /// `unavailable` when the queue is full.
    pub fn enqueue(&self, append: Append) -> Result<Queued, Fault> {
        let plain = serde_json::to_vec(&append.body).map_err(Fault::internal)?;
        let prepared = Prepared { sealed: Envelope.seal(&plain), append };
        let (answer, outcome) = oneshot::channel();
        let busy =
            |_| Fault::unavailable("The server has too many messages waiting. Try again.", "append queue");
        self.queue.try_send(Job { prepared, answer }).map_err(busy)?;
        Ok(Queued(outcome))
    }
}

/// A message that waits for its transaction.
#[derive(Debug)]
pub struct Queued(oneshot::Receiver<Outcome>);

impl Queued {
    /// What became of it, once that is durable.
    ///
    /// # Errors
    /// As [`Appender::append`].
    pub async fn outcome(self) -> Outcome {
        self.0.await.map_err(|_| Fault::unavailable("The server is stopping. Try again.", "writer gone"))?
    }
}

struct Writer {
    db: Db,
    env: Env,
    publisher: Arc<dyn Publisher>,
    attention: Attention,
}

impl Writer {
    async fn run(self, mut jobs: mpsc::Receiver<Job>) {
        let mut waiting = Vec::with_capacity(BATCH);
        while jobs.recv_many(&mut waiting, BATCH).await > 0 {
            let (prepared, answers): (Vec<_>, Vec<_>) =
                waiting.drain(..).map(|job| (job.prepared, job.answer)).unzip();
            self.commit(Arc::new(prepared), answers).await;
        }
    }

    async fn commit(&self, batch: Arc<Vec<Prepared>>, answers: Vec<oneshot::Sender<Outcome>>) {
        match self.write(batch.clone()).await {
            Ok(outcomes) => {
                self.publish(&batch, &outcomes);
                for (answer, outcome) in answers.into_iter().zip(outcomes) {
                    let _ = answer.send(outcome);
                }
            }
            Err(DbError::Other(text)) if answers.len() > 1 => {
                tracing::error!(text, "a batch failed; its messages are tried one by one");
                let Ok(batch) = Arc::try_unwrap(batch) else { return };
                for (prepared, answer) in batch.into_iter().zip(answers) {
                    Box::pin(self.commit(Arc::new(vec![prepared]), vec![answer])).await;
                }
            }
            Err(error) => {
                let fault = Fault::from(error);
                for answer in answers {
                    let _ = answer.send(Err(fault.clone()));
                }
            }
        }
    }

    async fn write(&self, batch: Arc<Vec<Prepared>>) -> DbResult<Vec<Outcome>> {
        let now = self.env.now();
        match self.db.backend() {
            Backend::Sqlite(db) => db.write(move |conn| sqlite::write(conn, &batch, now)).await,
            Backend::Postgres(db) => postgres::write(db, &batch, now).await,
        }
    }

    fn publish(&self, batch: &[Prepared], outcomes: &[Outcome]) {
        let fresh = batch.iter().zip(outcomes).filter_map(|(prepared, outcome)| match outcome {
            Ok(appended) if !appended.repeated => Some(frame(&prepared.append, appended)),
            _ => None,
        });
        self.publisher.publish_all(fresh.collect());
        for (prepared, outcome) in batch.iter().zip(outcomes) {
            if let Ok(appended) = outcome
                && !appended.repeated
            {
                self.attention.sent(sent(&prepared.append, appended));
            }
        }
    }
}

fn sent(append: &Append, at: &Appended) -> Sent {
    Sent {
        log: append.proof.log,
        conversation: append.conversation,
        seq: at.seq,
        n: at.n,
        at: at.at,
        sender: append.sender,
        sender_id: append.sender_id,
        thread: append.thread.map(|thread| (thread.seq, thread.id)),
        mentions: append.mentions.clone(),
        // Alerts would keep the words that they met.
        parts: if append.body.vanish.is_none() { append.body.parts.clone() } else { Box::default() },
    }
}

fn frame(append: &Append, at: &Appended) -> Frame {
    let message = message(append, at);
    let event = Event::Message { message: &message };
    Frame::event(append.proof.log, LogName::Conversation(append.conversation), at.seq, &event)
}

/// The new message as clients see it.
fn message(append: &Append, at: &Appended) -> wire::Message {
    let mut message = wire::Message {
        id: at.id,
        conversation: append.conversation,
        seq: at.seq,
        n: Some(at.n),
        thread: append.thread.map(|t| t.id),
        thread_seq: append.thread.map(|t| t.seq),
        from: Some(append.sender_id),
        at: at.at,
        state: wire::state::name(wire::state::LIVE),
        edited_at: None,
        changed_seq: at.seq,
        nonce: Some(append.nonce.clone()),
        content: Content { v: append.body.v, parts: append.body.parts.clone() },
        mentions: append.body.mentions.clone(),
        mention_all: append.body.mention_all.clone(),
        reactions: Vec::new(),
        pinned: None,
        replies: None,
        ack: None,
        topic: append.topic.as_ref().map(|topic| topic.named.clone()),
        previews: Vec::new(),
        poll: None,
        vanish: None,
    };
    append.along.iter().for_each(|along| along.show(&mut message));
    message
}
