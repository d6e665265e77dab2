//! Small rooms at a steady rate.

use clap::Args;
use serde_json::Value;

use super::{separate, steady};
use crate::{Outcome, Target, rooms};

/// Options of `weft bench ack`.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Messages per second
    #[arg(long, default_value_t = 1000.0)]
    rate: f64,
    /// Rooms
    #[arg(long, default_value_t = 10)]
    rooms: usize,
    /// Members of each, all online, who send in turn
    #[arg(long, default_value_t = 5)]
    size: usize,
    /// Seconds, after a second of warming up
    #[arg(long, default_value_t = 15.0)]
    seconds: f64,
}

pub(crate) async fn run(target: &Target, options: Options) -> Outcome<Value> {
    let people = options.rooms * options.size;
    let rooms = rooms::make(target, target.first(people)?, separate(options.rooms, options.size)).await?;
    let mut line = steady::run(target, people, &rooms, options.rate, options.seconds).await?;
    line["scenario"] = "ack".into();
    Ok(line)
}
