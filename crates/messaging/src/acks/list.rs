//! Who has answered a message, and what waits for the caller.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::{Caller, limits, page};
use weft_kernel::{
    Fault, Micros,
    id::{ConversationId, MessageId, PrincipalId},
};
use weft_storage::params;

use super::{
    act::{AckState, live, not_asked},
    sql,
};
use crate::{
    Cx,
    load::{self, MessageRow},
    messages::find,
    rights,
    wire::Message,
};

/// Which people, and how many.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct AcksQuery {
    /// `waiting`, `acknowledged` or `done`; only the sender is told names. Without it: counts.
    #[param(inline)]
    state: Option<AckState>,
    /// Where the page before ended.
    cursor: Option<String>,
    /// Items of a page.
    limit: Option<u32>,
}

/// Somebody who is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct AckPerson {
    /// Who.
    #[schema(value_type = String)]
    id: PrincipalId,
    /// When they answered.
    at: Option<Micros>,
}

/// How far people are with what a message asks.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct AckPage {
    /// How many are asked.
    total: i64,
    /// How many have acknowledged it, those who are done among them.
    acknowledged: i64,
    /// How many are done.
    done: i64,
    /// How far the caller is; null when they are not asked.
    mine: Option<AckState>,
    /// The people of the state asked for, by name.
    items: Vec<AckPerson>,
    /// Pass it as `cursor` for the next page; null at the end.
    next_cursor: Option<String>,
}

/// How far people are with what a message asks; who they are, for its sender.
pub(super) async fn page(
    cx: &Cx,
    caller: &Caller,
    id: MessageId,
    query: AcksQuery,
) -> Result<AckPage, Fault> {
    let limit = page::limit(query.limit, limits::PAGE_MAX)?;
    let found = find(cx, caller, id).await?;
    rights::seated(&found.view)?;
    live(&found)?;
    let (log, seq) = (found.row.log, found.row.seq);
    cx.db.query_opt(sql::ONE, params![log, seq]).await?.ok_or_else(not_asked)?;
    if query.state.is_some() {
        rights::told_of_readers(&found, caller, "Only who sent a message can see who has answered it.")?;
    }
    let counted = cx.db.query_one(sql::COUNT, params![log, seq]).await?;
    let mine = cx.db.query_opt(sql::MINE, params![log, seq, caller.principal]).await?;
    let mine = mine.map(|row| row.get(0).map(AckState::from_stored)).transpose()?;
    let mut page = AckPage {
        total: counted.get(0)?,
        acknowledged: counted.get(1)?,
        done: counted.get(2)?,
        mine,
        items: Vec::new(),
        next_cursor: None,
    };
    if let Some(state) = query.state {
        let (name, key) = place(cx, caller, query.cursor.as_deref()).await?;
        let asked = params![log, seq, state.stored(), name, key, i64::from(limit) + 1];
        let mut people = Vec::new();
        for row in cx.db.query(sql::PEOPLE, asked).await? {
            people.push(AckPerson { id: row.get(0)?, at: row.get(1)? });
        }
        let cut = weft_http::Page::cut(people, limit, |last| last.id.to_string());
        (page.items, page.next_cursor) = (cut.items, cut.next_cursor);
    }
    Ok(page)
}

fn wrong_cursor() -> Fault {
    Fault::invalid("cursor", "It is not a cursor of this list.")
}

async fn place(cx: &Cx, caller: &Caller, cursor: Option<&str>) -> Result<(String, i64), Fault> {
    let Some(cursor) = cursor else { return Ok((String::new(), 0)) };
    let id: PrincipalId = cursor.parse().map_err(|_| wrong_cursor())?;
    let row = cx.db.query_opt(sql::PLACE, params![caller.org, id]).await?.ok_or_else(wrong_cursor)?;
    Ok((row.get(0)?, row.get(1)?))
}

/// Where a page begins, and how long it is.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct WaitingQuery {
    /// Where the page before ended.
    cursor: Option<String>,
    /// Items of a page.
    limit: Option<u32>,
}

/// What waits for the caller's acknowledgement: what is urgent, then the rest, the newest first.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct WaitingPage {
    /// How many wait in all.
    count: i64,
    /// How many of them are urgent for the caller; they come first.
    urgent: i64,
    /// The messages; their `ack` tells the deadline and the last reminder.
    items: Vec<Message>,
    /// Pass it as `cursor` for the next page; null at the end.
    next_cursor: Option<String>,
}

/// One page of what waits for the caller.
pub(super) async fn waiting(cx: &Cx, caller: &Caller, query: WaitingQuery) -> Result<WaitingPage, Fault> {
    let limit = page::limit(query.limit, limits::PAGE_MAX)?;
    let counted = cx.db.query_one(sql::WAITING_COUNT, params![caller.principal]).await?;
    let (count, urgent) = (counted.get(0)?, counted.get(1)?);
    let (at, log, seq, rank): (Micros, i64, i64, i64) = match query.cursor.as_deref() {
        None => (i64::MAX, i64::MAX, i64::MAX, 1),
        Some(cursor) => {
            let id: MessageId = cursor.parse().map_err(|_| wrong_cursor())?;
            let row = cx.db.query_opt(sql::WAITING_PLACE, params![id, caller.principal]).await?;
            let row = row.ok_or_else(wrong_cursor)?;
            (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)
        }
    };
    let asked = params![caller.principal, at, log, seq, i64::from(limit) + 1, rank];
    let mut items = Vec::new();
    for row in cx.db.query(sql::WAITING, asked).await? {
        let conversation: ConversationId = row.get(0)?;
        let row = MessageRow::read_from(row, 1)?;
        items.extend(load::assemble(&cx.db, &cx.people, conversation, vec![row]).await?);
    }
    let cut = weft_http::Page::cut(items, limit, |last: &Message| last.id.to_string());
    Ok(WaitingPage { count, urgent, items: cut.items, next_cursor: cut.next_cursor })
}
