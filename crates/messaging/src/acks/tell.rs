//! Counting answers and telling everybody: once a second for each message, however many answer.

use std::{collections::HashSet, sync::Arc, time::Duration};

use tokio::sync::mpsc;
use weft_kernel::{Env, Fault, id::ConversationId};
use weft_log::{Frame, LogName, Publisher, head};
use weft_storage::{Db, params};

use super::{Spot, sql};
use crate::{events::Event, load, messages, people::People};

/// Messages that wait to be counted; one that finds no room is counted with its next answer.
const QUEUE: usize = 8_192;
/// A message is told no more often than this.
const EVERY: Duration = Duration::from_secs(1);

/// The entrance. Cheap to clone.
#[derive(Clone)]
pub struct Teller(mpsc::Sender<Spot>);

struct Counter {
    db: Db,
    env: Env,
    people: Arc<People>,
    publisher: Arc<dyn Publisher>,
}

impl Teller {
    /// Starts counting; it goes on until every entrance is gone.
    pub(crate) fn start(db: Db, env: Env, people: Arc<People>, publisher: Arc<dyn Publisher>) -> Teller {
        let (queue, changed) = mpsc::channel(QUEUE);
        tokio::spawn(Counter { db, env, people, publisher }.run(changed));
        Teller(queue)
    }

    /// Somebody has answered a request, or its sender has asked again.
    pub(super) fn changed(&self, spot: Spot) {
        let _ = self.0.try_send(spot);
    }
}

impl Counter {
    async fn run(self, mut changed: mpsc::Receiver<Spot>) {
        let mut waiting = Vec::new();
        while changed.recv_many(&mut waiting, QUEUE).await > 0 {
            let spots: HashSet<Spot> = waiting.drain(..).collect();
            for spot in spots {
                if let Err(fault) = self.tell(spot).await {
                    tracing::warn!(%fault, "acknowledgements were not counted; they are with the next");
                }
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    async fn tell(&self, Spot { log, seq }: Spot) -> Result<(), Fault> {
        let mut tx = self.db.begin().await?;
        head::lock(&mut tx, &[log]).await?;
        let counted = tx.query_one(sql::COUNT, params![log, seq]).await?;
        let (total, acknowledged, done): (i64, i64, i64) =
            (counted.get(0)?, counted.get(1)?, counted.get(2)?);
        let head = head::advance(&mut tx, log, self.env.now()).await?;
        tx.execute(sql::COUNTED, params![log, seq, total, acknowledged, done]).await?;
        tx.execute(messages::sql::TOUCH, params![log, seq, head.seq]).await?;
        let conversation = tx.query_one(sql::CONVERSATION, params![log]).await?;
        let (id, hidden_below): (ConversationId, i64) = (conversation.get(0)?, conversation.get(1)?);
        tx.commit().await?;
        let name = LogName::Conversation(id);
        if seq < hidden_below {
            // Some may not see it: each catches up with what they see.
            self.publisher.publish(Frame::head(log, name, head.seq));
            return Ok(());
        }
        let row = load::by_seq(&self.db, log, seq).await?.ok_or_else(|| Fault::not_found("message"))?;
        if let Some(message) = load::assemble(&self.db, &self.people, id, vec![row]).await?.pop() {
            let event = Event::MessageChanged { message: &message };
            self.publisher.publish(Frame::event(log, name, head.seq, &event));
        }
        Ok(())
    }
}
