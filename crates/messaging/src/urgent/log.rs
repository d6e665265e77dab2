//! What an org's owner sees: every step that was taken, and who uses how much. Nothing of what the
//! messages say.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::{Caller, limits, page};
use weft_kernel::{
    Fault, Micros, PrincipalKey,
    id::{ConversationId, MessageId, PrincipalId},
};
use weft_storage::params;

use super::{Step, StepState, count, sql};
use crate::Cx;

/// People whose use is told.
const HEAVIEST: i64 = 200;

/// Where a page begins, and how long it is.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct LogQuery {
    /// Where the page before ended.
    cursor: Option<String>,
    /// Items of a page.
    limit: Option<u32>,
}

/// A step that was taken, or not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Delivery {
    /// When it came to its state.
    at: Micros,
    /// The message.
    #[schema(value_type = String)]
    message: MessageId,
    /// Where it is.
    #[schema(value_type = String)]
    conversation: ConversationId,
    /// Who was to be reached.
    #[schema(value_type = Option<String>)]
    to: Option<PrincipalId>,
    /// Who sent it.
    #[schema(value_type = Option<String>)]
    from: Option<PrincipalId>,
    /// How.
    step: Step,
    /// How it went.
    state: StepState,
    /// Why it failed or was left out: a code.
    detail: Option<String>,
}

/// The latest steps first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeliveryPage {
    items: Vec<Delivery>,
    /// Pass it as `cursor` for the next page; null at the end.
    next_cursor: Option<String>,
}

fn wrong_cursor() -> Fault {
    Fault::invalid("cursor", "It is not a cursor of this list.")
}

/// The place in the order that a cursor names: `at.message.person.step`.
async fn place(cx: &Cx, caller: &Caller, cursor: Option<&str>) -> Result<[i64; 5], Fault> {
    let Some(cursor) = cursor else { return Ok([i64::MAX; 5]) };
    let parts: Vec<&str> = cursor.split('.').collect();
    let [at, message, person, step] = parts.as_slice() else { return Err(wrong_cursor()) };
    let (Ok(at), Ok(step)) = (at.parse::<i64>(), step.parse::<i64>()) else { return Err(wrong_cursor()) };
    let message: MessageId = message.parse().map_err(|_| wrong_cursor())?;
    let person: PrincipalId = person.parse().map_err(|_| wrong_cursor())?;
    let row = cx.db.query_opt(sql::DELIVERY_PLACE, params![caller.org, message, person]).await?;
    let row = row.ok_or_else(wrong_cursor)?;
    Ok([at, row.get(0)?, row.get(1)?, row.get(2)?, step])
}

/// One page of the steps of the caller's org.
pub(super) async fn deliveries(cx: &Cx, caller: &Caller, query: LogQuery) -> Result<DeliveryPage, Fault> {
    let limit = page::limit(query.limit, limits::PAGE_MAX)?;
    let [at, log, seq, who, step] = place(cx, caller, query.cursor.as_deref()).await?;
    let asked = params![caller.org, at, log, seq, who, step, i64::from(limit) + 1];
    let rows = cx.db.query(sql::DELIVERIES, asked).await?;
    let mut keys: Vec<PrincipalKey> = Vec::new();
    for row in &rows {
        keys.extend([row.get::<PrincipalKey>(3)?, row.get(4)?]);
    }
    let ids = cx.people.ids(keys).await?;
    let mut items = Vec::with_capacity(rows.len());
    for row in rows {
        let (to, from): (PrincipalKey, PrincipalKey) = (row.get(3)?, row.get(4)?);
        let Some(step) = Step::from_stored(row.get(5)?) else { continue };
        items.push(Delivery {
            at: row.get(0)?,
            message: row.get(1)?,
            conversation: row.get(2)?,
            to: ids.get(&to).copied(),
            from: ids.get(&from).copied(),
            step,
            state: StepState::from_stored(row.get(6)?),
            detail: row.get(7)?,
        });
    }
    let cut = weft_http::Page::cut(items, limit, |last: &Delivery| {
        let to = last.to.map(|id| id.to_string()).unwrap_or_default();
        format!("{}.{}.{to}.{}", last.at, last.message, last.step as i64)
    });
    Ok(DeliveryPage { items: cut.items, next_cursor: cut.next_cursor })
}

/// What one person used this month.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(super) struct Used {
    /// Urgent messages.
    messages: i64,
    /// Push notifications.
    push: i64,
    /// Mails.
    email: i64,
    /// Short messages.
    sms: i64,
    /// Calls.
    phone: i64,
}

/// A person and what they used.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct UsedBy {
    /// Who.
    #[schema(value_type = String)]
    id: PrincipalId,
    /// What.
    #[serde(flatten)]
    used: Used,
}

/// Who used how much in this month (UTC).
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct UsagePage {
    /// When the month began.
    since: Micros,
    /// All together.
    total: Used,
    /// The 200 who sent most.
    items: Vec<UsedBy>,
}

/// Who used how much in this month.
pub(super) async fn usage(cx: &Cx, caller: &Caller) -> Result<UsagePage, Fault> {
    let (_, since) = count::month(cx.env.now());
    let mut order: Vec<PrincipalKey> = Vec::new();
    let mut used: FxHashMap<PrincipalKey, Used> = FxHashMap::default();
    let mut total = Used::default();
    for row in cx.db.query(sql::SENT_SINCE, params![caller.org, since, i64::from(i32::MAX)]).await? {
        let (who, messages): (PrincipalKey, i64) = (row.get(0)?, row.get(1)?);
        order.push(who);
        used.entry(who).or_default().messages = messages;
        total.messages += messages;
    }
    for row in cx.db.query(sql::TAKEN_SINCE, params![caller.org, since]).await? {
        let (who, step, count): (PrincipalKey, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if !used.contains_key(&who) {
            order.push(who);
        }
        for each in [used.entry(who).or_default(), &mut total] {
            match Step::from_stored(step) {
                Some(Step::Push) => each.push += count,
                Some(Step::Email) => each.email += count,
                Some(Step::Sms) => each.sms += count,
                Some(Step::Phone) => each.phone += count,
                Some(Step::App) | None => {}
            }
        }
    }
    order.truncate(HEAVIEST as usize);
    let ids = cx.people.ids(order.iter().copied()).await?;
    let items = order.iter().filter_map(|key| {
        Some(UsedBy { id: *ids.get(key)?, used: used.get(key).cloned().unwrap_or_default() })
    });
    Ok(UsagePage { since, total, items: items.collect() })
}
