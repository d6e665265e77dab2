//! Connections that do nothing.

use std::{sync::Arc, time::Duration};

use clap::Args;
use serde_json::{Value, json};

use crate::{
    Outcome, Target,
    crowd::Crowd,
    rooms,
    stats::{Usage, usage},
};

/// Options of `weft bench idle`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Connections
    #[arg(long, default_value_t = 5000)]
    connections: usize,
    /// The server's process, on this machine
    #[arg(long)]
    pid: u32,
    /// Seconds over which CPU is taken
    #[arg(long, default_value_t = 30)]
    seconds: u64,
}

pub(crate) async fn run(target: &Target, options: Options) -> Outcome<Value> {
    let people = target.first(options.connections)?;
    // Once around, so that caches and thread pools are as large as they get.
    drop(rooms::connect_all(target, &people[..people.len().min(200)]).await?);
    settled().await;
    let before = read(options.pid)?;
    let crowd = Crowd::listen(rooms::connect_all(target, people).await?, Arc::new(|_, _| {}));
    settled().await;
    let connected = read(options.pid)?;
    tokio::time::sleep(Duration::from_secs(options.seconds)).await;
    let after = read(options.pid)?;
    let count = options.connections as f64;
    let per_connection = |bytes: u64| (bytes as f64 / count).round();
    Ok(json!({
        "scenario": "idle", "connections": options.connections, "lost_connections": crowd.lost(),
        "rss_bytes": after.rss, "rss_bytes_per_connection": per_connection(after.rss.saturating_sub(before.rss)),
        "cpu_us_per_s_per_connection":
            ((after.cpu - connected.cpu) * 1e6 / options.seconds as f64 / count * 100.0).round() / 100.0,
    }))
}

async fn settled() {
    tokio::time::sleep(Duration::from_secs(3)).await;
}

fn read(pid: u32) -> Outcome<Usage> {
    usage(pid).ok_or_else(|| format!("cannot read what process {pid} uses: is it the server, on this Linux?"))
}
