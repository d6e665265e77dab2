//! Guests do not listen to their org's log: it tells of everybody. When it has grown by something
//! that concerns them, they are told its head and catch up, which shows only what they may see.

use std::{sync::Arc, time::Duration};

use axum::extract::ws::Utf8Bytes;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use tokio::sync::Notify;
use weft_gateway::Hub;
use weft_kernel::{LogKey, PrincipalKey};
use weft_log::{Cut, Frame, LogName, Publisher};
use weft_storage::Db;

/// Changes within this are told, and looked up, as one.
const GATHER: Duration = Duration::from_millis(300);

/// Tells guests of changes in their org.
pub(crate) struct Guests {
    db: Db,
    hub: Arc<Hub>,
    /// By log: what happened after the first number, up to the second.
    grown: Mutex<FxHashMap<LogKey, (i64, i64)>>,
    news: Notify,
}

impl Guests {
    pub(crate) fn new(db: Db, hub: Arc<Hub>) -> Arc<Self> {
        Arc::new(Guests { db, hub, grown: Mutex::default(), news: Notify::new() })
    }

    /// Events after `after` up to `upto` are committed in `log`, an org's or another.
    pub(crate) fn grown(&self, log: LogKey, after: i64, upto: i64) {
        let mut grown = self.grown.lock();
        let range = grown.entry(log).or_insert((after, upto));
        *range = (range.0.min(after), range.1.max(upto));
        drop(grown);
        self.news.notify_one();
    }

    /// Runs until the process ends.
    pub(crate) async fn run(self: Arc<Self>) {
        loop {
            self.news.notified().await;
            tokio::time::sleep(GATHER).await;
            let grown = std::mem::take(&mut *self.grown.lock());
            for (log, range) in grown {
                self.tell(log, range).await;
            }
        }
    }

    async fn tell(&self, log: LogKey, range: (i64, i64)) {
        let guests = self.hub.guests(log);
        let Some((_, org)) = guests.first() else { return };
        let frame = Frame::head(log, LogName::Org(*org), range.1).text;
        let guests: Vec<PrincipalKey> = guests.iter().map(|(guest, _)| *guest).collect();
        let concerned = match weft_files::emoji::touched(&self.db, log, range).await {
            // Emoji are everybody's.
            Ok(true) => Ok(guests.clone()),
            Ok(false) => weft_identity::concerned(&self.db, log, range, &guests).await,
            Err(fault) => Err(fault),
        };
        // Told in vain they only look once more; not told they would miss it.
        let told = concerned.unwrap_or_else(|fault| {
            tracing::warn!(detail = fault.internal_detail(), "every guest is told of a change");
            guests
        });
        told.into_iter().for_each(|guest| self.hub.tell(guest, &frame));
    }
}

/// Identity's way to the sockets: the hub, and the guests.
pub(crate) struct Tell(pub(crate) Arc<Hub>, pub(crate) Arc<Guests>);

impl Publisher for Tell {
    fn publish(&self, frame: Frame) {
        self.1.grown(frame.log, frame.seq - 1, frame.seq);
        self.0.publish(frame);
    }

    fn publish_ephemeral(&self, log: LogKey, except: Option<PrincipalKey>, text: Utf8Bytes) {
        self.0.publish_ephemeral(log, except, text);
    }

    fn subscribe(&self, principal: PrincipalKey, log: LogKey) {
        self.0.subscribe(principal, log);
    }

    fn unsubscribe(&self, principal: PrincipalKey, log: LogKey) {
        self.0.unsubscribe(principal, log);
    }

    fn listens(&self, principal: PrincipalKey, log: LogKey) -> bool {
        self.0.listens(principal, log)
    }

    fn cut(&self, whose: Cut, code: &'static str) {
        self.0.cut(whose, code);
    }
}
