//! How far the index has followed each log, as the text that is committed with it.

use data_encoding::BASE64;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use weft_kernel::LogKey;

use super::schema::VERSION;

/// The cursor of each log: everything up to it is in the index as it then was or later.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cursors(FxHashMap<LogKey, i64>);

#[derive(Serialize, Deserialize)]
struct Payload {
    v: u32,
    epoch: String,
    /// Pairs of varints: the log's distance from the one before, its cursor.
    logs: String,
}

impl Cursors {
    /// The cursor of `log`.
    pub fn get(&self, log: LogKey) -> i64 {
        self.0.get(&log).copied().unwrap_or(0)
    }

    /// Sets the cursor of `log`.
    pub fn set(&mut self, log: LogKey, seq: i64) {
        self.0.insert(log, seq);
    }

    /// The text to commit.
    pub fn to_payload(&self, epoch: &str) -> String {
        let mut sorted: Vec<(i64, i64)> = self.0.iter().map(|(log, seq)| (log.0, *seq)).collect();
        sorted.sort_unstable();
        let mut bytes = Vec::with_capacity(sorted.len() * 4);
        let mut before = 0;
        for (log, seq) in sorted {
            put(&mut bytes, (log - before) as u64);
            put(&mut bytes, seq as u64);
            before = log;
        }
        let payload = Payload { v: VERSION, epoch: epoch.to_owned(), logs: BASE64.encode(&bytes) };
        serde_json::to_string(&payload).unwrap_or_default()
    }

    /// Reads what was committed; none when it is of another version or epoch, or is damaged.
    pub fn from_payload(payload: &str, epoch: &str) -> Option<Cursors> {
        let payload: Payload = serde_json::from_str(payload).ok()?;
        if payload.v != VERSION || payload.epoch != epoch {
            return None;
        }
        let bytes = BASE64.decode(payload.logs.as_bytes()).ok()?;
        let (mut rest, mut log, mut cursors) = (bytes.as_slice(), 0_i64, Cursors::default());
        while !rest.is_empty() {
            log = log.checked_add(i64::try_from(take(&mut rest)?).ok()?)?;
            cursors.set(LogKey(log), i64::try_from(take(&mut rest)?).ok()?);
        }
        Some(cursors)
    }
}

fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 128 {
        out.push(value as u8 | 128);
        value >>= 7;
    }
    out.push(value as u8);
}

fn take(from: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        value |= u64::from(byte & 127) << shift;
        if *byte < 128 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_and_damage_shows() {
        let mut cursors = Cursors::default();
        for log in [7, 3, 100_000] {
            cursors.set(LogKey(log), log * 1_000);
        }
        let payload = cursors.to_payload("e1");
        assert_eq!(Cursors::from_payload(&payload, "e1"), Some(cursors));
        assert_eq!(Cursors::from_payload(&payload, "e2"), None);
        for bad in ["", "{}", r#"{"v":1,"epoch":"e1","logs":"gA=="}"#, r#"{"v":1,"epoch":"e1","logs":"!"}"#] {
            assert_eq!(Cursors::from_payload(bad, "e1"), None, "{bad}");
        }
    }
}
