//! A company: channels of every size, everyone online.

use clap::Args;
use serde_json::Value;

use super::{company, steady};
use crate::{Outcome, Target, rooms};

/// Options of `weft bench mix`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Messages per second, each in a channel taken in turn
    #[arg(long, default_value_t = 340.0)]
    rate: f64,
    /// People online, each in a channel of 5, 10, 25, 50, 100, 250, 500 and 1000
    #[arg(long, default_value_t = 5000)]
    online: usize,
    /// Seconds, after a second of warming up
    #[arg(long, default_value_t = 20.0)]
    seconds: f64,
}

pub(crate) async fn run(target: &Target, options: Options) -> Outcome<Value> {
    let rooms = rooms::make(target, target.first(options.online)?, company(options.online)).await?;
    let mut line = steady::run(target, options.online, &rooms, options.rate, options.seconds).await?;
    line["scenario"] = "mix".into();
    Ok(line)
}
