//! The job: one for each document, done by whichever process claims it. What is new comes first,
//! then what was here before texts were read.

use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use serde::{Deserialize, Serialize};
use weft_kernel::{Fault, Micros, OrgKey};
use weft_log::outbox::{self, Job};
use weft_storage::{Tx, params};

use super::{Format, INPUT, PLAIN, Reason, ask::ask, keep};
use crate::{Files, Stored, address::Object, details::Kind, sql};

/// New documents.
const JOB: &str = "read_document";
/// Documents that nobody waits for: a migration leaves them.
const LATER: &str = "read_document_later";
/// Jobs are looked for this often, besides those that this process hears of.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Longer than ten documents take.
const LEASE: Micros = 1_800 * 1_000_000;
/// A job that failed is tried again after this, in microseconds; and so often in all.
const AGAIN: Micros = 60_000_000;
const ATTEMPTS: i64 = 6;

#[derive(Serialize, Deserialize)]
struct Which {
    file: i64,
}

/// Has a file that was just made read, if it is a document.
pub(crate) async fn leave(tx: &mut Tx, kind: Kind, file: i64, now: Micros) -> Result<(), Fault> {
    if Format::any(kind) {
        outbox::add(tx, JOB, &Which { file }, now).await?;
    }
    Ok(())
}

impl Files {
    /// Reads documents until dropped, one at a time; `told` hears whose texts are new.
    pub async fn read_documents(self, told: impl Fn(OrgKey)) {
        loop {
            match self.read_some(&told).await {
                Ok(0) => {
                    tokio::select! {
                        () = self.0.unread.notified() => {}
                        () = tokio::time::sleep(LOOK_EVERY) => {}
                    }
                }
                Ok(_) => {}
                Err(fault) => {
                    tracing::warn!(%fault, "could not look for documents to read");
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            }
        }
    }

    async fn read_some(&self, told: &impl Fn(OrgKey)) -> Result<usize, Fault> {
        let now = self.0.env.now();
        let mut jobs = outbox::claim_for(&self.0.db, JOB, now, LEASE).await?;
        if jobs.is_empty() {
            jobs = outbox::claim_for(&self.0.db, LATER, now, LEASE).await?;
        }
        for job in &jobs {
            match self.read_one(job).await {
                Ok(Some(org)) => told(org),
                Ok(None) => {}
                Err(fault) => {
                    tracing::warn!(%fault, job = job.key, "a document was not read");
                    let again = self.0.env.now() + AGAIN * job.attempts;
                    outbox::retry(&self.0.db, job.key, again, &fault.to_string()).await?;
                }
            }
        }
        Ok(jobs.len())
    }

    async fn read_one(&self, job: &Job) -> Result<Option<OrgKey>, Fault> {
        let Which { file } = job.payload()?;
        let row = self.0.db.query_opt(sql::BY_KEY, params![file]).await?;
        let Some(row) = row else {
            outbox::done(&self.0.db, job.key).await?;
            return Ok(None);
        };
        let (stored, org) = (Stored::read(&row)?, row.get(13)?);
        let read = match Format::of(&stored) {
            None => Err(Reason::Unsupported),
            Some(Format::Sealed) => Err(Reason::Encrypted),
            Some(Format::Old) => Err(Reason::Unsupported),
            Some(_) if job.attempts > ATTEMPTS => Err(Reason::Unavailable),
            Some(format) => self.read_as(&stored, format).await?,
        };
        if let Err(reason) = &read {
            tracing::debug!(file = %stored.file.id, reason = reason.name(), "a document has no text");
        }
        let mut tx = self.0.db.begin().await?;
        let kept = keep::write(&mut tx, &stored, &read, self.0.env.now()).await?;
        outbox::done_in(&mut tx, job.key).await?;
        tx.commit().await?;
        Ok((kept && read.is_ok()).then_some(org))
    }

    async fn read_as(&self, file: &Stored, format: Format) -> Result<Result<super::Read, Reason>, Fault> {
        let size = u64::try_from(file.file.size).unwrap_or(0);
        if size > INPUT && format != Format::Plain {
            return Ok(Err(Reason::TooLarge));
        }
        if size == 0 {
            return Ok(Err(Reason::NoText));
        }
        let wanted = if format == Format::Plain { size.min(PLAIN) } else { size };
        ask(format, self.beginning(file, wanted).await?).await
    }

    /// The first `wanted` bytes of a file, as they come.
    pub(crate) async fn beginning(
        &self,
        file: &Stored,
        wanted: u64,
    ) -> Result<BoxStream<'static, std::io::Result<Bytes>>, Fault> {
        let address = self.0.keys.address(file.org, file.file.id, Object::Content);
        self.0.store.read(&address, 0..wanted).await
    }
}
