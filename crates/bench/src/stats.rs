//! Percentiles and what a process has used.

use std::{fs, time::Duration};

use serde_json::{Value, json};

/// Every latency of a run, in microseconds. Exact: nothing is put into buckets.
#[derive(Default)]
pub(crate) struct Latencies(Vec<u64>);

impl Latencies {
    pub(crate) fn add(&mut self, micros: u64) {
        self.0.push(micros);
    }

    pub(crate) fn merge(&mut self, mut other: Latencies) {
        self.0.append(&mut other.0);
    }

    pub(crate) fn count(&self) -> usize {
        self.0.len()
    }

    /// In milliseconds: p50, p95, p99 and the worst.
    pub(crate) fn summary(&mut self) -> Value {
        self.0.sort_unstable();
        let at = |share: f64| {
            let index = (self.0.len() as f64 * share).ceil() as usize;
            self.0.get(index.saturating_sub(1)).map_or(0.0, |&micros| millis(micros))
        };
        json!({"p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": at(1.0)})
    }
}

/// Microseconds as milliseconds with two decimals.
pub(crate) fn millis(micros: u64) -> f64 {
    (micros as f64 / 10.0).round() / 100.0
}

/// A rate, whole.
pub(crate) fn per_second(count: u64, took: Duration) -> u64 {
    (count as f64 / took.as_secs_f64()).round() as u64
}

/// What a process holds and has used.
#[derive(Clone, Copy)]
pub(crate) struct Usage {
    /// Resident bytes.
    pub(crate) rss: u64,
    /// Seconds of CPU.
    pub(crate) cpu: f64,
}

/// Reads it from `/proc`; on Linux, for processes of this machine.
pub(crate) fn usage(pid: u32) -> Option<Usage> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Fields after the name in parentheses; user and system time are the 12th and 13th of them.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(Usage { rss: kib * 1024, cpu: ticks / TICKS_PER_SECOND })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_values_themselves() {
        let mut latencies = Latencies::default();
        (1..=100).rev().for_each(|n| latencies.add(n * 1000));
        assert_eq!(latencies.summary(), json!({"p50": 50.0, "p95": 95.0, "p99": 99.0, "max": 100.0}));
        assert_eq!(Latencies::default().summary()["p99"], 0.0);
    }
}
