//! One large room: when its last member is reached, and how many deliveries fit in a second.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use clap::Args;
use memchr::memmem::Finder;
use serde_json::{Value, json};

use crate::{
    Outcome, Target,
    crowd::{Crowd, beat, settle},
    micros,
    rooms::{self, DUE, Room},
    stats::{Latencies, per_second},
    wire::number,
};

/// Options of `weft bench fanout`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Members, all online
    #[arg(long, default_value_t = 1000)]
    members: usize,
    /// Messages per second in the steady part
    #[arg(long, default_value_t = 20.0)]
    rate: f64,
    /// Messages under way in the flooding part
    #[arg(long, default_value_t = 64)]
    window: u64,
    /// Seconds of each part
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
}

/// Counts the deliveries of each message of the steady part; its number follows the due time.
struct Progress {
    missing: Vec<AtomicU32>,
    last: Mutex<Latencies>,
    /// To each listener: one counter for all would be what is measured.
    delivered: Vec<AtomicU64>,
    due: Finder<'static>,
}

impl Progress {
    fn new(members: usize, steady: usize) -> Progress {
        Progress {
            missing: (0..steady).map(|_| AtomicU32::new(members as u32)).collect(),
            last: Mutex::default(),
            delivered: (0..members).map(|_| AtomicU64::new(0)).collect(),
            due: Finder::new(DUE),
        }
    }

    fn frame(&self, listener: usize, frame: &[u8]) {
        let Some(at) = self.due.find(frame) else { return };
        self.delivered[listener].fetch_add(1, Ordering::Relaxed);
        let Some((due, rest)) = number(&frame[at + DUE.len()..]) else { return };
        let Some((number, _)) = rest.strip_prefix(NUMBER.as_bytes()).and_then(number) else { return };
        let Some(missing) = self.missing.get(number as usize) else { return };
        if missing.fetch_sub(1, Ordering::Relaxed) == 1 {
            let late = micros().saturating_sub(due);
            self.last.lock().unwrap_or_else(PoisonError::into_inner).add(late);
        }
    }

    fn delivered(&self) -> u64 {
        self.delivered.iter().map(|count| count.load(Ordering::Relaxed)).sum()
    }

    fn members(&self) -> u64 {
        self.delivered.len() as u64
    }
}

/// Marks a message's number, behind the due time.
const NUMBER: &str = " number ";

pub(crate) async fn run(target: &Target, options: Options) -> Outcome<Value> {
    let people = target.first(options.members)?;
    let room = rooms::make(target, people, vec![(0..options.members).collect()]).await?.remove(0);
    let connections = rooms::connect_all(target, people).await?;
    let steady = (options.rate * options.seconds).round() as usize;
    let state = Arc::new(Progress::new(options.members, steady));
    let ear = state.clone();
    let crowd = Crowd::listen(connections, Arc::new(move |listener, frame| ear.frame(listener, frame)));

    let mut beat = beat(options.rate, options.seconds);
    let mut number = 0;
    while let Some(due) = beat.recv().await {
        crowd.send(number % options.members, &numbered(due, &room, number)).await?;
        number += 1;
    }
    let reached = || state.missing.iter().all(|missing| missing.load(Ordering::Relaxed) == 0);
    let complete = settle(Duration::from_secs(30), reached).await;
    let mut last = std::mem::take(&mut *state.last.lock().unwrap_or_else(PoisonError::into_inner));
    let flood = flood(&crowd, &state, &room, &options).await?;
    Ok(json!({
        "scenario": "fanout", "members": options.members, "complete": complete, "lost_connections": crowd.lost(),
        "steady_messages_per_s": options.rate, "last_member_ms": last.summary(),
        "flood_deliveries_per_s": flood, "window": options.window,
    }))
}

/// As many messages as the room can take while no more than the window is under way.
async fn flood(crowd: &Crowd, state: &Progress, room: &Room, options: &Options) -> Outcome<u64> {
    let before = state.delivered();
    let delivered = || state.delivered() - before;
    let members = state.members();
    let started = Instant::now();
    let mut sent = 0_u64;
    while started.elapsed().as_secs_f64() < options.seconds {
        if sent * members > delivered() + options.window * members {
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        crowd.send(0, &rooms::message(sent, &room.id, micros())).await?;
        sent += 1;
    }
    let rate = per_second(delivered(), started.elapsed());
    if settle(Duration::from_secs(30), || delivered() >= sent * members).await {
        Ok(rate)
    } else {
        Err(format!("{} of {} deliveries never came", sent * members - delivered(), sent * members))
    }
}

fn numbered(due: u64, room: &Room, number: usize) -> String {
    rooms::message(due, &room.id, due).replacen(" and ", &format!("{NUMBER}{number} and "), 1)
}
