//! Deciding who is told of a message. Whoever has a client open gets a moment to read it there.

use serde::{Deserialize, Serialize};
use weft_gateway::Activity;
use weft_kernel::{Fault, LogKey, Micros, PrincipalKey};
use weft_log::outbox::{self, Job};
use weft_storage::{Tx, params};

use super::{Errand, SEND, Send, failed, rest};
use crate::{
    Notify,
    news::{self, News},
    people, sql,
};

/// The kind of the jobs that decide.
pub(crate) const DECIDE: &str = "push";

/// When whoever is online is looked at again, in microseconds after the look before: they may have
/// read it meanwhile, or turned away. After the last, what they did not read is theirs to find.
const PASSES: [Micros; 3] = [10_000_000, 60_000_000, 180_000_000];

/// Decide about a message.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Decide {
    pub(crate) log: LogKey,
    pub(crate) seq: i64,
    /// How often whoever is online was looked at before.
    pub(crate) pass: usize,
    /// Up to whom this pass is done.
    pub(crate) after: PrincipalKey,
}

pub(super) async fn run(notify: &Notify) {
    loop {
        match due(notify).await {
            Ok(0) => rest(&notify.due).await,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "could not look for notifications");
                rest(&notify.due).await;
            }
        }
    }
}

async fn due(notify: &Notify) -> weft_storage::DbResult<usize> {
    let mut jobs = outbox::claim(&notify.db, DECIDE, notify.env.now()).await?;
    // One after the other: a conversation's messages are told in their order.
    jobs.sort_unstable_by_key(|job| job.key);
    for job in &jobs {
        if let Err(fault) = one(notify, job).await {
            failed(notify, job, &fault).await;
        }
    }
    Ok(jobs.len())
}

async fn one(notify: &Notify, job: &Job) -> Result<(), Fault> {
    let mut decide: Decide = job.payload()?;
    let Some(news) = news::at(&notify.db, &*notify.content, decide.log, decide.seq).await? else {
        // Taken back, or in a conversation that was archived.
        return Ok(outbox::done(&notify.db, job.key).await?);
    };
    let mut waiting = false;
    loop {
        let page = people::page(notify, &news, decide.after).await?;
        let told = notify.preferences.told(&news, &page.candidates).await?;
        let (now, later) = split(notify, told, decide.pass);
        waiting |= later;
        let mut tx = notify.db.begin().await?;
        for principal in now {
            tell(&mut tx, notify, &news, principal).await?;
        }
        match page.next {
            Some(next) => {
                // In a transaction of its own for each page, with how far it is.
                decide.after = next;
                put(&mut tx, job, &decide).await?;
                tx.commit().await?;
            }
            None => {
                if let Some(pause) = PASSES.get(decide.pass).filter(|_| waiting) {
                    let next = Decide { pass: decide.pass + 1, after: PrincipalKey(0), ..decide };
                    outbox::add(&mut tx, DECIDE, &next, notify.env.now() + pause).await?;
                }
                outbox::done_in(&mut tx, job.key).await?;
                tx.commit().await?;
                break;
            }
        }
    }
    notify.outgoing.notify_one();
    Ok(())
}

/// Who is told now, and whether anybody is waited for. On the first pass whoever is online is
/// given the time to read it; later whoever is in front of a client.
fn split(notify: &Notify, told: Vec<PrincipalKey>, pass: usize) -> (Vec<PrincipalKey>, bool) {
    let there = |who: &PrincipalKey| match notify.hub.activity(*who) {
        Activity::Away => false,
        Activity::Idle => pass == 0,
        Activity::Active => true,
    };
    let (waiting, now): (Vec<_>, Vec<_>) = told.into_iter().partition(there);
    (now, !waiting.is_empty())
}

/// Adds the jobs for somebody's devices, unless they show this message, or newer, already.
async fn tell(tx: &mut Tx, notify: &Notify, news: &News, principal: PrincipalKey) -> Result<(), Fault> {
    let (lane, now) = (news.lane(), notify.env.now());
    let show = params![principal, lane.log, lane.root, news.seq, now];
    if tx.query_opt(sql::SHOW, show).await?.is_none() {
        return Ok(());
    }
    for row in tx.query(sql::DEVICES_OF, params![principal, now]).await? {
        let errand = Errand::Message { principal, log: news.log, seq: news.seq };
        outbox::add(tx, SEND, &Send { device: row.get(0)?, since: now, errand }, now).await?;
    }
    Ok(())
}

/// Writes how far a job is.
async fn put(tx: &mut Tx, job: &Job, decide: &Decide) -> Result<(), Fault> {
    let payload = serde_json::to_string(decide).map_err(Fault::internal)?;
    tx.execute(sql::PUT_JOB, params![job.key, payload]).await?;
    Ok(())
}
