//! Counting what people did to a message and telling everybody: once a second for each message,
//! however many act.

use std::{collections::HashSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use tokio::sync::mpsc;
use weft_kernel::{Env, Fault, LogKey, id::ConversationId};
use weft_log::{Frame, LogName, Publisher, head};
use weft_storage::{Db, Tx, params, statements};

use crate::{events::Event, load, messages, people::People};

/// Messages that wait to be counted; one that finds no room is counted with its next answer.
const QUEUE: usize = 8_192;
/// A message is told no more often than this.
const EVERY: Duration = Duration::from_secs(1);

statements! {
    /// A conversation's id, and from where on every member sees all.
    CONVERSATION = "SELECT id, hidden_below FROM conversations WHERE log = $1";
}

/// Which message: its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub(crate) struct Spot {
    /// The conversation.
    pub(crate) log: LogKey,
    /// The message.
    pub(crate) seq: i64,
}

/// What is counted.
#[async_trait]
pub(crate) trait Count: Send + Sync + 'static {
    /// Counts under the head's lock and writes down what it found; false when there is nothing
    /// (any more) to be told.
    async fn count(&self, tx: &mut Tx, spot: Spot) -> Result<bool, Fault>;
}

/// The entrance. Cheap to clone.
#[derive(Clone)]
pub struct Teller(mpsc::Sender<Spot>);

struct Counter<C> {
    count: C,
    db: Db,
    env: Env,
    people: Arc<People>,
    publisher: Arc<dyn Publisher>,
}

impl Teller {
    /// Starts counting; it goes on until every entrance is gone.
    pub(crate) fn start(
        count: impl Count,
        db: Db,
        env: Env,
        people: Arc<People>,
        publisher: Arc<dyn Publisher>,
    ) -> Teller {
        let (queue, changed) = mpsc::channel(QUEUE);
        tokio::spawn(Counter { count, db, env, people, publisher }.run(changed));
        Teller(queue)
    }

    /// Somebody has acted.
    pub(crate) fn changed(&self, spot: Spot) {
        let _ = self.0.try_send(spot);
    }
}

impl<C: Count> Counter<C> {
    async fn run(self, mut changed: mpsc::Receiver<Spot>) {
        let mut waiting = Vec::new();
        while changed.recv_many(&mut waiting, QUEUE).await > 0 {
            let spots: HashSet<Spot> = waiting.drain(..).collect();
            for spot in spots {
                if let Err(fault) = self.tell(spot).await {
                    tracing::warn!(%fault, "answers were not counted; they are with the next");
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    async fn tell(&self, spot: Spot) -> Result<(), Fault> {
        let mut tx = self.db.begin().await?;
        head::lock(&mut tx, &[spot.log]).await?;
        if !self.count.count(&mut tx, spot).await? {
            return Ok(tx.rollback().await?);
        }
        let head = head::advance(&mut tx, spot.log, self.env.now()).await?;
        tx.execute(messages::sql::TOUCH, params![spot.log, spot.seq, head.seq]).await?;
        tx.commit().await?;
        announce(&self.db, &self.people, &*self.publisher, spot, head.seq).await
    }
}

/// Publishes a message's present state as event `seq` of its conversation.
pub(crate) async fn announce(
    db: &Db,
    people: &People,
    publisher: &dyn Publisher,
    spot: Spot,
    seq: i64,
) -> Result<(), Fault> {
    let conversation = db.query_one(CONVERSATION, params![spot.log]).await?;
    let (id, hidden_below): (ConversationId, i64) = (conversation.get(0)?, conversation.get(1)?);
    let name = LogName::Conversation(id);
    if spot.seq < hidden_below {
        // Some may not see it: each catches up with what they see.
        publisher.publish(Frame::head(spot.log, name, seq));
        return Ok(());
    }
    let row = load::by_seq(db, spot.log, spot.seq).await?.ok_or_else(|| Fault::not_found("message"))?;
    if let Some(message) = load::assemble(db, people, id, vec![row]).await?.pop() {
        publisher.publish(Frame::event(spot.log, name, seq, &Event::MessageChanged { message: &message }));
    }
    Ok(())
}
