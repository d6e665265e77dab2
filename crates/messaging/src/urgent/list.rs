//! Whom an urgent message has reached how, for its sender; and what somebody may send.

use serde::Serialize;
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{
    Fault, Micros, PrincipalKey,
    id::{MessageId, PrincipalId},
};
use weft_storage::params;

use rustc_hash::FxHashMap;

use super::{Policy, Step, StepState, buzz::not_urgent, count, policy::StepPolicy, sql};
use crate::{Cx, acks, messages::find, rights, wire};

/// One step to one person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct StepSeen {
    step: Step,
    state: StepState,
    /// Since when it is in that state.
    at: Micros,
    /// Why it failed or was left out: a code.
    detail: Option<String>,
}

/// Somebody who is addressed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct UrgentPerson {
    /// Who.
    #[schema(value_type = String)]
    id: PrincipalId,
    /// When they confirmed.
    confirmed_at: Option<Micros>,
    /// How it came to them, in the order of the steps.
    steps: Vec<StepSeen>,
}

/// Whom an urgent message has reached how.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UrgentPage {
    /// How it is.
    #[serde(flatten)]
    urgent: wire::Urgent,
    /// Everybody addressed.
    items: Vec<UrgentPerson>,
}

/// Whom the caller's own message has reached how.
pub(super) async fn page(cx: &Cx, caller: &Caller, id: MessageId) -> Result<UrgentPage, Fault> {
    let found = find(cx, caller, id).await?;
    rights::seated(&found.view)?;
    acks::live(&found)?;
    let (log, seq) = (found.row.log, found.row.seq);
    let row = cx.db.query_opt(sql::ONE, params![log, seq]).await?.ok_or_else(not_urgent)?;
    if found.row.sender != caller.principal {
        let only = "Only who sent a message can see whom it has reached.";
        return Err(Fault::forbidden(only).code("not_sender"));
    }
    let urgent = wire::Urgent { state: wire::Urgent::name(row.get(3)?), at: row.get(2)? };
    let mut answered: FxHashMap<PrincipalKey, Micros> = FxHashMap::default();
    for row in cx.db.query(sql::ANSWERED, params![log, seq]).await? {
        answered.insert(row.get(0)?, row.get(1)?);
    }
    let rows = cx.db.query(sql::STEPS, params![log, seq]).await?;
    let mut people: Vec<(PrincipalKey, Vec<StepSeen>)> = Vec::new();
    for row in rows {
        let key: PrincipalKey = row.get(0)?;
        let Some(step) = Step::from_stored(row.get(1)?) else { continue };
        let seen = StepSeen {
            step,
            state: StepState::from_stored(row.get(2)?),
            at: row.get(3)?,
            detail: row.get(4)?,
        };
        match people.last_mut() {
            Some((last, steps)) if *last == key => steps.push(seen),
            _ => people.push((key, vec![seen])),
        }
    }
    let ids = cx.people.ids(people.iter().map(|(key, _)| *key)).await?;
    let items = people.into_iter().filter_map(|(key, steps)| {
        let confirmed_at = answered.get(&key).copied();
        Some(UrgentPerson { id: *ids.get(&key)?, confirmed_at, steps })
    });
    Ok(UrgentPage { urgent, items: items.collect() })
}

/// What the caller may do with urgent messages.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Urgency {
    /// Whether they may send any.
    may_send: bool,
    /// For how many people one may be.
    people_limit: i64,
    /// How many they can still send today.
    left_today: i64,
    /// The steps that follow the app, as far as they can be taken here.
    steps: Vec<StepPolicy>,
}

/// What the caller may do with urgent messages.
pub(super) async fn urgency(cx: &Cx, caller: &Caller) -> Result<Urgency, Fault> {
    let policy = Policy::load(&cx.db, caller.org).await?;
    let offered = cx.steps.offered(caller.org).await?;
    let left = count::left(&cx.db, &policy, caller.org, caller.principal, cx.env.now()).await?;
    Ok(Urgency {
        may_send: policy.allows(caller),
        people_limit: policy.people_limit,
        left_today: left,
        steps: policy.steps.into_iter().filter(|each| offered.contains(&each.step)).collect(),
    })
}
