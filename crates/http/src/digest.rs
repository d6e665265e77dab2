//! When somebody is told by mail of what they missed, as it lies among their settings. Identity
//! writes it, any domain may read it; so its shape and its meaning are here, where all can see them.

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use weft_kernel::{Fault, Micros};

/// The setting's key.
pub const DIGEST_KEY: &str = "mail.digest";

/// One minute.
const MINUTE: Micros = 60_000_000;

/// When somebody wants to be told by mail.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case", deny_unknown_fields)]
pub enum DigestWish {
    /// Never.
    Off,
    /// A quarter of an hour after the first message.
    Soon,
    /// An hour after it.
    #[default]
    Hour,
    /// Once a day.
    Day {
        /// At this hour where they are, 0 to 23.
        hour: u8,
    },
}

impl DigestWish {
    /// From a person's stored settings; who has chosen nothing that can be read is told in an hour.
    pub fn from_stored(settings: &str) -> DigestWish {
        let settings: serde_json::Map<String, Value> = serde_json::from_str(settings).unwrap_or_default();
        let wish = settings.get(DIGEST_KEY).cloned();
        wish.and_then(|value| DigestWish::read(value).ok()).unwrap_or_default()
    }

    /// Reads what somebody sets.
    ///
    /// # Errors
    /// `invalid` with `field` `mail.digest`.
    pub fn read(value: Value) -> Result<DigestWish, Fault> {
        let wish: Option<DigestWish> = serde_json::from_value(value).ok();
        let fits = |wish: &DigestWish| !matches!(wish, DigestWish::Day { hour: 24.. });
        wish.filter(fits).ok_or_else(|| {
            let shapes = r#"It is {"when": "off"}, "soon", "hour", or {"when": "day", "hour": 0 to 23}."#;
            Fault::invalid(DIGEST_KEY, shapes)
        })
    }

    /// When somebody in `zone` is told of what they missed first at `now`; none: never. A zone that
    /// is not known here counts as UTC.
    pub fn due(self, now: Micros, zone: &str) -> Option<Micros> {
        match self {
            DigestWish::Off => None,
            DigestWish::Soon => Some(now + 15 * MINUTE),
            DigestWish::Hour => Some(now + 60 * MINUTE),
            DigestWish::Day { hour } => Some(next(hour, now, zone).unwrap_or(now + 24 * 60 * MINUTE)),
        }
    }
}

/// The next time after `now` at which a day in `zone` is `hour` hours old.
fn next(hour: u8, now: Micros, zone: &str) -> Option<Micros> {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let today = Timestamp::from_microsecond(now).ok()?.to_zoned(zone.clone()).date();
    // Two days, for the one on which the clock jumps over the hour.
    [0, 1, 2].into_iter().find_map(|days| {
        let day = today.checked_add(days.days()).ok()?;
        let at = day.at(i8::try_from(hour).ok()?, 0, 0, 0).to_zoned(zone.clone()).ok()?;
        Some(at.timestamp().as_microsecond()).filter(|at| *at > now)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn wishes_are_read_strictly() {
        let read = |value| DigestWish::read(value).ok();
        assert_eq!(read(json!({"when": "off"})), Some(DigestWish::Off));
        assert_eq!(read(json!({"when": "day", "hour": 8})), Some(DigestWish::Day { hour: 8 }));
        for wrong in [json!("off"), json!({}), json!({"when": "day"}), json!({"when": "day", "hour": 24})] {
            assert!(read(wrong.clone()).is_none(), "{wrong}");
        }
        assert_eq!(DigestWish::from_stored("{}"), DigestWish::Hour);
        assert_eq!(DigestWish::from_stored(r#"{"mail.digest": {"when": "soon"}}"#), DigestWish::Soon);
    }

    #[test]
    fn a_day_begins_where_somebody_is() {
        let evening = 1_792_425_540_000_000; // 2026-10-19 23:59 in Shanghai
        let eight = DigestWish::Day { hour: 8 }.due(evening, "Asia/Shanghai");
        assert_eq!(eight, Some(evening + MINUTE + 8 * 60 * MINUTE));
        let midnight = DigestWish::Day { hour: 0 }.due(evening, "Asia/Shanghai");
        assert_eq!(midnight, Some(evening + MINUTE));
        assert!(DigestWish::Day { hour: 8 }.due(evening, "Nowhere/At/All").is_some());
        assert_eq!(DigestWish::Off.due(evening, "UTC"), None);
    }
}
