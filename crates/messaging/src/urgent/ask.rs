//! Asking for urgency: what comes with a message that is sent.

use weft_http::Caller;
use weft_kernel::{Fault, LogKey, OrgKey, PrincipalKey, id::PrincipalId};
use weft_log::outbox;
use weft_storage::{DbError, DbResult, Row, Sql, Value, params};

use super::{LADDER_JOB, Policy, count, sql};
use crate::{Cx, Seat, acks::Spot, append::Appended};

pub(crate) use super::count::Reserved;

/// A message's urgency as it is written with it.
#[derive(Debug, Clone)]
pub(crate) struct UrgentAsk {
    org: OrgKey,
    people: Vec<PrincipalKey>,
}

impl UrgentAsk {
    pub(super) fn new(org: OrgKey, people: Vec<PrincipalKey>) -> UrgentAsk {
        UrgentAsk { org, people }
    }

    /// What is written with the message, and the job that looks after it.
    pub(crate) fn statements(
        &self,
        log: LogKey,
        sender: PrincipalKey,
        place: &Appended,
    ) -> DbResult<Vec<(Sql, Vec<Value>)>> {
        let spot = Spot { log, seq: place.seq };
        let payload = serde_json::to_string(&spot).map_err(|e| DbError::Other(e.to_string()))?;
        let people: Vec<i64> = self.people.iter().map(|key| key.0).collect();
        Ok(vec![
            (sql::MESSAGE, params![log, place.seq, self.org, sender, place.at]),
            (sql::PEOPLE, params![log, place.seq, self.org, place.at, people]),
            (outbox::INSERT, params![LADDER_JOB, payload, place.at]),
        ])
    }
}

/// Checks that the caller may make a message urgent for these people (none: everybody there).
pub(crate) async fn ask(
    cx: &Cx,
    caller: &Caller,
    seat: &Seat,
    people: Option<&[PrincipalKey]>,
) -> Result<UrgentAsk, Fault> {
    let policy = Policy::load(&cx.db, caller.org).await?;
    policy.let_send(caller)?;
    let people = match people {
        Some(people) => people.to_vec(),
        None => {
            // One more than may be, to tell whether they are too many.
            let asked = params![seat.room.log, seat.principal, i64::MAX, policy.people_limit + 1];
            people_of(&cx.db.query(sql::ADDRESSABLE, asked).await?)?.into_iter().map(|(key, _)| key).collect()
        }
    };
    few(&policy, people.len())?;
    Ok(UrgentAsk { org: caller.org, people })
}

/// Refuses urgency for many.
pub(super) fn few(policy: &Policy, people: usize) -> Result<(), Fault> {
    if people as i64 <= policy.people_limit {
        return Ok(());
    }
    let many = "These are too many people for an urgent message. Choose whom it concerns.";
    Err(Fault::conflict("urgent_too_many", many).param("max", policy.people_limit))
}

pub(super) fn people_of(rows: &[Row]) -> DbResult<Vec<(PrincipalKey, PrincipalId)>> {
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

impl Reserved {
    /// Counts an urgent message that is about to be sent; none when one with this nonce was sent
    /// already, since then it will be found.
    pub(crate) async fn take(
        cx: &Cx,
        caller: &Caller,
        log: LogKey,
        nonce: &str,
    ) -> Result<Option<Reserved>, Fault> {
        if cx.db.query_opt(sql::SENT, params![log, caller.principal, nonce]).await?.is_some() {
            return Ok(None);
        }
        let policy = Policy::load(&cx.db, caller.org).await?;
        let mut tx = cx.db.begin().await?;
        let reserved = count::message(&mut tx, &policy, caller.org, caller.principal, cx.env.now()).await?;
        tx.commit().await?;
        Ok(Some(reserved))
    }
}
