//! Looking after urgent messages: a job for each, which shows it again, decides which steps come
//! next for whom, and comes back when there is something to do.

use std::{collections::BTreeMap, time::Duration};

use rustc_hash::FxHashMap;
use weft_kernel::{
    Fault, LogKey, Micros, OrgKey, PrincipalKey,
    id::{ConversationId, PrincipalId},
};
use weft_log::outbox::{self, Job};
use weft_storage::{DbResult, Tx, params};

use super::{
    LADDER_JOB, MINUTE, Policy, Quiet, STEP_JOB, Step, StepState, call, count,
    ladder::{self, Move, Standing},
    policy::{StepPolicy, StopsOn},
    quiet, sql, state,
};
use crate::{
    Cx,
    acks::{self, Spot, WaitingFrame, Why},
    load,
};

/// Jobs are looked for this often, when nobody says that there is one.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A job that failed is tried again after this, in microseconds.
const AGAIN: Micros = 15_000_000;
/// In the app it is shown again after this…
const ROUND: Micros = 5 * MINUTE;
/// …so often in all: for half an hour.
const ROUNDS: i64 = 7;
/// Whoever limits their calls does so for this long.
const CALLS_OF: Micros = 24 * 60 * MINUTE;
/// Counts that nobody needs are forgotten this often.
const TIDY_EVERY: Duration = Duration::from_secs(3_600);

/// Looks after urgent messages until dropped.
pub async fn run(cx: &Cx) {
    let tidy = async {
        loop {
            if let Err(error) = count::tidy(&cx.db, cx.env.now()).await {
                tracing::warn!(%error, "old counts of urgent messages were not forgotten");
            }
            tokio::time::sleep(TIDY_EVERY).await;
        }
    };
    tokio::join!(look_after(cx), call::run(cx), tidy);
}

async fn look_after(cx: &Cx) {
    loop {
        match due(cx).await {
            Ok(0) => drop(tokio::time::timeout(LOOK_EVERY, cx.urgent.messages.notified()).await),
            Ok(_) => {}
            Err(fault) => {
                tracing::warn!(%fault, "could not look for urgent messages");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }
}

async fn due(cx: &Cx) -> Result<usize, Fault> {
    let jobs = outbox::claim(&cx.db, LADDER_JOB, cx.env.now()).await?;
    for job in &jobs {
        if let Err(fault) = one(cx, job).await {
            tracing::warn!(%fault, job = job.key, "an urgent message was not looked after; it is tried again");
            outbox::retry(&cx.db, job.key, cx.env.now() + AGAIN, &fault.to_string()).await?;
        }
    }
    Ok(jobs.len())
}

/// Somebody who is addressed and has not confirmed.
pub(super) struct Open {
    pub(super) key: PrincipalKey,
    pub(super) log: LogKey,
    zone: Option<String>,
    quiet: Option<Quiet>,
    calls_per_day: Option<i64>,
}

/// Those who are addressed and for whom nothing has ended it; `only` one of them, or all.
pub(super) async fn open_people(
    tx: &mut Tx,
    spot: Spot,
    policy: &Policy,
    only: Option<PrincipalKey>,
) -> DbResult<Vec<Open>> {
    let only = only.unwrap_or(PrincipalKey(0));
    let mut open = Vec::new();
    for row in tx.query(sql::OPEN_PEOPLE, params![spot.log, spot.seq, only]).await? {
        if policy.stops_on == StopsOn::Read && row.get::<bool>(7)? {
            continue;
        }
        let (from, to): (Option<i64>, Option<i64>) = (row.get(4)?, row.get(5)?);
        let own = from.zip(to).map(|(from, to)| Quiet { from, to });
        open.push(Open {
            key: row.get(0)?,
            log: row.get(2)?,
            zone: row.get(3)?,
            quiet: own.or(policy.quiet),
            calls_per_day: row.get(6)?,
        });
    }
    Ok(open)
}

/// One look at a message.
struct Look<'a> {
    spot: Spot,
    org: OrgKey,
    began: Micros,
    now: Micros,
    steps: &'a [StepPolicy],
}

async fn one(cx: &Cx, job: &Job) -> Result<(), Fault> {
    let spot: Spot = job.payload()?;
    let Some(row) = cx.db.query_opt(sql::ONE, params![spot.log, spot.seq]).await? else {
        return Ok(outbox::done(&cx.db, job.key).await?);
    };
    let org: OrgKey = row.get(0)?;
    let policy = Policy::load(&cx.db, org).await?;
    let offered = cx.steps.offered(org).await?;
    let steps: Vec<StepPolicy> =
        policy.steps.iter().filter(|each| offered.contains(&each.step)).cloned().collect();

    let mut tx = cx.db.begin().await?;
    let row = tx.query_one(sql::LOCKED, params![spot.log, spot.seq]).await?;
    let (sender, began, now): (PrincipalKey, Micros, Micros) = (row.get(1)?, row.get(2)?, cx.env.now());
    let mut rounds: i64 = row.get(4)?;
    let open = match row.get::<i64>(3)? {
        state::OPEN if policy.enabled => open_people(&mut tx, spot, &policy, None).await?,
        state::OPEN => Vec::new(),
        _ => {
            outbox::done_in(&mut tx, job.key).await?;
            return Ok(tx.commit().await?);
        }
    };
    let look = Look { spot, org, began, now, steps: &steps };
    let (mut next, taken) = look.at_all(&mut tx, &open).await?;
    let show = !open.is_empty() && rounds < ROUNDS && now >= began + rounds * ROUND;
    if show {
        // What was missed while no server ran is not made up for.
        rounds = ((now - began) / ROUND + 1).clamp(rounds + 1, ROUNDS);
    }
    if !open.is_empty() && rounds < ROUNDS {
        next = Some(next.map_or(began + rounds * ROUND, |at| at.min(began + rounds * ROUND)));
    }
    let state = if next.is_some() { state::OPEN } else { state::OVER };
    tx.execute(sql::GO_ON, params![spot.log, spot.seq, rounds, state]).await?;
    match next {
        Some(at) => outbox::again_in(&mut tx, job.key, at).await?,
        None => outbox::done_in(&mut tx, job.key).await?,
    }
    tx.commit().await?;
    if taken {
        cx.urgent.steps.notify_one();
        progress(cx, spot, sender).await?;
    }
    if show {
        tell(cx, spot, Why::Urgent, open.iter().map(|each| each.log)).await?;
    }
    Ok(())
}

impl Look<'_> {
    /// Decides for everybody; when to look again, and whether a step is to be taken.
    async fn at_all(&self, tx: &mut Tx, open: &[Open]) -> Result<(Option<Micros>, bool), Fault> {
        let mut done: FxHashMap<PrincipalKey, BTreeMap<Step, StepState>> = FxHashMap::default();
        for row in tx.query(sql::STEPS, params![self.spot.log, self.spot.seq]).await? {
            if let Some(step) = Step::from_stored(row.get(1)?) {
                done.entry(row.get(0)?).or_default().insert(step, StepState::from_stored(row.get(2)?));
            }
        }
        let called = self.called(tx, open).await?;
        let (mut next, mut taken): (Option<Micros>, bool) = (None, false);
        for person in open {
            let before = called.get(&person.key).copied().unwrap_or(0);
            let mut standing = Standing {
                zone: quiet::zone(person.zone.as_deref()),
                quiet: person.quiet,
                calls_left: person.calls_per_day.map_or(i64::MAX, |limit| limit - before),
                steps: done.remove(&person.key).unwrap_or_default(),
            };
            let (wait, took) = self.at_one(tx, person.key, &mut standing).await?;
            taken |= took;
            next = match (next, wait) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            };
        }
        Ok((next, taken))
    }

    async fn called(&self, tx: &mut Tx, open: &[Open]) -> DbResult<FxHashMap<PrincipalKey, i64>> {
        let limited: Vec<i64> =
            open.iter().filter(|each| each.calls_per_day.is_some()).map(|each| each.key.0).collect();
        if limited.is_empty() {
            return Ok(FxHashMap::default());
        }
        let rows = tx.query(sql::CALLED, params![limited, self.now - CALLS_OF]).await?;
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
    }

    async fn at_one(
        &self,
        tx: &mut Tx,
        who: PrincipalKey,
        standing: &mut Standing,
    ) -> Result<(Option<Micros>, bool), Fault> {
        let mut took = false;
        loop {
            match ladder::next(self.steps, self.began, self.now, standing) {
                Move::Wait(until) => return Ok((until, took)),
                Move::LeaveOut(step) => self.note(tx, who, standing, step, Some("own_limit")).await?,
                Move::Take(step) => {
                    let quota =
                        self.steps.iter().find(|each| each.step == step).and_then(|each| each.per_month);
                    if !count::step(tx, self.org, step, quota, self.now).await? {
                        self.note(tx, who, standing, step, Some("quota")).await?;
                        continue;
                    }
                    self.note(tx, who, standing, step, None).await?;
                    let job = call::Call { spot: self.spot, org: self.org, to: who, step };
                    outbox::add(tx, STEP_JOB, &job, self.now).await?;
                    standing.calls_left -= i64::from(step.calls());
                    took = true;
                }
            }
        }
    }

    async fn note(
        &self,
        tx: &mut Tx,
        who: PrincipalKey,
        standing: &mut Standing,
        step: Step,
        left_out: Option<&'static str>,
    ) -> DbResult<()> {
        let to = if left_out.is_some() { StepState::LeftOut } else { StepState::Waiting };
        let Spot { log, seq } = self.spot;
        let row = params![log, seq, who, step as i64, self.org, to as i64, self.now, left_out];
        tx.execute(sql::STEP, row).await?;
        standing.steps.insert(step, to);
        Ok(())
    }
}

/// Tells the devices of some people that an urgent message waits for them, or no longer.
pub(super) async fn tell(
    cx: &Cx,
    spot: Spot,
    why: Why,
    logs: impl IntoIterator<Item = LogKey>,
) -> Result<(), Fault> {
    let Some(row) = load::by_seq(&cx.db, spot.log, spot.seq).await? else { return Ok(()) };
    let conv: ConversationId = cx.db.query_one(acks::sql::CONVERSATION, params![spot.log]).await?.get(0)?;
    let from: Option<PrincipalId> = cx.people.ids([row.sender]).await?.get(&row.sender).copied();
    let text = WaitingFrame { t: "waiting", why, conv, message: row.id, seq: row.seq, from }.text();
    for log in logs {
        cx.publisher.publish_ephemeral(log, None, text.clone());
    }
    Ok(())
}

/// Tells the sender's devices that it has come further.
pub(super) async fn progress(cx: &Cx, spot: Spot, sender: PrincipalKey) -> Result<(), Fault> {
    let Some(row) = load::by_seq(&cx.db, spot.log, spot.seq).await? else { return Ok(()) };
    let Some(person) = cx.db.query_opt(sql::PERSON, params![sender]).await? else { return Ok(()) };
    let conv: ConversationId = cx.db.query_one(acks::sql::CONVERSATION, params![spot.log]).await?.get(0)?;
    let frame = serde_json::json!({ "t": "urgent", "conv": conv, "message": row.id, "seq": row.seq });
    cx.publisher.publish_ephemeral(person.get(0)?, None, frame.to_string().into());
    Ok(())
}
