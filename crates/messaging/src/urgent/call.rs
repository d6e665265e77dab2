//! Taking a step: what is written down before anything leaves the server, and what became of it.

use std::time::Duration;

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use weft_kernel::{
    Fault, OrgKey, PrincipalKey,
    id::{ConversationId, MessageId, OrgId, PrincipalId},
};
use weft_log::outbox::{self, Job};
use weft_storage::{Tx, params};

use super::{
    LADDER_JOB, Notice, Policy, STEP_JOB, Step, StepState,
    run::{LOOK_EVERY, open_people, progress},
    sql, state,
};
use crate::{
    Cx,
    acks::{self, Spot},
    content::{Content, parse_beside},
    load,
};

/// A step takes at most this long; what is not known by then counts as taken. Much shorter than
/// the lease of a job.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much of the message is told, in characters.
const EXCERPT: usize = 140;

/// Why a step can reach somebody by no means: it is left out rather than failed.
const NO_WAY: [&str; 4] = ["no_address", "no_device", "no_gateway", "no_number"];

/// One step to one person.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Call {
    pub(super) spot: Spot,
    pub(super) org: OrgKey,
    pub(super) to: PrincipalKey,
    pub(super) step: Step,
}

/// Takes steps until dropped.
pub(super) async fn run(cx: &Cx) {
    loop {
        match due(cx).await {
            Ok(0) => drop(tokio::time::timeout(LOOK_EVERY, cx.urgent.steps.notified()).await),
            Ok(_) => {}
            Err(fault) => {
                tracing::warn!(%fault, "could not look for steps of urgent messages");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }
}

async fn due(cx: &Cx) -> Result<usize, Fault> {
    let now = cx.env.now();
    if !outbox::any_due(&cx.db, STEP_JOB, now).await? {
        return Ok(0);
    }
    // The claim and what it is about to do are one transaction: who finds the step begun, but not
    // ended, knows that it may have been taken.
    let mut tx = cx.db.begin().await?;
    let jobs = outbox::claim_in(&mut tx, STEP_JOB, now).await?;
    let mut calls = Vec::with_capacity(jobs.len());
    for job in &jobs {
        if let Some(call) = begin(cx, &mut tx, job).await? {
            calls.push(take(cx, job, call));
        }
    }
    tx.commit().await?;
    for settled in join_all(calls).await {
        if let Err(fault) = settled {
            tracing::warn!(%fault, "what became of a step was not written; it counts as taken");
        }
    }
    Ok(jobs.len())
}

impl Call {
    async fn moves(
        &self,
        tx: &mut Tx,
        cx: &Cx,
        (from, to): (StepState, StepState),
        detail: Option<&str>,
    ) -> Result<bool, Fault> {
        let Spot { log, seq } = self.spot;
        let (from, to, now) = (from as i64, to as i64, cx.env.now());
        let row = params![log, seq, self.to, self.step as i64, from, to, now, detail];
        Ok(tx.execute(sql::MOVE, row).await? > 0)
    }
}

/// Writes down that a step is being taken; none when it is not to be, or was begun before.
async fn begin(cx: &Cx, tx: &mut Tx, job: &Job) -> Result<Option<Call>, Fault> {
    let Ok(call) = job.payload::<Call>() else {
        outbox::done_in(tx, job.key).await?;
        return Ok(None);
    };
    let policy = Policy::load(&cx.db, call.org).await?;
    let wanted = policy.enabled && policy.steps.iter().any(|each| each.step == call.step);
    let urgent = tx.query_opt(sql::ONE, params![call.spot.log, call.spot.seq]).await?;
    let open = urgent.map_or(Ok(0), |row| row.get::<i64>(3))? == state::OPEN;
    let addressed = wanted && open && !open_people(tx, call.spot, &policy, Some(call.to)).await?.is_empty();
    if addressed {
        if call.moves(tx, cx, (StepState::Waiting, StepState::UnderWay), None).await? {
            return Ok(Some(call));
        }
        // Begun before, by a process that has not said how it ended.
        call.moves(tx, cx, (StepState::UnderWay, StepState::Unknown), Some("interrupted")).await?;
    } else {
        call.moves(tx, cx, (StepState::Waiting, StepState::LeftOut), Some("not_needed")).await?;
        call.moves(tx, cx, (StepState::UnderWay, StepState::Unknown), Some("interrupted")).await?;
    }
    outbox::done_in(tx, job.key).await?;
    Ok(None)
}

async fn take(cx: &Cx, job: &Job, call: Call) -> Result<(), Fault> {
    let taken = async {
        let notice = notice(cx, &call).await?;
        cx.steps.take(call.step, &notice).await
    };
    let (to, detail) = match tokio::time::timeout(PATIENCE, taken).await {
        Ok(Ok(())) => (StepState::Done, None),
        Ok(Err(fault)) if fault.code_str() == "unknown" => (StepState::Unknown, Some("no_answer")),
        Ok(Err(fault)) if NO_WAY.contains(&fault.code_str()) => (StepState::LeftOut, Some(fault.code_str())),
        Ok(Err(fault)) => {
            tracing::warn!(%fault, step = ?call.step, "a step of an urgent message failed");
            (StepState::Failed, Some(fault.code_str()))
        }
        Err(_) => (StepState::Unknown, Some("no_answer")),
    };
    let sender = settle(cx, job, &call, to, detail).await?;
    if to == StepState::Failed {
        cx.urgent.messages.notify_one();
    }
    match sender {
        Some(sender) => progress(cx, call.spot, sender).await,
        None => Ok(()),
    }
}

/// Writes what became of a step; the message's sender.
async fn settle(
    cx: &Cx,
    job: &Job,
    call: &Call,
    to: StepState,
    detail: Option<&str>,
) -> Result<Option<PrincipalKey>, Fault> {
    let mut tx = cx.db.begin().await?;
    // Under the lock of the message, so that whoever decides what comes next has seen it, or is
    // called to look again.
    let urgent = tx.query_opt(sql::LOCKED, params![call.spot.log, call.spot.seq]).await?;
    call.moves(&mut tx, cx, (StepState::UnderWay, to), detail).await?;
    outbox::done_in(&mut tx, job.key).await?;
    if to == StepState::Failed {
        let payload = serde_json::to_string(&call.spot).map_err(Fault::internal)?;
        tx.execute(sql::SOONER, params![LADDER_JOB, payload, cx.env.now()]).await?;
    }
    tx.commit().await?;
    Ok(urgent.map(|row| row.get(1)).transpose()?)
}

async fn notice(cx: &Cx, call: &Call) -> Result<Notice, Fault> {
    let Spot { log, seq } = call.spot;
    let gone = || Fault::conflict("not_needed", "The message is gone.");
    let row = load::by_seq(&cx.db, log, seq).await?.ok_or_else(gone)?;
    let conversation: ConversationId =
        cx.db.query_one(acks::sql::CONVERSATION, params![log]).await?.get(0)?;
    let sender: String = cx.db.query_one(sql::PERSON, params![row.sender]).await?.get(1)?;
    let org_id: OrgId = cx.db.query_one(sql::ORG_ID, params![call.org]).await?.get(0)?;
    let with_text = Policy::load(&cx.db, call.org).await?.with_text;
    let text = if with_text { excerpt(cx, call.org, &row).await? } else { None };
    let to: Option<PrincipalId> = cx.people.ids([call.to]).await?.get(&call.to).copied();
    let (message, to_id): (MessageId, PrincipalId) = (row.id, to.ok_or_else(gone)?);
    let key = format!("{message}-{to_id}-{}", call.step as i64);
    Ok(Notice { org: call.org, org_id, to: call.to, conversation, message, seq, sender, text, key })
}

/// The beginning of what a message says, as plain text on one line.
async fn excerpt(cx: &Cx, org: OrgKey, row: &load::MessageRow) -> Result<Option<String>, Fault> {
    let stored = row.stored();
    let Ok(parts) = serde_json::from_str(stored.parts.get()) else { return Ok(None) };
    let content = Content { v: stored.v, parts };
    let Some(parsed) = content.text().and_then(|text| parse_beside(text, true).ok()) else { return Ok(None) };
    let mut plain = parsed.plain;
    let ids: Vec<_> = parsed.mentions.iter().map(|id| id.uuid()).collect();
    if !ids.is_empty() {
        for named in cx.db.query(sql::NAMES, params![org, ids]).await? {
            let (id, name): (PrincipalId, String) = (named.get(0)?, named.get(1)?);
            plain = plain.replace(&format!("<@{id}>"), &format!("@{name}"));
        }
    }
    let line = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut = match line.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    };
    Ok((!cut.is_empty()).then_some(cut))
}
