//! Who stands behind a secret, remembered for two seconds.

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use weft_http::{Caller, Credential};
use weft_kernel::{Micros, id::OrgId};
use weft_log::Cut;

/// How long an answer of the database is believed: the bound of a revocation whose control event
/// is lost.
const TTL: Micros = 2 * crate::state::SECOND;
/// Entries kept; about 200 bytes each.
const MAX_ENTRIES: usize = 50_000;

type Key = ([u8; 32], Option<OrgId>);

/// A bounded map from a secret's hash to its caller.
#[derive(Default)]
pub(crate) struct Cache(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    /// Rises with every [`Cache::forget`]: an answer read before is not remembered after.
    generation: u64,
    callers: FxHashMap<Key, (Caller, Micros)>,
}

impl Cache {
    /// The caller, if the database said so at most two seconds ago.
    pub(crate) fn get(&self, key: &Key, now: Micros) -> Option<Caller> {
        let entries = self.0.lock();
        let (caller, at) = entries.callers.get(key)?;
        (now - at < TTL).then(|| caller.clone())
    }

    /// To be taken before the database is asked.
    pub(crate) fn generation(&self) -> u64 {
        self.0.lock().generation
    }

    /// Remembers what the database said, unless something was revoked meanwhile.
    pub(crate) fn put(&self, key: Key, caller: &Caller, now: Micros, generation: u64) {
        let mut entries = self.0.lock();
        if entries.generation != generation {
            return;
        }
        if entries.callers.len() >= MAX_ENTRIES {
            entries.callers.retain(|_, (_, at)| now - *at < TTL);
        }
        if entries.callers.len() >= MAX_ENTRIES {
            entries.callers.clear();
        }
        entries.callers.insert(key, (caller.clone(), now));
    }

    /// Forgets what concerns `whose`.
    pub(crate) fn forget(&self, whose: Cut) {
        let mut entries = self.0.lock();
        entries.generation += 1;
        entries.callers.retain(|_, (caller, _)| !concerns(caller, whose));
    }
}

fn concerns(caller: &Caller, whose: Cut) -> bool {
    match (whose, caller.credential) {
        (Cut::Session(ended), Credential::Session { key, .. }) => key == ended,
        (Cut::Token(ended), Credential::Token { key, .. }) => key == ended,
        (Cut::Principal(ended), _) => caller.principal == ended,
        (Cut::Account(ended), _) => caller.account == Some(ended),
        _ => false,
    }
}
