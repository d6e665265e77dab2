//! The job: one for each document that somebody opened, done by whichever process claims it.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use weft_kernel::{Fault, FileKey, Micros};
use weft_log::outbox::{self, Job};
use weft_storage::{Tx, params};

use super::{
    convert::convert,
    note,
    office::{Office, Sort},
};
use crate::{Files, Stored, address::Object, documents::Reason, sql, upload};

const JOB: &str = "lay_out";
/// Documents that one process lays out at once: one that takes all its time keeps nobody waiting.
const AT_ONCE: usize = 2;
/// Jobs are looked for this often, besides those that this process hears of.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// How much longer a job is one's own than LibreOffice may take, in seconds.
const LEASE_SLACK: u64 = 60;
/// A job that failed is tried again after this; and so often in all.
const AGAIN: Micros = 10_000_000;
const ATTEMPTS: i64 = 3;

#[derive(Serialize, Deserialize)]
struct Which {
    file: i64,
}

/// Has a document laid out once `tx` has committed.
pub(super) async fn leave(tx: &mut Tx, FileKey(file): FileKey, now: Micros) -> Result<(), Fault> {
    outbox::add(tx, JOB, &Which { file }, now).await.map(drop)
}

impl Files {
    /// Lays documents out until dropped; returns at once when this server has no LibreOffice.
    pub async fn lay_out_documents(self) {
        let Some(office) = self.0.office.clone() else { return };
        futures_util::future::join_all((0..AT_ONCE).map(|_| self.lay_out_in_turn(&office))).await;
    }

    async fn lay_out_in_turn(&self, office: &Office) {
        loop {
            match self.lay_out_next(office).await {
                Ok(true) => {}
                Ok(false) => {
                    tokio::select! {
                        () = self.0.to_lay_out.notified() => {}
                        () = tokio::time::sleep(LOOK_EVERY) => {}
                    }
                }
                Err(fault) => {
                    tracing::warn!(%fault, "could not look for documents to lay out");
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            }
        }
    }

    async fn lay_out_next(&self, office: &Office) -> Result<bool, Fault> {
        let lease = i64::try_from(office.seconds + LEASE_SLACK).unwrap_or(i64::MAX) * 1_000_000;
        let now = self.0.env.now();
        let Some(job) = outbox::claim_one(&self.0.db, JOB, now, lease).await? else { return Ok(false) };
        if let Err(fault) = self.lay_out_one(office, &job).await {
            tracing::warn!(%fault, job = job.key, "a document was not laid out");
            let again = self.0.env.now() + AGAIN * job.attempts;
            outbox::retry(&self.0.db, job.key, again, &fault.to_string()).await?;
        }
        Ok(true)
    }

    async fn lay_out_one(&self, office: &Office, job: &Job) -> Result<(), Fault> {
        let Which { file } = job.payload()?;
        let Some(row) = self.0.db.query_opt(sql::BY_KEY, params![file]).await? else {
            return Ok(outbox::done(&self.0.db, job.key).await?);
        };
        let file = Stored::read(&row)?;
        let made = match Sort::of(&file) {
            None => Err(Reason::Unsupported),
            // The server died of it, or its store does not come back.
            Some(_) if job.attempts > ATTEMPTS => Err(Reason::Unavailable),
            Some(sort) => self.lay_out(office, sort, &file).await?,
        };
        if let Err(reason) = &made {
            tracing::debug!(file = %file.file.id, reason = reason.name(), "a document has no layout");
        }
        note(self, &file, job.key, &made).await.map(drop)
    }

    /// The address of the layout, and its size.
    async fn lay_out(
        &self,
        office: &Office,
        sort: Sort,
        file: &Stored,
    ) -> Result<Result<(String, u64), Reason>, Fault> {
        let name = data_encoding::HEXLOWER.encode(&self.0.env.random::<16>());
        let bytes = self.beginning(file, u64::try_from(file.file.size).unwrap_or(0)).await?;
        let pdf = match convert(office, sort, &name, bytes).await? {
            Ok(pdf) => pdf,
            Err(reason) => return Ok(Err(reason)),
        };
        let address = self.0.keys.address(file.org, file.file.id, Object::Layout);
        upload::pend(self, &address).await?;
        self.0.store.put(&address, &pdf).await?;
        Ok(Ok((address, pdf.len() as u64)))
    }
}
