//! What a batch does to the heads: the arithmetic of `seq` and `n`, without I/O.

use rustc_hash::{FxHashMap, FxHashSet};
use weft_kernel::{Fault, FaultKind, LogKey, Micros, PrincipalKey};
use weft_log::Proof;

use super::{Append, Appended, Outcome};

/// A head row as it stands in the transaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeadRow {
    pub(super) seq: i64,
    pub(super) n: i64,
    pub(super) at: Micros,
    pub(super) acl_version: i64,
}

/// The heads that a batch has read and moved.
#[derive(Default)]
pub(super) struct Heads {
    rows: FxHashMap<LogKey, (HeadRow, bool)>,
    threads: FxHashMap<(LogKey, i64), i64>,
    /// Who was seen, under the lock, to be a member of an open conversation.
    standing: FxHashSet<(LogKey, PrincipalKey)>,
}

impl Heads {
    pub(super) fn learn(&mut self, log: LogKey, row: HeadRow) {
        self.rows.insert(log, (row, false));
    }

    pub(super) fn knows(&self, log: LogKey) -> bool {
        self.rows.contains_key(&log)
    }

    pub(super) fn learn_thread(&mut self, log: LogKey, root: i64, last_n: i64) {
        self.threads.entry((log, root)).or_insert(last_n);
    }

    pub(super) fn knows_thread(&self, log: LogKey, root: i64) -> bool {
        self.threads.contains_key(&(log, root))
    }

    fn version(&self, log: LogKey) -> Option<i64> {
        self.rows.get(&log).map(|(row, _)| row.acl_version)
    }

    /// Whether the members changed since the guard looked: likely someone else, so it is worth
    /// looking again under the lock. Else who joins in a crowd would starve who speaks in it.
    pub(super) fn wants_standing(&self, append: &Append) -> bool {
        let proof = &append.proof;
        !append.strict
            && self.version(proof.log) != Some(proof.log_version)
            && !self.standing.contains(&(proof.log, append.sender))
    }

    pub(super) fn vouch(&mut self, log: LogKey, who: PrincipalKey) {
        self.standing.insert((log, who));
    }

    /// Whether the permission still holds.
    pub(super) fn confirm(&self, append: &Append) -> Result<(), Fault> {
        let proof = &append.proof;
        let seated = self.version(proof.log) == Some(proof.log_version)
            || !append.strict && self.standing.contains(&(proof.log, append.sender));
        let holds = seated && self.version(proof.principal_log) == Some(proof.principal_version);
        if holds { Ok(()) } else { Err(Proof::stale()) }
    }

    /// The place that `append` would take; [`Heads::take`] takes it.
    pub(super) fn next(&self, append: &Append, now: Micros) -> Result<Appended, Fault> {
        let (row, _) = self.rows.get(&append.proof.log).ok_or_else(|| Fault::not_found("conversation"))?;
        let last_n = match append.thread {
            Some(thread) => self.threads.get(&(append.proof.log, thread.seq)).copied().unwrap_or(0),
            None => row.n,
        };
        Ok(Appended { id: append.id, seq: row.seq + 1, n: last_n + 1, at: row.at.max(now), repeated: false })
    }

    pub(super) fn take(&mut self, append: &Append, place: &Appended) {
        if let Some((row, moved)) = self.rows.get_mut(&append.proof.log) {
            row.seq = place.seq;
            row.at = place.at;
            *moved = true;
            match append.thread {
                Some(thread) => {
                    self.threads.insert((append.proof.log, thread.seq), place.n);
                }
                None => row.n = place.n,
            }
        }
    }

    /// The heads to write back, in ascending order.
    pub(super) fn moved(&self) -> Vec<(LogKey, HeadRow)> {
        let mut moved: Vec<_> =
            self.rows.iter().filter(|(_, (_, m))| *m).map(|(log, (row, _))| (*log, *row)).collect();
        moved.sort_unstable_by_key(|(log, _)| *log);
        moved
    }
}

/// The answer to a nonce that was seen before. What vanished meanwhile keeps no hash.
pub(super) fn repeated(append: &Append, first: Appended, first_hash: &[u8]) -> Outcome {
    if first_hash.is_empty() || first_hash == append.request_hash {
        return Ok(Appended { repeated: true, ..first });
    }
    Err(Fault::new(
        FaultKind::Conflict,
        "This nonce was used for a message with other content. Send it again with a fresh nonce.",
    )
    .code("nonce_reused"))
}

/// Whoever must come to follow the thread of a reply: its sender; with the first reply also the
/// root's author.
pub(super) fn is_first_reply(append: &Append, place: &Appended) -> bool {
    append.thread.is_some() && place.n == 1
}
