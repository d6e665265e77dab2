//! Taking something to one device: a message, that it was read elsewhere, or an alert.

use std::{sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::{sync::Semaphore, task::JoinSet};
use weft_kernel::{Fault, LogKey, Micros, PrincipalKey};
use weft_log::outbox::{self, Job};
use weft_storage::params;

use super::{failed, rest, words};
use crate::{
    Notify,
    alert::Alert,
    news, people,
    port::Lane,
    provider::{Endpoint, Keys, Outcome, Push, Urgency},
    sql,
};

/// The kind of the jobs that take something to a device.
pub(crate) const SEND: &str = "push_send";

/// Devices told at once. A slow service holds a place for ten seconds at most, and then rests.
const AT_ONCE: usize = 32;
/// Jobs that one look at the outbox can bring.
const CLAIMED: u32 = 10;
/// After this long nobody needs to be told any more, in microseconds.
const GIVE_UP: Micros = 6 * 3_600_000_000;
/// How long a service keeps a message for a device that is off.
const KEPT: Duration = Duration::from_secs(24 * 3600);
/// And that something was read.
const CLEAR_KEPT: Duration = Duration::from_secs(3600);
/// The pause after the first failure of a service; it doubles with each.
const PAUSE: Micros = 30_000_000;
/// Failures in a row after which it is no longer doubled.
const DOUBLED: i64 = 6;
/// Failures in a row after which a device is given up: nobody lives there.
const TOO_MANY: i64 = 100;
/// How old the note of a device's last use may be.
const NOTED: Micros = 3_600_000_000;

/// What is taken to a device.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Errand {
    /// A message.
    Message { principal: PrincipalKey, log: LogKey, seq: i64 },
    /// That there is nothing to show of a place any more.
    Clear { principal: PrincipalKey, lane: Lane },
    /// What another part of the server has to say at once.
    Alert { principal: PrincipalKey, alert: Alert },
}

/// Take something to a device.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Send {
    pub(crate) device: i64,
    /// When it was decided.
    pub(crate) since: Micros,
    pub(crate) errand: Errand,
}

/// What became of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sent {
    /// There is nothing left to do.
    Done,
    /// It is tried again at this time.
    Later(Micros),
}

pub(super) async fn run(notify: &Notify) {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut running = JoinSet::new();
    loop {
        while running.try_join_next().is_some() {}
        // No more is claimed than can be begun at once: a claim is a promise.
        let Ok(mut room) = turns.clone().acquire_many_owned(CLAIMED).await else { return };
        let jobs = match outbox::claim(&notify.db, SEND, notify.env.now()).await {
            Ok(jobs) => jobs,
            Err(error) => {
                tracing::warn!(%error, "could not look for notifications");
                Vec::new()
            }
        };
        let empty = jobs.is_empty();
        for job in jobs {
            let (notify, turn) = (notify.clone(), room.split(1));
            running.spawn(async move {
                one(&notify, &job).await;
                drop(turn);
            });
        }
        drop(room);
        if empty {
            rest(&notify.outgoing).await;
        }
    }
}

async fn one(notify: &Notify, job: &Job) {
    let sent = match job.payload() {
        Ok(send) => carry(notify, &send).await,
        Err(fault) => Err(fault),
    };
    let settled = match sent {
        Ok(Sent::Done) => outbox::done(&notify.db, job.key).await.map_err(Fault::from),
        Ok(Sent::Later(at)) => outbox::retry(&notify.db, job.key, at, "later").await.map_err(Fault::from),
        Err(fault) => Err(fault),
    };
    if let Err(fault) = settled {
        failed(notify, job, &fault).await;
    }
}

/// A device as it is stored.
struct Device {
    key: i64,
    kind: String,
    endpoint: Endpoint,
    failures: i64,
    resting_until: Micros,
    locale: String,
}

async fn device(notify: &Notify, key: i64) -> Result<Option<Device>, Fault> {
    let Some(row) = notify.db.query_opt(sql::DEVICE, params![key, notify.env.now()]).await? else {
        return Ok(None);
    };
    let keys = Keys { p256dh: row.get(3)?, auth: row.get(4)? };
    Ok(Some(Device {
        key: row.get(0)?,
        kind: row.get(1)?,
        endpoint: Endpoint { url: row.get(2)?, keys },
        failures: row.get(5)?,
        resting_until: row.get(6)?,
        locale: row.get(7)?,
    }))
}

/// Does one errand, if it still has to be done.
async fn carry(notify: &Notify, send: &Send) -> Result<Sent, Fault> {
    let now = notify.env.now();
    let Some(device) = device(notify, send.device).await? else { return Ok(Sent::Done) };
    if now - send.since > GIVE_UP {
        return Ok(Sent::Done);
    }
    if device.resting_until > now {
        return Ok(Sent::Later(device.resting_until));
    }
    let Some(push) = push(notify, &device, &send.errand).await? else { return Ok(Sent::Done) };
    let outcome = deliver(notify, &device, &push).await?;
    Ok(match outcome {
        Outcome::Later(_, why) => {
            tracing::info!(device = device.key, why, "a push service did not take a notification yet");
            Sent::Later(self::device(notify, device.key).await?.map_or(now, |device| device.resting_until))
        }
        _ => Sent::Done,
    })
}

/// Sends at once, whatever was before, and tells what came of it (for whoever tries a device).
///
/// # Errors
/// Any database fault; `not_found` when the device is gone.
pub(crate) async fn once(notify: &Notify, key: i64, push: &Push) -> Result<Outcome, Fault> {
    let device = device(notify, key).await?.ok_or_else(|| Fault::not_found("device"))?;
    deliver(notify, &device, push).await
}

/// Sends, and notes how it went.
async fn deliver(notify: &Notify, device: &Device, push: &Push) -> Result<Outcome, Fault> {
    let provider = notify.providers.iter().find(|provider| provider.kind() == device.kind);
    let Some(provider) = provider else { return Ok(Outcome::Refused("of a kind not known here".into())) };
    let outcome = provider.send(&device.endpoint, push).await;
    let (db, now) = (&notify.db, notify.env.now());
    match &outcome {
        Outcome::Taken => {
            db.execute(sql::TAKEN, params![device.key, now, now - NOTED]).await?;
        }
        Outcome::Gone => {
            db.execute(sql::GONE, params![device.key]).await?;
        }
        Outcome::Later(..) | Outcome::Refused(_) if device.failures >= TOO_MANY => {
            tracing::info!(device = device.key, "a device whose service never answers is forgotten");
            db.execute(sql::GONE, params![device.key]).await?;
        }
        Outcome::Later(asked, _) => {
            let pause = PAUSE << device.failures.clamp(0, DOUBLED);
            let until = now + asked.unwrap_or(pause).max(PAUSE / 30);
            db.execute(sql::FAILED, params![device.key, until]).await?;
        }
        Outcome::Refused(why) => {
            tracing::warn!(device = device.key, why, "a push service refused a notification");
            db.execute(sql::FAILED, params![device.key, 0_i64]).await?;
        }
    }
    Ok(outcome)
}

/// What is sent; nothing when there is no reason to any more.
async fn push(notify: &Notify, device: &Device, errand: &Errand) -> Result<Option<Push>, Fault> {
    match errand {
        Errand::Message { principal, log, seq } => message(notify, device, *principal, *log, *seq).await,
        Errand::Clear { principal, lane } => {
            let Some(text) = words::clear(notify, *principal, *lane).await? else { return Ok(None) };
            Ok(Some(Push { text, urgency: Urgency::Low, ttl: CLEAR_KEPT, topic: None }))
        }
        Errand::Alert { principal, alert } => {
            let text = words::alert(notify, *principal, &device.locale, alert).await?;
            Ok(text.map(|text| Push { text, urgency: Urgency::High, ttl: alert.ttl(), topic: None }))
        }
    }
}

async fn message(
    notify: &Notify,
    device: &Device,
    principal: PrincipalKey,
    log: LogKey,
    seq: i64,
) -> Result<Option<Push>, Fault> {
    let Some(news) = news::at(&notify.db, &*notify.content, log, seq).await? else { return Ok(None) };
    let lane = news.lane();
    let shown = notify.db.query_opt(sql::SHOWN, params![principal, log, lane.root]).await?;
    // Read meanwhile, or a newer message of the same place is on its way.
    if shown.map(|row| row.get::<i64>(0)).transpose()? != Some(seq) {
        return Ok(None);
    }
    let still = people::one(notify, &news, principal).await?;
    let Some(candidate) = still else { return Ok(None) };
    let text = words::message(notify, &news, principal, &device.locale).await?;
    let high = candidate.why.direct || candidate.why.mentioned || candidate.why.everybody;
    let urgency = if high { Urgency::High } else { Urgency::Normal };
    let topic = Some(words::topic(principal, lane));
    Ok(text.map(|text| Push { text, urgency, ttl: KEPT, topic }))
}
