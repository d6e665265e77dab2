//! What an org's owner decides about urgent messages.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::{Caller, Role, limits};
use weft_kernel::{Fault, OrgKey};
use weft_storage::{Db, params};

use super::{Quiet, Step, sql};

/// A step comes at most this many minutes after the message.
const LATEST: i64 = 24 * 60;
/// The largest quota.
const QUOTA_MAX: i64 = 1_000_000;

/// Who may send urgent messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Senders {
    /// Only owners.
    Owners,
    /// Owners and admins.
    Admins,
    /// Everybody but guests.
    Members,
    /// Guests too.
    Everybody,
}

/// What ends the steps for a person, beside that the sender cancels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopsOn {
    /// They confirm.
    Confirmed,
    /// They read or confirm.
    Read,
}

/// One step outside the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepPolicy {
    /// Which.
    pub step: Step,
    /// So many minutes after the message, 0–1440.
    pub after_minutes: i64,
    /// Also in quiet hours; otherwise it waits for their end.
    #[serde(default)]
    pub breaks_quiet: bool,
    /// How many a month in the whole org; without it: as many as there are.
    #[serde(default)]
    pub per_month: Option<i64>,
}

/// How an org uses urgent messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Whether there are urgent messages at all.
    pub enabled: bool,
    /// Who may send them.
    pub senders: Senders,
    /// For how many people one may be, 1–500.
    pub people_limit: i64,
    /// How many one person may send a day (UTC).
    pub per_person_per_day: i64,
    /// How many all together may send a day.
    pub per_org_per_day: i64,
    /// What ends the steps.
    pub stops_on: StopsOn,
    /// Whether steps outside the app say what the message says.
    pub with_text: bool,
    /// Quiet hours of whoever has not set their own; null: none.
    pub quiet: Option<Quiet>,
    /// The steps outside the app; the same one at most once.
    pub steps: Vec<StepPolicy>,
}

impl Default for Policy {
    fn default() -> Self {
        let step =
            |step, after_minutes| StepPolicy { step, after_minutes, breaks_quiet: true, per_month: None };
        Policy {
            enabled: true,
            senders: Senders::Members,
            people_limit: 50,
            per_person_per_day: 20,
            per_org_per_day: 500,
            stops_on: StopsOn::Confirmed,
            with_text: true,
            quiet: None,
            steps: vec![step(Step::Push, 0), step(Step::Email, 5)],
        }
    }
}

impl Policy {
    /// The policy of an org; a stored one that cannot be read counts as never set.
    pub(super) async fn load(db: &Db, org: OrgKey) -> Result<Policy, Fault> {
        let row = db.query_opt(sql::POLICY, params![org]).await?;
        let stored = row.map(|row| row.get::<String>(0)).transpose()?;
        Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Stores what the owner decided.
    pub(super) async fn save(self, db: &Db, org: OrgKey) -> Result<Policy, Fault> {
        let policy = self.checked()?;
        let text = serde_json::to_string(&policy).map_err(Fault::internal)?;
        db.execute(sql::SET_POLICY, params![org, text]).await?;
        Ok(policy)
    }

    fn checked(mut self) -> Result<Policy, Fault> {
        if !(1..=limits::PEOPLE_AT_ONCE as i64).contains(&self.people_limit) {
            return Err(Fault::invalid("people_limit", "It must be between 1 and 500."));
        }
        for (field, value) in
            [("per_person_per_day", self.per_person_per_day), ("per_org_per_day", self.per_org_per_day)]
        {
            if !(0..=QUOTA_MAX).contains(&value) {
                return Err(Fault::invalid(field, "It must be between 0 and 1,000,000."));
            }
        }
        if self.quiet.is_some_and(|quiet| !quiet.fits()) {
            return Err(Fault::invalid("quiet", "Both must be minutes of a day, 0 to 1439."));
        }
        let wrong = |detail| Err(Fault::invalid("steps", detail));
        self.steps.sort_by_key(|each| (each.after_minutes, each.step));
        for (at, each) in self.steps.iter().enumerate() {
            if each.step == Step::App {
                return wrong("The app is always the first step and is not listed.");
            }
            if !(0..=LATEST).contains(&each.after_minutes) {
                return wrong("A step comes 0 to 1,440 minutes after the message.");
            }
            if each.per_month.is_some_and(|quota| !(0..=QUOTA_MAX).contains(&quota)) {
                return wrong("A quota is between 0 and 1,000,000.");
            }
            if self.steps[..at].iter().any(|before| before.step == each.step) {
                return wrong("Each step may be there once.");
            }
        }
        Ok(self)
    }

    /// Whether somebody may send urgent messages.
    pub(super) fn allows(&self, caller: &Caller) -> bool {
        let widest = match self.senders {
            Senders::Owners => Role::Owner,
            Senders::Admins => Role::Admin,
            Senders::Members => Role::Member,
            Senders::Everybody => Role::Guest,
        };
        self.enabled && caller.role <= widest
    }

    /// The same as a refusal.
    pub(super) fn let_send(&self, caller: &Caller) -> Result<(), Fault> {
        if self.allows(caller) {
            return Ok(());
        }
        let no = "Your organisation does not let you send urgent messages. Send it without, or ask an owner.";
        Err(Fault::forbidden(no).code("urgent_not_allowed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_refused_and_steps_are_put_in_order() {
        let step =
            |step, after_minutes| StepPolicy { step, after_minutes, breaks_quiet: false, per_month: None };
        let with = |steps| Policy { steps, ..Policy::default() }.checked();
        let sorted = with(vec![step(Step::Phone, 30), step(Step::Sms, 15)]).unwrap();
        assert_eq!(sorted.steps[0].step, Step::Sms);
        assert!(with(vec![step(Step::App, 0)]).is_err());
        assert!(with(vec![step(Step::Sms, -1)]).is_err());
        assert!(with(vec![step(Step::Sms, 1), step(Step::Sms, 2)]).is_err());
        assert!(Policy { people_limit: 501, ..Policy::default() }.checked().is_err());
        let quiet = Some(Quiet { from: 1440, to: 0 });
        assert!(Policy { quiet, ..Policy::default() }.checked().is_err());
    }

    #[test]
    fn a_stored_policy_of_an_earlier_version_is_completed() {
        let policy: Policy = serde_json::from_str(r#"{"people_limit": 7}"#).unwrap();
        assert_eq!(policy, Policy { people_limit: 7, ..Policy::default() });
    }
}
