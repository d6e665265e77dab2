//! Everyone is dropped at once and comes back at once.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use clap::Args;
use futures_util::future::try_join_all;
use serde_json::{Value, json};

use super::company;
use crate::{
    Outcome, Target,
    rooms::{self, Room, connect_one},
    stats::{Latencies, millis},
};

/// Options of `weft bench herd`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Clients, each in channels of every size up to 1000
    #[arg(long, default_value_t = 5000)]
    clients: usize,
    /// Tries of a client that is turned away, after a second each
    #[arg(long, default_value_t = 10)]
    tries: u32,
}

pub(crate) async fn run(target: &Target, options: Options) -> Outcome<Value> {
    let people = target.first(options.clients)?;
    let made = rooms::make(target, people, company(options.clients)).await?;
    let heads = rooms::heads(target, people, &made).await?;
    let cursors = cursors(options.clients, &made, &heads);
    drop(rooms::connect_all(target, people).await?);
    // While everyone is away, something happens in every room.
    let posts =
        made.iter().map(|room| rooms::post(target, &people[room.members[0]], &room.id, "While you were out"));
    rooms::parallel(posts).await?;

    let started = Instant::now();
    let returns = people.iter().zip(cursors).map(|(person, cursors)| {
        let tries = options.tries;
        async move {
            for _ in 0..tries {
                if let Ok(connection) = connect_one(target, person, cursors.clone()).await {
                    return Ok((connection, started.elapsed()));
                }
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            connect_one(target, person, cursors).await.map(|connection| (connection, started.elapsed()))
        }
    });
    let back = try_join_all(returns).await?;
    let mut latencies = Latencies::default();
    back.iter().for_each(|(_, took)| latencies.add(took.as_micros() as u64));
    let last = back.iter().map(|(_, took)| took.as_micros() as u64).max().unwrap_or(0);
    Ok(json!({
        "scenario": "herd", "clients": options.clients, "rooms": made.len(),
        "all_caught_up_ms": millis(last), "caught_up_ms": latencies.summary(),
    }))
}

/// Each client's cursors as a JSON object.
fn cursors(clients: usize, rooms: &[Room], heads: &BTreeMap<String, u64>) -> Vec<String> {
    let mut maps: Vec<BTreeMap<&str, u64>> = vec![BTreeMap::new(); clients];
    for room in rooms {
        for &member in &room.members {
            maps[member].insert(&room.id, heads.get(&room.id).copied().unwrap_or(0));
        }
    }
    maps.iter().map(|map| json!(map).to_string()).collect()
}
