//! What somebody wants for themselves: quiet hours of their own, and how many calls they take.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::Fault;
use weft_storage::params;

use super::{Policy, Quiet, sql};
use crate::Cx;

/// Most calls a day that somebody can allow; who wants no limit sets none.
const CALLS_MAX: i64 = 100;

/// What somebody wants for themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Preferences {
    /// When to be left in peace, in one's own zone; null: as the org says.
    quiet: Option<Quiet>,
    /// SMS and calls in a day, 0–100; null: no limit of one's own.
    calls_per_day: Option<i64>,
}

/// The same, and what holds where one has set nothing.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnPreferences {
    #[serde(flatten)]
    own: Preferences,
    /// The org's quiet hours.
    org_quiet: Option<Quiet>,
}

pub(super) async fn load(cx: &Cx, caller: &Caller) -> Result<OwnPreferences, Fault> {
    let org_quiet = Policy::load(&cx.db, caller.org).await?.quiet;
    let Some(row) = cx.db.query_opt(sql::PREFERENCES, params![caller.principal]).await? else {
        return Ok(OwnPreferences { own: Preferences::default(), org_quiet });
    };
    let (from, to): (Option<i64>, Option<i64>) = (row.get(0)?, row.get(1)?);
    let quiet = from.zip(to).map(|(from, to)| Quiet { from, to });
    Ok(OwnPreferences { own: Preferences { quiet, calls_per_day: row.get(2)? }, org_quiet })
}

pub(super) async fn save(cx: &Cx, caller: &Caller, wanted: Preferences) -> Result<OwnPreferences, Fault> {
    if wanted.quiet.is_some_and(|quiet| !quiet.fits()) {
        return Err(Fault::invalid("quiet", "Both must be minutes of a day, 0 to 1439."));
    }
    if wanted.calls_per_day.is_some_and(|calls| !(0..=CALLS_MAX).contains(&calls)) {
        return Err(Fault::invalid("calls_per_day", "It must be between 0 and 100, or null."));
    }
    let (from, to) = (wanted.quiet.map(|quiet| quiet.from), wanted.quiet.map(|quiet| quiet.to));
    cx.db.execute(sql::SET_PREFERENCES, params![caller.principal, from, to, wanted.calls_per_day]).await?;
    load(cx, caller).await
}
