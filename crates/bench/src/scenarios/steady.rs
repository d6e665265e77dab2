//! A steady rate of messages over given rooms, measured at both ends.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    Outcome, Target,
    crowd::{Crowd, acknowledged, beat, settle},
    micros,
    rooms::{self, DUE, Room},
    stats::{Latencies, per_second},
    wire::number_after,
};

/// How long stragglers may take after the last send.
const DRAIN: Duration = Duration::from_secs(30);

/// What a run heard.
#[derive(Default)]
struct Heard {
    acks: Mutex<Latencies>,
    receipts: Vec<Mutex<Latencies>>,
    acked: AtomicU64,
    received: AtomicU64,
    /// Nothing due before this counts: the first second warms up.
    from: AtomicU64,
}

impl Heard {
    fn frame(&self, listener: usize, frame: &[u8]) {
        let now = micros();
        let from = self.from.load(Ordering::Relaxed);
        let add = |to: &Mutex<Latencies>, due: u64| {
            if due >= from {
                to.lock().unwrap_or_else(PoisonError::into_inner).add(now.saturating_sub(due));
            }
        };
        if let Some(due) = acknowledged(frame) {
            self.acked.fetch_add(1, Ordering::Relaxed);
            add(&self.acks, due);
        } else if let Some(due) = number_after(frame, DUE) {
            self.received.fetch_add(1, Ordering::Relaxed);
            add(&self.receipts[listener], due);
        }
    }
}

/// Sends `rate` messages a second, each from a room's member in turn, with everyone online.
pub(crate) async fn run(
    target: &Target,
    people: usize,
    rooms: &[Room],
    rate: f64,
    seconds: f64,
) -> Outcome<Value> {
    const WARM_UP: f64 = 1.0;
    let everyone = target.first(people)?;
    let connections = rooms::connect_all(target, everyone).await?;
    let heard = Heard { receipts: (0..people).map(|_| Mutex::default()).collect(), ..Heard::default() };
    let heard = Arc::new(heard);
    let ear = heard.clone();
    let crowd = Crowd::listen(connections, Arc::new(move |listener, frame| ear.frame(listener, frame)));

    let start = micros();
    heard.from.store(start + (WARM_UP * 1e6) as u64, Ordering::Relaxed);
    let mut beat = beat(rate, seconds + WARM_UP);
    let (mut sent, mut expected) = (0_u64, 0_u64);
    while let Some(due) = beat.recv().await {
        // A stride that shares no factor with usual room counts visits the rooms in a mixed order.
        let room = &rooms[(sent as usize * 7919) % rooms.len()];
        let sender = room.members[(sent as usize / rooms.len()) % room.members.len()];
        crowd.send(sender, &rooms::message(due, &room.id, due)).await?;
        sent += 1;
        expected += room.members.len() as u64;
    }
    let took = Duration::from_micros(micros() - start);
    let all =
        || heard.acked.load(Ordering::Relaxed) >= sent && heard.received.load(Ordering::Relaxed) >= expected;
    let complete = settle(DRAIN, all).await;

    let mut receipts = Latencies::default();
    for one in &heard.receipts {
        receipts.merge(std::mem::take(&mut *one.lock().unwrap_or_else(PoisonError::into_inner)));
    }
    let mut acks = std::mem::take(&mut *heard.acks.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(json!({
        "online": people, "rooms": rooms.len(), "sent": sent, "complete": complete, "lost_connections": crowd.lost(),
        "measured": acks.count(),
        "messages_per_s": per_second(sent, took),
        "deliveries_per_s": per_second(expected, took),
        "send_to_ack_ms": acks.summary(), "send_to_receive_ms": receipts.summary(),
    }))
}
