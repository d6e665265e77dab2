//! Quiet hours: from one minute of the day to another, in somebody's own zone.

use jiff::{Timestamp, ToSpan, civil::DateTime, tz::TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_kernel::Micros;

/// Minutes of a day.
const DAY: i64 = 24 * 60;

/// From a minute of the day to another, perhaps over midnight; both in the person's own zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Quiet {
    /// The first quiet minute, 0–1439.
    pub from: i64,
    /// The first minute after, 0–1439; the same as `from`: never quiet.
    pub to: i64,
}

impl Quiet {
    /// Whether both are minutes of a day.
    pub fn fits(self) -> bool {
        (0..DAY).contains(&self.from) && (0..DAY).contains(&self.to)
    }

    fn holds(self, minute: i64) -> bool {
        if self.from <= self.to {
            (self.from..self.to).contains(&minute)
        } else {
            minute >= self.from || minute < self.to
        }
    }

    /// When the quiet that `now` falls into ends; none when it is not quiet.
    pub(super) fn ends(self, now: Micros, zone: &TimeZone) -> Option<Micros> {
        let local = Timestamp::from_microsecond(now).ok()?.to_zoned(zone.clone()).datetime();
        let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
        if !self.holds(minute) {
            return None;
        }
        let over_midnight = self.from > self.to && minute >= self.from;
        let day = if over_midnight { local.date().tomorrow().ok()? } else { local.date() };
        let end =
            DateTime::from_parts(day, jiff::civil::Time::midnight()).checked_add(self.to.minutes()).ok()?;
        // A time that a zone skips or repeats is taken as jiff's "compatible" rule takes it.
        let end = end.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond();
        // An hour that is repeated may still look quiet after its end: look again a minute later.
        Some(if end > now { end } else { now + super::MINUTE })
    }
}

/// The zone of a name; UTC where it is missing or unknown here.
pub(super) fn zone(name: Option<&str>) -> TimeZone {
    name.and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NIGHT: Quiet = Quiet { from: 22 * 60, to: 7 * 60 };

    fn at(text: &str) -> Micros {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    fn ends(now: &str, name: &str) -> Option<String> {
        let end = NIGHT.ends(at(now), &zone(Some(name)))?;
        Some(Timestamp::from_microsecond(end).unwrap().to_string())
    }

    #[test]
    fn the_night_is_the_persons_own() {
        assert_eq!(ends("2026-03-02T15:00:00Z", "Asia/Shanghai").as_deref(), Some("2026-03-02T23:00:00Z"));
        assert_eq!(ends("2026-03-02T15:00:00Z", "Europe/Berlin"), None);
        assert_eq!(ends("2026-03-02T04:30:00Z", "Europe/Berlin").as_deref(), Some("2026-03-02T06:00:00Z"));
        assert_eq!(ends("2026-03-02T23:30:00Z", "No/Where").as_deref(), Some("2026-03-03T07:00:00Z"));
    }

    #[test]
    fn a_night_in_which_the_clocks_change_ends_at_seven_there() {
        // Berlin springs forward on 29 March 2026 and falls back on 25 October.
        assert_eq!(ends("2026-03-28T22:00:00Z", "Europe/Berlin").as_deref(), Some("2026-03-29T05:00:00Z"));
        assert_eq!(ends("2026-10-24T21:00:00Z", "Europe/Berlin").as_deref(), Some("2026-10-25T06:00:00Z"));
        assert_eq!(ends("2026-10-25T00:30:00Z", "Europe/Berlin").as_deref(), Some("2026-10-25T06:00:00Z"));
    }

    #[test]
    fn an_end_that_the_zone_skips_or_repeats_is_still_ahead() {
        let berlin = zone(Some("Europe/Berlin"));
        let skipped = Quiet { from: 0, to: 150 };
        let end = skipped.ends(at("2026-03-28T23:10:00Z"), &berlin).unwrap();
        assert!(end > at("2026-03-28T23:10:00Z") && end <= at("2026-03-29T01:30:00Z"));
        let repeated = at("2026-10-25T01:10:00Z");
        assert_eq!(skipped.ends(repeated, &berlin), Some(repeated + super::super::MINUTE));
    }

    #[test]
    fn the_same_minute_twice_is_never_quiet() {
        let none = Quiet { from: 60, to: 60 };
        assert_eq!(none.ends(at("2026-03-02T01:00:00Z"), &TimeZone::UTC), None);
        let lunch = Quiet { from: 720, to: 780 };
        assert!(lunch.ends(at("2026-03-02T12:59:59Z"), &TimeZone::UTC).is_some());
        assert_eq!(lunch.ends(at("2026-03-02T13:00:00Z"), &TimeZone::UTC), None);
    }
}
