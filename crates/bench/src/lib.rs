//! `weft bench`: a load generator against any running Weft, for capacity planning.
//!
//! It speaks only the public API. Each scenario prints one JSON line. Latencies of open loops are
//! taken from the moment a message was *due*, so that a stalled server cannot hide its stall.
//!
//! **Invariant:** nothing here uses a crate of the server.

mod ceiling;
mod crowd;
mod people;
mod rest;
mod rooms;
mod scenarios;
mod stats;
mod wire;

pub use people::{People, Person};

use std::{path::PathBuf, sync::OnceLock, time::Instant};

use clap::{Args, Subcommand};
use serde_json::Value;

/// What a scenario fails with: a sentence for whoever runs it.
pub type Outcome<T> = Result<T, String>;

/// Options of `weft bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// The server
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// The people to act as: the file that `weft admin create-bench` writes
    #[arg(long, default_value = "bench-people.json")]
    people: PathBuf,
    #[command(subcommand)]
    scenario: Scenario,
}

/// What to measure.
#[derive(Debug, Subcommand)]
enum Scenario {
    /// Memory and CPU of connections that do nothing
    Idle(scenarios::idle::Options),
    /// Messages at a steady rate in small rooms: send→ack and send→receive
    Ack(scenarios::ack::Options),
    /// Senders in a closed loop: messages and deliveries per second
    Max(scenarios::max::Options),
    /// One large room: the last member reached, and deliveries per second
    Fanout(scenarios::fanout::Options),
    /// Many people in channels of every size, at a steady rate
    Mix(scenarios::mix::Options),
    /// A client that comes back after many messages in many rooms
    Catchup(scenarios::catchup::Options),
    /// The first load of somebody in many conversations
    Bootstrap(scenarios::bootstrap::Options),
    /// Every client is dropped at once and comes back
    Herd(scenarios::herd::Options),
    /// Searches of every kind, one after the other, over what the org holds
    Search(scenarios::search::Options),
    /// What the machine itself can do: bare appends and a bare fan-out, without Weft
    Ceiling(ceiling::Options),
}

/// Runs a scenario and prints its line.
///
/// # Errors
/// What went wrong, for people.
pub async fn run(args: BenchArgs) -> Outcome<()> {
    let line = match args.scenario {
        Scenario::Ceiling(options) => ceiling::run(options).await?,
        scenario => {
            let target = Target::new(&args.url, People::read(&args.people)?)?;
            with_target(&target, scenario).await?
        }
    };
    println!("{line}");
    Ok(())
}

async fn with_target(target: &Target, scenario: Scenario) -> Outcome<Value> {
    match scenario {
        Scenario::Idle(options) => scenarios::idle::run(target, options).await,
        Scenario::Ack(options) => scenarios::ack::run(target, options).await,
        Scenario::Max(options) => scenarios::max::run(target, options).await,
        Scenario::Fanout(options) => scenarios::fanout::run(target, options).await,
        Scenario::Mix(options) => scenarios::mix::run(target, options).await,
        Scenario::Catchup(options) => scenarios::catchup::run(target, options).await,
        Scenario::Bootstrap(options) => scenarios::bootstrap::run(target, options).await,
        Scenario::Herd(options) => scenarios::herd::run(target, options).await,
        Scenario::Search(options) => scenarios::search::run(target, options).await,
        Scenario::Ceiling(options) => ceiling::run(options).await,
    }
}

/// A server and the people to act as.
pub(crate) struct Target {
    pub(crate) address: String,
    pub(crate) people: People,
    pub(crate) rest: rest::Rest,
}

impl Target {
    fn new(url: &str, people: People) -> Outcome<Target> {
        let address = url.trim_end_matches('/').strip_prefix("http://");
        let address = address.ok_or("weft bench speaks plain http: give --url http://HOST:PORT")?.to_owned();
        Ok(Target { rest: rest::Rest::new(&address), address, people })
    }

    /// The first `count` people.
    pub(crate) fn first(&self, count: usize) -> Outcome<&[Person]> {
        self.people.people.get(..count).ok_or_else(|| {
            format!("{count} people are needed, the file has {}: make more of them", self.people.people.len())
        })
    }
}

/// Microseconds since the program started, the one clock of all measurements.
pub(crate) fn micros() -> u64 {
    static START: OnceLock<Instant> = OnceLock::new();
    u64::try_from(START.get_or_init(Instant::now).elapsed().as_micros()).unwrap_or(u64::MAX)
}

/// A nonce that no other run uses.
pub(crate) fn nonce() -> String {
    uuid::Uuid::from_u64_pair(process_seed(), next()).simple().to_string()
}

/// A room's name that no other run uses.
pub(crate) fn name() -> String {
    format!("bench-{:08x}-{}", process_seed() as u32, next())
}

fn next() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Different in each run: the randomness of a hash map's keys.
fn process_seed() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| RandomState::new().build_hasher().finish())
}
