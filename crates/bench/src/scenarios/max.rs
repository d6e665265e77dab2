//! Senders that wait for nothing but their acknowledgement.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use clap::Args;
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::separate;
use crate::{
    Outcome, Target,
    crowd::{Crowd, acknowledged},
    micros,
    rooms::{self, DUE},
    stats::{Latencies, per_second},
    wire::{Reader, Writer, find},
};

/// Options of `weft bench max`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Senders, each in a room of its own
    #[arg(long, default_value_t = 64)]
    senders: usize,
    /// Messages that a sender has under way
    #[arg(long, default_value_t = 1)]
    window: usize,
    /// Members of each room, all online
    #[arg(long, default_value_t = 5)]
    size: usize,
    /// Seconds
    #[arg(long, default_value_t = 15)]
    seconds: u64,
}

pub(crate) async fn run(target: &Target, options: Options) -> Outcome<Value> {
    let people = target.first(options.senders * options.size)?;
    let made = rooms::make(target, people, separate(options.senders, options.size)).await?;
    let mut connections = rooms::connect_all(target, people).await?.into_iter();
    let (mut senders, mut others) = (Vec::new(), Vec::new());
    for _ in 0..options.senders {
        senders.extend(connections.next());
        others.extend(connections.by_ref().take(options.size - 1));
    }
    let delivered = Arc::new(AtomicU64::new(0));
    let count = delivered.clone();
    let crowd = Crowd::listen(
        others,
        Arc::new(move |_, frame| {
            if find(frame, DUE.as_bytes()).is_some() {
                count.fetch_add(1, Ordering::Relaxed);
            }
        }),
    );

    let started = Instant::now();
    let until = started + Duration::from_secs(options.seconds);
    let loops = senders.into_iter().zip(&made).map(|((reader, writer), room)| {
        tokio::spawn(closed_loop(reader, writer, room.id.clone(), options.window, until))
    });
    let mut latencies = Latencies::default();
    for done in try_join_all(loops).await.map_err(|e| e.to_string())? {
        latencies.merge(done?);
    }
    let took = started.elapsed();
    Ok(json!({
        "scenario": "max", "senders": options.senders, "window": options.window, "size": options.size,
        "messages": latencies.count(), "lost_connections": crowd.lost(),
        "messages_per_s": per_second(latencies.count() as u64, took),
        "deliveries_per_s": per_second(delivered.load(Ordering::Relaxed), took),
        "send_to_ack_ms": latencies.summary(),
    }))
}

async fn closed_loop(
    mut reader: Reader,
    mut writer: Writer,
    room: String,
    window: usize,
    until: Instant,
) -> Outcome<Latencies> {
    let mut latencies = Latencies::default();
    for _ in 0..window {
        let now = micros();
        writer.send(&rooms::message(now, &room, now)).await?;
    }
    let mut under_way = window;
    while under_way > 0 {
        let Some(sent) = acknowledged(&reader.next().await?) else { continue };
        let now = micros();
        latencies.add(now.saturating_sub(sent));
        if Instant::now() < until {
            writer.send(&rooms::message(now, &room, now)).await?;
        } else {
            under_way -= 1;
        }
    }
    Ok(latencies)
}
