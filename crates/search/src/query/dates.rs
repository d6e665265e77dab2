//! Days, months and years in the searcher's time zone.

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use weft_kernel::Micros;

/// A stretch of time: from its first microsecond up to, but without, the next one's first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Its first microsecond.
    pub start: Micros,
    /// The first one after it.
    pub end: Micros,
}

/// The zone of an IANA name; UTC when there is no such zone.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Reads `2024-05-31`, `2024-05`, `2024` (also with `/` or `.`), `today`, `yesterday`, `week`,
/// `month` or `year` (this one); in Chinese `今天`, `昨天`, `本周`, `本月`, `今年`.
pub fn read(text: &str, zone: &TimeZone, now: Micros) -> Option<Stretch> {
    let today = jiff::Timestamp::from_microsecond(now).ok()?.to_zoned(zone.clone()).date();
    let (first, next) = match text.to_lowercase().as_str() {
        "today" | "今天" => (today, today.tomorrow().ok()?),
        "yesterday" | "昨天" => (today.yesterday().ok()?, today),
        "week" | "本周" => {
            let back = i64::from(today.weekday().to_monday_zero_offset());
            let monday = today.checked_sub(back.days()).ok()?;
            (monday, monday.checked_add(7.days()).ok()?)
        }
        "month" | "本月" => span(i64::from(today.year()), Some(i64::from(today.month())), None)?,
        "year" | "今年" => span(i64::from(today.year()), None, None)?,
        written => numbers(written)?,
    };
    Some(Stretch { start: instant(first, zone)?, end: instant(next, zone)? })
}

fn numbers(text: &str) -> Option<(Date, Date)> {
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let mut read = parts.iter().map(|part| part.parse::<i64>().ok().filter(|_| part.len() <= 4));
    let year = read.next()??;
    let (month, day) = (read.next(), read.next());
    if parts.len() > 3 || parts[0].len() != 4 || month == Some(None) || day == Some(None) {
        return None;
    }
    span(year, month.flatten(), day.flatten())
}

fn span(year: i64, month: Option<i64>, day: Option<i64>) -> Option<(Date, Date)> {
    let year = i16::try_from(year).ok()?;
    let (of_month, of_day) = (month.unwrap_or(1).try_into().ok()?, day.unwrap_or(1).try_into().ok()?);
    let first = Date::new(year, of_month, of_day).ok()?;
    let length = match (month, day) {
        (None, _) => 1.year(),
        (_, None) => 1.month(),
        _ => 1.day(),
    };
    Some((first, first.checked_add(length).ok()?))
}

fn instant(date: Date, zone: &TimeZone) -> Option<Micros> {
    Some(date.to_zoned(zone.clone()).ok()?.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Micros = 1_717_171_200_000_000; // 2024-05-31 16:00 UTC, in Shanghai the first of June

    fn day(text: &str, zone_name: &str) -> Option<(i64, i64)> {
        let found = read(text, &zone(zone_name), NOW)?;
        Some((found.start / 1_000_000, (found.end - found.start) / 3_600_000_000))
    }

    #[test]
    fn days_are_those_of_the_searcher() {
        assert_eq!(day("today", "UTC"), Some((1_717_113_600, 24)));
        assert_eq!(day("today", "Asia/Shanghai"), Some((1_717_171_200, 24)));
        assert_eq!(day("昨天", "Asia/Shanghai"), Some((1_717_171_200 - 86_400, 24)));
        assert_eq!(day("2024-03-31", "Europe/Berlin").map(|d| d.1), Some(23), "the clock changed");
        assert_eq!(day("2024-02", "UTC").map(|d| d.1), Some(29 * 24));
        assert_eq!(day("2024/1/5", "UTC"), Some((1_704_412_800, 24)));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "soon",
            "2024-13",
            "2024-02-30",
            "24-1-1",
            "2024-1-1-1",
            "-1",
            "2024-",
            "99999",
            "9999-12-31",
        ] {
            let _ = read(text, &TimeZone::UTC, NOW);
            assert!(text == "9999-12-31" || day(text, "UTC").is_none(), "{text}");
        }
    }
}
