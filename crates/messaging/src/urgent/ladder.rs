//! What comes next for one person: a pure function of the policy, of what was done, and of the time.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use weft_kernel::Micros;

use super::{MINUTE, Quiet, Step, StepState, policy::StepPolicy};

/// What is known of a person who has not confirmed.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    /// Their zone.
    pub(super) zone: TimeZone,
    /// Their quiet hours, or the org's.
    pub(super) quiet: Option<Quiet>,
    /// SMS and calls that they still take today.
    pub(super) calls_left: i64,
    /// What was done.
    pub(super) steps: BTreeMap<Step, StepState>,
}

/// What is to be done for a person now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// Take this step.
    Take(Step),
    /// Leave it out, because they take no more today.
    LeaveOut(Step),
    /// Nothing before this time; none: nothing any more.
    Wait(Option<Micros>),
}

/// The next move for a person; what it says is to be done and noted, and then asked again until it
/// says to wait. `steps` are those of the policy that can be taken, in order.
pub(super) fn next(steps: &[StepPolicy], began: Micros, now: Micros, person: &Standing) -> Move {
    let mut wait: Option<Micros> = None;
    let mut sooner = |at: Micros| wait = Some(wait.map_or(at, |w: Micros| w.min(at)));
    let mut before_missed = false;
    for each in steps {
        if let Some(state) = person.steps.get(&each.step) {
            before_missed = state.missed();
            if matches!(state, StepState::Waiting | StepState::UnderWay) {
                // Whoever takes it says when it is over; this is for the case that they cannot.
                sooner(now + MINUTE);
            }
            continue;
        }
        let due = if before_missed { now } else { began + each.after_minutes * MINUTE };
        before_missed = false;
        if due > now {
            sooner(due);
            continue;
        }
        let quiet = if each.breaks_quiet { None } else { person.quiet };
        if let Some(end) = quiet.and_then(|quiet| quiet.ends(now, &person.zone)) {
            sooner(end);
            continue;
        }
        if each.step.calls() && person.calls_left <= 0 {
            return Move::LeaveOut(each.step);
        }
        return Move::Take(each.step);
    }
    Move::Wait(wait)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGAN: Micros = 1_000 * MINUTE;

    fn steps() -> Vec<StepPolicy> {
        let step = |step, after_minutes, breaks_quiet| StepPolicy {
            step,
            after_minutes,
            breaks_quiet,
            per_month: None,
        };
        vec![step(Step::Email, 5, true), step(Step::Sms, 15, false), step(Step::Phone, 30, true)]
    }

    fn person(done: &[(Step, StepState)]) -> Standing {
        Standing {
            zone: TimeZone::UTC,
            quiet: None,
            calls_left: i64::MAX,
            steps: done.iter().copied().collect(),
        }
    }

    fn after(minutes: i64, who: &Standing) -> Move {
        next(&steps(), BEGAN, BEGAN + minutes * MINUTE, who)
    }

    fn wait(minutes: i64) -> Move {
        Move::Wait(Some(BEGAN + minutes * MINUTE))
    }

    #[test]
    fn each_step_comes_at_its_time_and_once() {
        assert_eq!(after(0, &person(&[])), wait(5));
        assert_eq!(after(5, &person(&[])), Move::Take(Step::Email));
        assert_eq!(after(5, &person(&[(Step::Email, StepState::Done)])), wait(15));
        let done =
            [(Step::Email, StepState::Done), (Step::Sms, StepState::Unknown), (Step::Phone, StepState::Done)];
        assert_eq!(after(60, &person(&done)), Move::Wait(None));
    }

    #[test]
    fn a_step_that_fails_lets_the_next_one_come_at_once() {
        assert_eq!(after(6, &person(&[(Step::Email, StepState::Failed)])), Move::Take(Step::Sms));
        let both = [(Step::Email, StepState::Failed), (Step::Sms, StepState::Failed)];
        assert_eq!(after(6, &person(&both)), Move::Take(Step::Phone));
        let left_out = [(Step::Email, StepState::LeftOut)];
        assert_eq!(after(6, &person(&left_out)), wait(15), "who has no address is not called sooner");
        let unknown = [(Step::Email, StepState::Unknown)];
        assert_eq!(after(6, &person(&unknown)), wait(15), "what may have been sent counts as sent");
    }

    #[test]
    fn what_is_under_way_is_looked_at_again() {
        assert_eq!(after(6, &person(&[(Step::Email, StepState::UnderWay)])), wait(7));
    }

    #[test]
    fn quiet_hours_hold_back_only_what_may_not_break_them() {
        let mut who = person(&[(Step::Email, StepState::Done)]);
        let minute = (BEGAN / MINUTE) % 1440;
        who.quiet = Some(Quiet { from: minute, to: (minute + 40) % 1440 });
        assert_eq!(after(15, &who), wait(30), "the call breaks them and does not wait for the SMS");
        assert_eq!(after(30, &who), Move::Take(Step::Phone));
        who.steps.insert(Step::Phone, StepState::Done);
        assert_eq!(after(30, &who), wait(40));
        assert_eq!(after(40, &who), Move::Take(Step::Sms));
    }

    #[test]
    fn who_takes_no_more_calls_gets_none() {
        let mut who = person(&[(Step::Email, StepState::Done)]);
        who.calls_left = 0;
        assert_eq!(after(15, &who), Move::LeaveOut(Step::Sms));
        who.steps.insert(Step::Sms, StepState::LeftOut);
        assert_eq!(after(15, &who), wait(30));
        assert_eq!(after(30, &who), Move::LeaveOut(Step::Phone));
    }
}
