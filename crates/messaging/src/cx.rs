//! What every part of messaging needs, and what it does around a transaction.

use std::sync::Arc;

use weft_kernel::{Env, Fault};
use weft_log::{Proof, Publisher};
use weft_storage::{Db, Tx};

use crate::{Guard, People, append::Appender, marks::Marker, sync::Directory};

/// Cheap to clone; handed to every handler.
#[derive(Clone)]
pub struct Cx {
    /// The database.
    pub db: Db,
    /// Time, randomness, ids.
    pub env: Env,
    /// Who may do what.
    pub guard: Arc<Guard>,
    /// Principal keys and ids.
    pub people: Arc<People>,
    /// Where committed events go.
    pub publisher: Arc<dyn Publisher>,
    /// The queue that messages go through.
    pub appender: Appender,
    /// The queue that read marks go through.
    pub marker: Marker,
    /// People and orgs.
    pub directory: Arc<dyn Directory>,
    /// The server's epoch.
    pub epoch: Arc<str>,
}

impl Cx {
    /// Runs `work`, and once more when it found its proof stale: [`Cx::confirm`] has made it
    /// look again.
    ///
    /// # Errors
    /// What `work` answers.
    pub async fn twice<T, F>(&self, work: impl Fn() -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        match work().await {
            Err(fault) if fault.code_str() == "stale_permission" => work().await,
            done => done,
        }
    }

    /// Confirms `proof` in `tx`, whose log's head is already locked. When it is stale, forgets
    /// what was remembered, so that the next look reads the database.
    ///
    /// # Errors
    /// As [`Proof::confirm`].
    pub async fn confirm(&self, tx: &mut Tx, proof: &Proof) -> Result<(), Fault> {
        let confirmed = proof.confirm(tx).await;
        if confirmed.is_err() {
            self.guard.forget(proof.log);
        }
        confirmed
    }
}
