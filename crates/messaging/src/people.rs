//! Principal keys and ids. The pairing never changes, so what is known stays known.

use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use weft_kernel::{OrgKey, PrincipalKey, id::PrincipalId};
use weft_storage::{Db, DbResult, params, statements};

statements! {
    /// Ids of keys.
    IDS = "SELECT principal, id, org FROM principals WHERE principal IN_INTS($1)";
    /// Keys of ids, within an org.
    KEYS = "SELECT principal, id, org FROM principals WHERE org = $1 AND id IN_UUIDS($2)";
}

/// Pairs remembered; above it the cache starts anew.
const MAX_KNOWN: usize = 500_000;

#[derive(Default)]
struct Known {
    ids: FxHashMap<PrincipalKey, PrincipalId>,
    keys: FxHashMap<PrincipalId, (OrgKey, PrincipalKey)>,
}

/// Resolves principals between keys and ids.
pub struct People {
    db: Db,
    known: RwLock<Known>,
}

impl People {
    /// A resolver over `db`.
    pub fn new(db: Db) -> Self {
        People { db, known: RwLock::default() }
    }

    /// The ids of `keys`; a key without a row is left out.
    ///
    /// # Errors
    /// Any database error.
    pub async fn ids(
        &self,
        keys: impl IntoIterator<Item = PrincipalKey>,
    ) -> DbResult<FxHashMap<PrincipalKey, PrincipalId>> {
        let mut out = FxHashMap::default();
        let mut missing = Vec::new();
        {
            let known = self.known.read();
            for key in keys {
                match known.ids.get(&key) {
                    Some(id) => {
                        out.insert(key, *id);
                    }
                    None => missing.push(key.0),
                }
            }
        }
        if !missing.is_empty() {
            missing.sort_unstable();
            missing.dedup();
            for (key, id) in self.learn(self.db.query(IDS, params![missing]).await?)? {
                out.insert(key, id);
            }
        }
        Ok(out)
    }

    /// The keys of `ids` in `org`, in no particular order; strangers are left out.
    ///
    /// # Errors
    /// Any database error.
    pub async fn keys(&self, org: OrgKey, ids: &[PrincipalId]) -> DbResult<Vec<(PrincipalId, PrincipalKey)>> {
        let mut out = Vec::with_capacity(ids.len());
        let mut missing = Vec::new();
        {
            let known = self.known.read();
            for id in ids {
                match known.keys.get(id) {
                    Some((of, key)) if *of == org => out.push((*id, *key)),
                    Some(_) => {}
                    None => missing.push(id.uuid()),
                }
            }
        }
        if !missing.is_empty() {
            let found = self.learn(self.db.query(KEYS, params![org, missing]).await?)?;
            out.extend(found.into_iter().map(|(key, id)| (id, key)));
        }
        Ok(out)
    }

    fn learn(&self, rows: Vec<weft_storage::Row>) -> DbResult<Vec<(PrincipalKey, PrincipalId)>> {
        let mut known = self.known.write();
        if known.ids.len() > MAX_KNOWN {
            *known = Known::default();
        }
        rows.iter()
            .map(|row| {
                let (key, id, org): (PrincipalKey, PrincipalId, OrgKey) =
                    (row.get(0)?, row.get(1)?, row.get(2)?);
                known.ids.insert(key, id);
                known.keys.insert(id, (org, key));
                Ok((key, id))
            })
            .collect()
    }
}
