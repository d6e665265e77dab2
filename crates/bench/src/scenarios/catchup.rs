//! Somebody comes back after a long absence.

use std::time::Instant;

use clap::Args;
use serde_json::{Value, json};

use crate::{
    Outcome, Target,
    crowd::acknowledged,
    micros,
    rooms::{self, Room},
    stats::Latencies,
    wire::{Reader, Writer, connect},
};

/// Options of `weft bench catchup`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Messages missed
    #[arg(long, default_value_t = 10_000)]
    messages: usize,
    /// Rooms that they are in
    #[arg(long, default_value_t = 200)]
    rooms: usize,
    /// Returns, of which the median counts
    #[arg(long, default_value_t = 9)]
    returns: usize,
}

pub(crate) async fn run(target: &Target, options: Options) -> Outcome<Value> {
    let people = target.first(2)?;
    let made = rooms::make(target, people, vec![vec![0, 1]; options.rooms]).await?;
    let cursors = rooms::heads(target, people, &made).await?;
    let (reader, writer) = rooms::connect_one(target, &people[0], "{}".to_owned()).await?;
    talk(reader, writer, &made, options.messages).await?;

    let cursors = json!(cursors).to_string();
    let mut latencies = Latencies::default();
    let (mut bytes, mut frames) = (0, 0);
    for _ in 0..options.returns {
        let (mut reader, mut writer) = connect(&target.address, &people[1]).await?;
        reader.until(r#""t":"hello""#).await?;
        let started = Instant::now();
        let before = reader.received;
        writer.send(&format!(r#"{{"t":"resume","cursors":{cursors}}}"#)).await?;
        frames = 0;
        while crate::wire::find(&reader.next().await?, br#""t":"ready""#).is_none() {
            frames += 1;
        }
        latencies.add(started.elapsed().as_micros() as u64);
        bytes = reader.received - before;
    }
    Ok(json!({
        "scenario": "catchup", "messages": options.messages, "rooms": options.rooms,
        "bytes": bytes, "frames": frames, "took_ms": latencies.summary(),
    }))
}

/// Sends messages over the rooms in turn, a few under way at once.
async fn talk(mut reader: Reader, mut writer: Writer, rooms: &[Room], count: usize) -> Outcome<()> {
    const WINDOW: usize = 32;
    let (mut sent, mut acked) = (0, 0);
    while acked < count {
        while sent < count && sent - acked < WINDOW {
            let frame = rooms::message(sent as u64, &rooms[sent % rooms.len()].id, micros());
            writer.send(&frame).await?;
            sent += 1;
        }
        let frame = reader.next().await?;
        if acknowledged(&frame).is_some() {
            acked += 1;
        } else if crate::wire::find(&frame, br#""t":"nack""#).is_some() {
            return Err(format!("refused: {}", String::from_utf8_lossy(&frame)));
        }
    }
    Ok(())
}
