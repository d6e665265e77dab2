//! Moments as people ask for them: an instant, or what a clock on their wall will show.

use jiff::{civil::DateTime, tz::TimeZone};
use serde::Deserialize;
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{Fault, Micros, PrincipalKey};
use weft_storage::{params, statements};

use crate::Cx;

statements! {
    /// Someone's time zone.
    ZONE = "SELECT COALESCE(p.timezone, a.timezone) FROM principals p LEFT JOIN accounts a ON a.account = p.account
            WHERE p.principal = $1";
}

/// Nothing is asked for later than this.
const LATEST: Micros = 366 * 24 * 3_600 * 1_000_000;

/// A moment to come: `at`, or `local` in a time zone.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// Microseconds.
    #[serde(default)]
    pub at: Option<Micros>,
    /// What the clock shows then, `2026-12-01T09:00`. What it skips in spring is moved on by as
    /// much; of what it shows twice in autumn the first is meant.
    #[serde(default)]
    pub local: Option<String>,
    /// The IANA zone of `local`; the caller's own when it is absent.
    #[serde(default)]
    pub zone: Option<String>,
}

fn wrong(detail: &'static str) -> Fault {
    Fault::invalid("when", detail)
}

impl When {
    /// The instant, which is to come, and not more than a year away.
    ///
    /// # Errors
    /// `invalid`, or any database fault.
    pub(crate) async fn resolve(&self, cx: &Cx, caller: &Caller) -> Result<Micros, Fault> {
        let at = match (self.at, &self.local) {
            (Some(at), None) if self.zone.is_none() => at,
            (None, Some(local)) => {
                let zone = match &self.zone {
                    Some(zone) => zone.clone(),
                    None => zone_of(cx, caller.principal).await?,
                };
                instant(local, &zone)?
            }
            _ => return Err(wrong("Give either `at`, or `local` and perhaps `zone`.")),
        };
        let away = at.saturating_sub(cx.env.now());
        if away <= 0 {
            return Err(wrong("This time has passed. Choose one to come."));
        }
        if away > LATEST {
            return Err(wrong("It can be at most a year away."));
        }
        Ok(at)
    }
}

async fn zone_of(cx: &Cx, who: PrincipalKey) -> Result<String, Fault> {
    let row = cx.db.query_opt(ZONE, params![who]).await?;
    let zone: Option<String> = row.map(|row| row.get(0)).transpose()?.flatten();
    Ok(zone.unwrap_or_else(|| "UTC".to_owned()))
}

/// The instant at which a clock in `zone` shows `local`.
fn instant(local: &str, zone: &str) -> Result<Micros, Fault> {
    let zone = TimeZone::get(zone).map_err(|_| wrong("There is no such time zone."))?;
    let time: DateTime = local.parse().map_err(|_| wrong("Write `local` as 2026-12-01T09:00."))?;
    let zoned = time.to_zoned(zone).map_err(|_| wrong("Such a time is not in the calendar."))?;
    Ok(zoned.timestamp().as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(local: &str, zone: &str) -> Result<String, String> {
        let at = instant(local, zone).map_err(|fault| fault.code_str().to_owned())?;
        Ok(jiff::Timestamp::from_microsecond(at).map_err(|e| e.to_string())?.to_string())
    }

    #[test]
    fn a_wall_clock_becomes_an_instant_in_its_zone() {
        assert_eq!(read("2026-12-01T09:00", "Asia/Shanghai").as_deref(), Ok("2026-12-01T01:00:00Z"));
        assert_eq!(read("2027-07-01T09:00", "America/New_York").as_deref(), Ok("2027-07-01T13:00:00Z"));
    }

    #[test]
    fn what_the_clock_skips_is_moved_on_and_of_two_the_first_is_meant() {
        assert_eq!(read("2027-03-28T02:30", "Europe/Berlin").as_deref(), Ok("2027-03-28T01:30:00Z"));
        assert_eq!(read("2026-10-25T02:30", "Europe/Berlin").as_deref(), Ok("2026-10-25T00:30:00Z"));
    }

    #[test]
    fn nonsense_is_refused() {
        for (local, zone) in [
            ("2026-02-30T09:00", "UTC"),
            ("tomorrow", "UTC"),
            ("", "UTC"),
            ("2026-12-01T09:00", "Mars/Olympus"),
            ("2026-12-01T09:00", "../../etc/passwd"),
            ("2026-12-01T25:00", "UTC"),
        ] {
            assert_eq!(read(local, zone), Err("invalid".to_owned()), "{local} {zone}");
        }
    }
}
