//! What a client loads first.

use clap::Args;
use http::Method;
use serde_json::{Value, json};

use crate::{
    Outcome, Person, Target, name,
    rooms::{parallel, post},
    stats::Latencies,
};

/// Options of `weft bench bootstrap`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Conversations of the person who loads: half direct, half channels, each with something unread
    #[arg(long, default_value_t = 2000)]
    conversations: usize,
    /// Loads, of which the median counts
    #[arg(long, default_value_t = 21)]
    loads: usize,
}

pub(crate) async fn run(target: &Target, options: Options) -> Outcome<Value> {
    let half = options.conversations / 2;
    let people = target.first(half + 1)?;
    let (reader, others) = people.split_first().ok_or("nobody")?;
    parallel(others.iter().map(|other| direct(target, other, reader))).await?;
    parallel(others.iter().map(|other| channel(target, other, reader))).await?;
    let mut latencies = Latencies::default();
    let mut bytes = 0;
    for _ in 0..options.loads {
        let answer = target.rest.get_compressed(&reader.token, "/bootstrap").await?;
        latencies.add(answer.took.as_micros() as u64);
        bytes = answer.bytes.len();
    }
    Ok(json!({
        "scenario": "bootstrap", "conversations": options.conversations,
        "compressed_bytes": bytes, "took_ms": latencies.summary(),
    }))
}

async fn direct(target: &Target, other: &Person, reader: &Person) -> Outcome<()> {
    let body = json!({"kind": "direct", "members": [reader.id]});
    start(target, other, body).await
}

async fn channel(target: &Target, other: &Person, reader: &Person) -> Outcome<()> {
    let body = json!({"kind": "private_channel", "name": name(), "members": [reader.id]});
    start(target, other, body).await
}

async fn start(target: &Target, person: &Person, body: Value) -> Outcome<()> {
    let made = target.rest.json(&person.token, Method::POST, "/conversations", body).await?;
    let id = made["id"].as_str().ok_or("a conversation without an id")?;
    post(target, person, id, "Something unread").await
}
