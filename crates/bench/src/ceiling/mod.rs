//! What the machine itself can do, without Weft: the yardstick of the other scenarios.

mod appends;
mod fanout;

use clap::Args;
use serde_json::{Value, json};

use crate::Outcome;

/// Options of `weft bench ceiling`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Messages per commit
    #[arg(long, value_delimiter = ',', default_values_t = [1, 16, 64])]
    batches: Vec<usize>,
    /// A PostgreSQL to append to also; an empty database, which is dropped into
    #[arg(long)]
    database_url: Option<String>,
    /// Where the SQLite file goes: the disk that the server's data is on
    #[arg(long, default_value = ".")]
    directory: std::path::PathBuf,
    /// Members of the bare fan-out
    #[arg(long, default_value_t = 1000)]
    members: usize,
    /// Seconds of each part
    #[arg(long, default_value_t = 3)]
    seconds: u64,
}

pub(crate) async fn run(options: Options) -> Outcome<Value> {
    let mut sqlite = serde_json::Map::new();
    let mut postgres = serde_json::Map::new();
    for &batch in &options.batches {
        let rate = appends::sqlite(&options.directory, batch, options.seconds).await?;
        sqlite.insert(batch.to_string(), rate.into());
        if let Some(url) = &options.database_url {
            postgres.insert(batch.to_string(), appends::postgres(url, batch, options.seconds).await?.into());
        }
    }
    let Options { members, seconds, .. } = options;
    let one = fanout::run(members, 1, fanout::SHORT, seconds).await?;
    let coalesced = fanout::run(members, fanout::COALESCED, fanout::SHORT, seconds).await?;
    let real = fanout::run(members, fanout::COALESCED, fanout::REAL, seconds).await?;
    Ok(json!({
        "scenario": "ceiling",
        "sqlite_appends_per_s": sqlite, "postgres_appends_per_s": postgres,
        "fanout_members": members,
        "fanout_deliveries_per_s": one,
        "fanout_coalesced_deliveries_per_s": coalesced,
        "fanout_coalesced_real_size_deliveries_per_s": real,
    }))
}
