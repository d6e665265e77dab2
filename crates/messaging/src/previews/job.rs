//! The job: one for each message with links, done by whichever process claims it.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use weft_kernel::{Fault, LogKey, OrgKey, PrincipalKey, id::ConversationId};
use weft_log::{
    Frame, LogName, head,
    outbox::{self, Job},
};
use weft_storage::{DbError, DbResult, Sql, Tx, Value, params};

use super::{JOB, mark, sql};
use crate::{
    Cx,
    append::{Alongside, Appended},
    content,
    events::Event,
    load,
    load::MessageRow,
    messages,
    wire::{Message, state},
};

/// Jobs are looked for this often, besides those that this process hears of.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Messages whose links are looked at together.
const AT_ONCE: usize = 8;
/// A job that failed is tried again after this, in microseconds.
const AGAIN: i64 = 30_000_000;
/// And so often in all.
const ATTEMPTS: i64 = 4;

#[derive(serde::Serialize, serde::Deserialize)]
struct Spot {
    log: LogKey,
    seq: i64,
}

/// A message links to something: a job is left with it.
#[derive(Debug)]
pub(crate) struct Linked;

impl Alongside for Linked {
    fn statements(&self, log: LogKey, _: PrincipalKey, place: &Appended) -> DbResult<Vec<(Sql, Vec<Value>)>> {
        Ok(vec![ask(log, place.seq, place.at)?])
    }

    fn show(&self, _: &mut Message) {}
}

/// The statement that leaves a job for the message at this place.
fn ask(log: LogKey, seq: i64, now: i64) -> DbResult<(Sql, Vec<Value>)> {
    let payload = serde_json::to_string(&Spot { log, seq }).map_err(|e| DbError::Other(e.to_string()))?;
    Ok((outbox::INSERT, params![JOB, payload, now]))
}

/// After an edit: forgets what links led to that are gone, and has the new ones looked at.
pub(crate) async fn keep_only(
    tx: &mut Tx,
    log: LogKey,
    seq: i64,
    links: &[String],
    now: i64,
) -> Result<(), Fault> {
    let marks: Vec<i64> = links.iter().map(|link| mark(link)).collect();
    tx.execute(sql::KEEP_ONLY, params![log, seq, marks]).await?;
    if !links.is_empty() {
        let (statement, row) = ask(log, seq, now)?;
        tx.execute(statement, row).await?;
    }
    Ok(())
}

/// Looks at links until dropped.
pub async fn run(cx: &Cx) {
    let permits = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        // The permit of whoever is first; the others wait for theirs with their job in hand.
        let Ok(first) = permits.clone().acquire_owned().await else { return };
        let jobs = outbox::claim(&cx.db, JOB, cx.env.now()).await.unwrap_or_else(|fault| {
            tracing::warn!(%fault, "could not look for links");
            Vec::new()
        });
        if jobs.is_empty() {
            drop(first);
            tokio::select! {
                () = cx.linked.notified() => {}
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            continue;
        }
        let mut permit = Some(first);
        for job in jobs {
            let held = match permit.take() {
                Some(held) => held,
                None => match permits.clone().acquire_owned().await {
                    Ok(held) => held,
                    Err(_) => return,
                },
            };
            tokio::spawn(done(cx.clone(), job, held));
        }
    }
}

async fn done(cx: Cx, job: Job, _permit: OwnedSemaphorePermit) {
    let Err(fault) = one(&cx, &job).await else { return };
    tracing::warn!(%fault, job = job.key, "the links of a message were not looked at");
    let (now, error) = (cx.env.now(), fault.to_string());
    let noted = match job.attempts {
        ATTEMPTS.. => outbox::fail(&cx.db, job.key, now, &error).await,
        _ => outbox::retry(&cx.db, job.key, now + AGAIN, &error).await,
    };
    if let Err(fault) = noted {
        tracing::warn!(%fault, job = job.key, "a job could not be put back; it is anyone's in five minutes");
    }
}

async fn one(cx: &Cx, job: &Job) -> Result<(), Fault> {
    let Spot { log, seq } = job.payload()?;
    let row = load::by_seq(&cx.db, log, seq).await?.filter(|row| row.state == state::LIVE);
    let links = row.as_ref().map(links_of).unwrap_or_default();
    let place = cx.db.query_opt(sql::CONVERSATION, params![log]).await?;
    let (Some(place), false) = (place, links.is_empty()) else {
        return Ok(outbox::done(&cx.db, job.key).await?);
    };
    let (id, org, hidden_below): (ConversationId, OrgKey, i64) =
        (place.get(0)?, place.get(1)?, place.get(2)?);
    let mut found = Vec::with_capacity(links.len());
    for link in links {
        if let Some(key) = cx.links.look(org, &link).await? {
            found.push((link, key));
        }
    }
    if let Some(head) = write(cx, job, log, seq, &found).await? {
        let name = LogName::Conversation(id);
        if seq < hidden_below {
            // Some may not see it: each catches up with what they see.
            cx.publisher.publish(Frame::head(log, name, head));
            return Ok(());
        }
        let Some(row) = load::by_seq(&cx.db, log, seq).await? else { return Ok(()) };
        if let Some(message) = load::assemble(&cx.db, &cx.people, id, vec![row]).await?.pop() {
            let event = Event::MessageChanged { message: &message };
            cx.publisher.publish(Frame::event(log, name, head, &event));
        }
    }
    Ok(())
}

/// The links of a message's text, in order.
fn links_of(row: &MessageRow) -> Vec<String> {
    let parts = serde_json::from_str(row.stored().parts.get()).unwrap_or_default();
    let content = content::Content::new(parts);
    content.text().and_then(|text| content::parse(text).ok()).map(|parsed| parsed.web).unwrap_or_default()
}

/// Writes what was found, if that is news; answers with the event's number then. The text may have
/// changed meanwhile: what is written is only what it has now, and an edit has left a job of its own.
async fn write(
    cx: &Cx,
    job: &Job,
    log: LogKey,
    seq: i64,
    found: &[(String, i64)],
) -> Result<Option<i64>, Fault> {
    let mut tx = cx.db.begin().await?;
    head::lock(&mut tx, &[log]).await?;
    outbox::done_in(&mut tx, job.key).await?;
    let now = tx.query_opt(load::BY_SEQ, params![log, seq]).await?.map(MessageRow::read).transpose()?;
    let now = now.filter(|row| row.state == state::LIVE).as_ref().map(links_of).unwrap_or_default();
    let mut known = Vec::new();
    for row in tx.query(sql::KNOWN, params![log, seq]).await? {
        let known_one: (i64, i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        known.push(known_one);
    }
    let mut news = false;
    for (place, link) in now.iter().enumerate() {
        let Some((_, key)) = found.iter().find(|(address, _)| address == link) else { continue };
        let (place, mark) = (place as i64, mark(link));
        let before = known.iter().find(|(known, ..)| *known == mark);
        if before.is_some_and(|(_, link, at, hidden)| *hidden != 0 || (link == key && *at == place)) {
            continue;
        }
        news = true;
        tx.execute(sql::SHOW, params![log, seq, mark, place, *key]).await?;
    }
    let mut told = None;
    if news {
        let head = head::advance(&mut tx, log, cx.env.now()).await?;
        tx.execute(messages::sql::TOUCH, params![log, seq, head.seq]).await?;
        told = Some(head.seq);
    }
    tx.commit().await?;
    Ok(told)
}
