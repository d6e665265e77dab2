//! Telling one person by mail what they missed.

use std::time::Duration;

use weft_gateway::Activity;
use weft_http::{DigestWish, Dnd, OrgPolicy};
use weft_kernel::{Fault, Micros, PrincipalKey, id::OrgId};
use weft_log::outbox::{self, Job};
use weft_storage::params;

use super::{DIGEST, Digest, gather, note, sql};
use crate::{Notify, tell};

/// How often it is looked for who is due.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Who is not to be disturbed, or is there, is looked at again after this, in microseconds.
const PUT_OFF: Micros = 15 * 60_000_000;

/// Tells people until dropped.
pub(crate) async fn run(notify: &Notify) {
    if !notify.digests.offered() {
        return;
    }
    loop {
        let jobs = match outbox::claim(&notify.db, DIGEST, notify.env.now()).await {
            Ok(jobs) => jobs,
            Err(error) => {
                tracing::warn!(%error, "could not look for who is to be told by mail");
                Vec::new()
            }
        };
        if jobs.is_empty() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        for job in &jobs {
            if let Err(fault) = one(notify, job).await {
                tell::failed(notify, job, &fault).await;
            }
        }
    }
}

/// Whom a mail is for.
pub(super) struct Reader {
    pub(super) key: PrincipalKey,
    pub(super) email: String,
    pub(super) locale: String,
    timezone: String,
    org: OrgId,
    org_name: String,
    texts: bool,
    dnd: Dnd,
    number: i64,
}

async fn one(notify: &Notify, job: &Job) -> Result<(), Fault> {
    let who: PrincipalKey = job.payload()?;
    // From here on what comes makes a job of its own; what was before is found below.
    notify.db.execute(sql::TAKEN, params![who, job.key]).await?;
    let Some(reader) = reader(notify, who).await? else {
        return Ok(outbox::done(&notify.db, job.key).await?);
    };
    let now = notify.env.now();
    if reader.dnd.holds(now) || notify.hub.activity(who) == Activity::Active {
        return put_off(notify, job, who, now + PUT_OFF).await;
    }
    let found = gather::gather(notify, &reader).await?;
    if found.places.is_empty() {
        return Ok(outbox::done(&notify.db, job.key).await?);
    }
    let digest = Digest {
        to: who,
        email: reader.email,
        locale: reader.locale,
        timezone: reader.timezone,
        number: reader.number,
        org: reader.org,
        org_name: reader.org_name,
        texts: reader.texts,
        places: found.places,
        more: found.more,
        uncounted: found.uncounted,
    };
    let mut tx = notify.db.begin().await?;
    if tx.execute(sql::SENT, params![who, reader.number, now]).await? == 1 {
        for (log, upto) in found.upto {
            tx.execute(sql::TELL, params![who, log, upto, now]).await?;
        }
        notify.digests.send(&mut tx, &digest).await?;
    }
    // Else another process has told them meanwhile.
    outbox::done_in(&mut tx, job.key).await?;
    tx.commit().await?;
    notify.digests.sent();
    Ok(())
}

async fn put_off(notify: &Notify, job: &Job, who: PrincipalKey, at: Micros) -> Result<(), Fault> {
    let mut tx = notify.db.begin().await?;
    note::put(&mut tx, who, at).await?;
    outbox::done_in(&mut tx, job.key).await?;
    Ok(tx.commit().await?)
}

/// Somebody who wants to be told, and may be.
async fn reader(notify: &Notify, who: PrincipalKey) -> Result<Option<Reader>, Fault> {
    let Some(row) = notify.db.query_opt(sql::READER, params![who]).await? else { return Ok(None) };
    let policy = OrgPolicy::from_stored(&row.get::<String>(7)?).mail;
    let wish = DigestWish::from_stored(&row.get::<String>(0)?);
    if !policy.digests || wish == DigestWish::Off {
        return Ok(None);
    }
    Ok(Some(Reader {
        key: who,
        dnd: Dnd::from_stored(row.get::<Option<String>>(1)?.as_deref()),
        timezone: row.get(2)?,
        email: row.get(3)?,
        locale: row.get(4)?,
        org: row.get(5)?,
        org_name: row.get(6)?,
        texts: policy.texts,
        number: row.get(8)?,
    }))
}
