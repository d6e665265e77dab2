//! The lists of who has read one message, and who has not.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::{Caller, ReceiptsMode, limits, page};
use weft_kernel::{
    Fault, PrincipalKey,
    id::{MessageId, PrincipalId},
};
use weft_storage::params;

use super::{Lane, sql};
use crate::{
    Cx,
    messages::{Found, find},
    rights,
    wire::state,
};

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Which {
    /// Those who have read it.
    #[default]
    Read,
    /// Those who have not.
    Unread,
}

/// Which people, and how many.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ReceiptsQuery {
    /// `read` (when absent) or `unread`.
    #[serde(default)]
    #[param(inline)]
    state: Which,
    /// Where the page before ended.
    cursor: Option<String>,
    /// Items of a page.
    limit: Option<u32>,
}

/// Somebody whom a message is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ReceiptPerson {
    /// Who.
    #[schema(value_type = String)]
    id: PrincipalId,
    /// True when a device of theirs is connected and has the message; absent where that is not
    /// known.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    delivered: bool,
}

/// Who has read a message, or has not, by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ReceiptPage {
    /// How many have read it.
    read_count: i64,
    /// How many have not.
    unread_count: i64,
    /// Whether the org's policy lets names be told of this message; without it there are no items.
    names: bool,
    /// The people.
    items: Vec<ReceiptPerson>,
    /// Pass it as `cursor` for the next page; null at the end.
    next_cursor: Option<String>,
}

/// One page of who has read the caller's message, or has not.
pub(super) async fn page(
    cx: &Cx,
    caller: &Caller,
    id: MessageId,
    query: ReceiptsQuery,
) -> Result<ReceiptPage, Fault> {
    let limit = page::limit(query.limit, limits::PAGE_MAX)?;
    let found = find(cx, caller, id).await?;
    rights::seated(&found.view)?;
    let n = readable(&found, caller)?;
    let policy = cx.receipts.policy(caller.org).await?;
    if policy.mode == ReceiptsMode::Off {
        return Err(
            Fault::forbidden("Your organisation has switched read receipts off.").code("receipts_off")
        );
    }
    let row = &found.row;
    let lane = Lane::of(row.log, row.thread);
    let reach = lane.reach(row.seq, n);
    let counted =
        cx.db.query_one(sql::COUNT, params![lane.log, lane.root, row.at, row.sender, reach]).await?;
    let (total, read): (i64, i64) = (counted.get(0)?, counted.get(1)?);
    let names = policy.names(total);
    let mut page = ReceiptPage {
        read_count: read,
        unread_count: total - read,
        names,
        items: Vec::new(),
        next_cursor: None,
    };
    if names {
        let (name, key) = place(cx, caller, query.cursor.as_deref()).await?;
        let which = i64::from(query.state == Which::Read);
        let asked =
            params![lane.log, lane.root, row.at, row.sender, reach, which, name, key, i64::from(limit) + 1];
        let mut people = Vec::new();
        for row in cx.db.query(sql::PEOPLE, asked).await? {
            let (id, key): (PrincipalId, PrincipalKey) = (row.get(0)?, row.get(1)?);
            let delivered = query.state == Which::Unread && cx.publisher.listens(key, lane.log);
            people.push(ReceiptPerson { id, delivered });
        }
        let cut = weft_http::Page::cut(people, limit, |last| last.id.to_string());
        (page.items, page.next_cursor) = (cut.items, cut.next_cursor);
    }
    Ok(page)
}

/// The ordinal of a message whose readers the caller may know of.
fn readable(found: &Found, caller: &Caller) -> Result<i64, Fault> {
    let row = &found.row;
    let Some(n) = row.n else {
        return Err(Fault::conflict("system_message", "A message of the system is not read by anybody."));
    };
    rights::told_of_readers(found, caller, "Only who sent a message can see who has read it.")?;
    if row.state != state::LIVE {
        return Err(Fault::conflict("message_gone", "The message was recalled or deleted."));
    }
    Ok(n)
}

async fn place(cx: &Cx, caller: &Caller, cursor: Option<&str>) -> Result<(String, i64), Fault> {
    let Some(cursor) = cursor else { return Ok((String::new(), 0)) };
    let wrong = || Fault::invalid("cursor", "It is not a cursor of this list.");
    let id: PrincipalId = cursor.parse().map_err(|_| wrong())?;
    let row = cx.db.query_opt(sql::PLACE, params![caller.org, id]).await?.ok_or_else(wrong)?;
    Ok((row.get(0)?, row.get(1)?))
}
