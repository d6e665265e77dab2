//! Quotas: counted in one row each, so that whoever races for the last one of a day or month finds
//! it taken.

use weft_kernel::{Fault, Micros, OrgKey, PrincipalKey};
use weft_storage::{Db, DbResult, Tx, params};

use super::{MINUTE, Policy, Step, sql};

/// A day, in microseconds.
const DAY: Micros = 24 * 60 * MINUTE;
/// Kind of the count of messages; other kinds are steps.
const MESSAGES: i64 = 0;
/// The whole org, in place of a person.
const EVERYBODY: PrincipalKey = PrincipalKey(0);

fn day(now: Micros) -> i64 {
    now.div_euclid(DAY)
}

/// The month of a time (UTC), counted from 1970, and when it began.
pub(super) fn month(now: Micros) -> (i64, Micros) {
    let at = jiff::Timestamp::from_microsecond(now).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC);
    let first = at.date().first_of_month().to_zoned(jiff::tz::TimeZone::UTC);
    let began = first.map_or(0, |first| first.timestamp().as_microsecond());
    ((i64::from(at.year()) - 1970) * 12 + i64::from(at.month()) - 1, began)
}

/// One message counted before it was sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reserved {
    org: OrgKey,
    sender: PrincipalKey,
    day: i64,
}

impl Reserved {
    /// It was not sent after all.
    pub(crate) async fn release(self, db: &Db) {
        for who in [self.sender, EVERYBODY] {
            let row = params![self.org, MESSAGES, self.day, who];
            if let Err(error) = db.execute(sql::UNCOUNT, row).await {
                tracing::warn!(%error, "an urgent message that was not sent stays counted");
            }
        }
    }
}

async fn one_more(
    tx: &mut Tx,
    org: OrgKey,
    kind: i64,
    period: i64,
    who: PrincipalKey,
    quota: i64,
) -> DbResult<bool> {
    // The first of a period meets no row that could tell the quota.
    Ok(quota > 0 && tx.execute(sql::COUNT, params![org, kind, period, who, quota]).await? > 0)
}

/// Counts one more message of `sender` today.
///
/// # Errors
/// `urgent_quota`; then the transaction must not be committed.
pub(super) async fn message(
    tx: &mut Tx,
    policy: &Policy,
    org: OrgKey,
    sender: PrincipalKey,
    now: Micros,
) -> Result<Reserved, Fault> {
    let reserved = Reserved { org, sender, day: day(now) };
    for (who, quota) in [(sender, policy.per_person_per_day), (EVERYBODY, policy.per_org_per_day)] {
        if !one_more(tx, org, MESSAGES, reserved.day, who, quota).await? {
            let used_up = "No more urgent messages can be sent today. Send it without, or ask an owner.";
            return Err(Fault::conflict("urgent_quota", used_up).param("max", quota));
        }
    }
    Ok(reserved)
}

/// Counts one more step of this month; false when the quota is used up.
pub(super) async fn step(
    tx: &mut Tx,
    org: OrgKey,
    step: Step,
    quota: Option<i64>,
    now: Micros,
) -> DbResult<bool> {
    one_more(tx, org, step as i64, month(now).0, EVERYBODY, quota.unwrap_or(i64::MAX)).await
}

/// How many messages of `sender` are left today.
pub(super) async fn left(
    db: &Db,
    policy: &Policy,
    org: OrgKey,
    sender: PrincipalKey,
    now: Micros,
) -> Result<i64, Fault> {
    let mut left = i64::MAX;
    for (who, quota) in [(sender, policy.per_person_per_day), (EVERYBODY, policy.per_org_per_day)] {
        let row = db.query_opt(sql::USED, params![org, MESSAGES, day(now), who]).await?;
        let used: i64 = row.map_or(Ok(0), |row| row.get(0))?;
        left = left.min((quota - used).max(0));
    }
    Ok(left)
}

/// Forgets counts that no quota asks for any more.
///
/// # Errors
/// Any database error.
pub(super) async fn tidy(db: &Db, now: Micros) -> DbResult<()> {
    db.execute(sql::FORGET_USAGE, params![day(now) - 7, month(now).0 - 12]).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_at_its_first_midnight() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap().as_microsecond();
        assert_eq!(month(at("2026-11-30T23:59:59Z")), (56 * 12 + 10, at("2026-11-01T00:00:00Z")));
        assert_eq!(month(at("2026-12-01T00:00:00Z")), (56 * 12 + 11, at("2026-12-01T00:00:00Z")));
    }
}
