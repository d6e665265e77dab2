//! What the searcher may read, as of now.

use rustc_hash::FxHashMap;
use weft_http::Caller;
use weft_kernel::LogKey;
use weft_storage::{Db, DbResult, params, statements};

use crate::index::schema::Place;

statements! {
    /// The conversations that someone is in.
    JOINED = "SELECT log, visible_from_seq FROM members WHERE principal = $1 AND left_seq IS NULL";
    /// The public channels of an org.
    PUBLIC = "SELECT log FROM conversations WHERE org = $1 AND kind <= 2 AND kind = 1 AND parent IS NULL";
}

/// The conversations that somebody may read, and from which event on.
#[derive(Debug, Default)]
pub struct Readable {
    /// One bit for each log: looked at for every hit, however many there are.
    bits: Vec<u64>,
    /// Where not everything may be read.
    from: FxHashMap<LogKey, i64>,
}

impl Readable {
    /// What `caller` may read: members what their membership shows, all but guests also the public
    /// channels of the org.
    ///
    /// # Errors
    /// Any database error.
    pub async fn by(db: &Db, caller: &Caller) -> DbResult<Readable> {
        let mut readable = Readable::default();
        for row in db.query(JOINED, params![caller.principal]).await? {
            let (log, from): (LogKey, i64) = (row.get(0)?, row.get(1)?);
            readable.add(log);
            if from > 0 {
                readable.from.insert(log, from);
            }
        }
        if !caller.is_guest() {
            for row in db.query(PUBLIC, params![caller.org]).await? {
                readable.add(row.get(0)?);
            }
        }
        Ok(readable)
    }

    /// Everything in these logs.
    pub fn of(logs: impl IntoIterator<Item = LogKey>) -> Readable {
        let mut readable = Readable::default();
        logs.into_iter().for_each(|log| readable.add(log));
        readable
    }

    fn add(&mut self, log: LogKey) {
        let (word, bit) = (log.0 as usize / 64, log.0 as usize % 64);
        if self.bits.len() <= word {
            self.bits.resize(word + 1, 0);
        }
        self.bits[word] |= 1 << bit;
    }

    /// Whether anything of `log` may be read.
    pub fn has(&self, log: LogKey) -> bool {
        self.bits.get(log.0 as usize / 64).is_some_and(|word| word >> (log.0 as usize % 64) & 1 == 1)
    }

    /// Whether the message at `place` may be read.
    pub fn may_read(&self, place: Place) -> bool {
        let log = place.log();
        self.has(log) && (self.from.is_empty() || self.from.get(&log).is_none_or(|from| place.seq() >= *from))
    }

    /// Leaves only the logs that `keep` is true for.
    pub fn narrow(&mut self, keep: impl Fn(LogKey) -> bool) {
        for (index, word) in self.bits.iter_mut().enumerate() {
            for bit in 0..64 {
                if *word >> bit & 1 == 1 && !keep(LogKey((index * 64 + bit) as i64)) {
                    *word &= !(1 << bit);
                }
            }
        }
    }

    /// The logs.
    pub fn logs(&self) -> impl Iterator<Item = LogKey> + '_ {
        self.bits.iter().enumerate().flat_map(|(index, word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| LogKey((index * 64 + bit) as i64))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_added_is_readable() {
        let mut readable = Readable::of([3, 64, 1_000].map(LogKey));
        readable.from.insert(LogKey(64), 10);
        assert!(readable.has(LogKey(64)) && !readable.has(LogKey(65)) && !readable.has(LogKey(1_000_000)));
        assert!(
            !readable.may_read(Place::new(LogKey(64), 9)) && readable.may_read(Place::new(LogKey(64), 10))
        );
        readable.narrow(|log| log == LogKey(3));
        assert_eq!(readable.logs().collect::<Vec<_>>(), [LogKey(3)]);
    }
}
