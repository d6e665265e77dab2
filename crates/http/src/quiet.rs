//! When somebody is not to be disturbed, as it lies in `principals.dnd`. Identity writes it, any
//! domain may read it; so its shape and its meaning are here, where all can see them.

use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_kernel::{Fault, Micros};

use crate::limits;

/// Minutes of a day.
const DAY: u16 = 24 * 60;

/// When somebody is not to be disturbed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Dnd {
    /// From now until then.
    pub until: Option<Micros>,
    /// Every week.
    pub schedule: Option<Schedule>,
}

/// Hours of the week in a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// IANA zone.
    pub timezone: String,
    /// Any of them, up to 14.
    pub spans: Vec<Span>,
}

/// A span of the days named, in local time; one that does not end after it begins ends on the next day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// 1 is Monday, 7 Sunday: the days on which it begins.
    pub days: Vec<u8>,
    /// Minutes after midnight.
    pub from: u16,
    /// Minutes after midnight.
    pub to: u16,
}

impl Span {
    fn holds(&self, day: u8, minute: u16) -> bool {
        let before = if day == 1 { 7 } else { day - 1 };
        let on = |day: u8| self.days.contains(&day);
        if self.from < self.to {
            return on(day) && (self.from..self.to).contains(&minute);
        }
        (on(day) && minute >= self.from) || (on(before) && minute < self.to)
    }
}

impl Dnd {
    /// From the stored JSON; one that cannot be read disturbs.
    pub fn from_stored(json: Option<&str>) -> Dnd {
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.until.is_none() && self.schedule.as_ref().is_none_or(|schedule| schedule.spans.is_empty())
    }

    /// Whether it holds at `now`. A zone that is not known here disturbs.
    pub fn holds(&self, now: Micros) -> bool {
        if self.until.is_some_and(|until| until > now) {
            return true;
        }
        let Some(schedule) = &self.schedule else { return false };
        let (Ok(zone), Ok(now)) = (TimeZone::get(&schedule.timezone), Timestamp::from_microsecond(now))
        else {
            return false;
        };
        let local = now.to_zoned(zone);
        let minute = local.hour() as u16 * 60 + local.minute() as u16;
        let day = local.weekday().to_monday_one_offset() as u8;
        schedule.spans.iter().any(|span| span.holds(day, minute))
    }

    /// Checks what somebody sets at `now`; nothing set is none.
    ///
    /// # Errors
    /// `invalid` with `field` `dnd`.
    pub fn clean(self, now: Micros) -> Result<Option<Dnd>, Fault> {
        let wrong = |detail: &'static str| Err(Fault::invalid("dnd", detail));
        if self.until.is_some_and(|until| until <= now || until - now > limits::DND_LONGEST) {
            return wrong("It must end after now, and within a year.");
        }
        if let Some(Schedule { timezone, spans }) = &self.schedule {
            if TimeZone::get(timezone).is_err() {
                return wrong("The time zone must be a name like Asia/Shanghai or Europe/Berlin.");
            }
            let fits = |span: &Span| {
                let days = !span.days.is_empty() && span.days.len() <= 7;
                days && span.days.iter().all(|day| (1..=7).contains(day)) && span.from < DAY && span.to < DAY
            };
            if spans.len() > limits::DND_SPANS || !spans.iter().all(fits) {
                return wrong("It has up to 14 spans of days 1 to 7 and minutes 0 to 1439.");
            }
        }
        Ok((!self.is_empty()).then_some(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Case {
        name: String,
        dnd: Dnd,
        now: i64,
        quiet: bool,
    }

    #[derive(Deserialize)]
    struct Table {
        quiet: Vec<Case>,
    }

    #[test]
    fn the_table_holds() {
        let cases = include_str!("../../messaging/src/attention/cases.json");
        let table: Table = serde_json::from_str(cases).expect("the table");
        for case in table.quiet {
            assert_eq!(case.dnd.holds(case.now * 1_000_000), case.quiet, "{}", case.name);
        }
    }
}
