//! What somebody keeps, in pages and at a glance.

use rustc_hash::FxHashMap;
use serde::Deserialize;
use utoipa::IntoParams;
use weft_http::{Caller, Page, limits, page};
use weft_kernel::{
    Fault, FaultKind, LogKey, Micros, PrincipalKey,
    id::{MessageId, SavedId},
};
use weft_storage::{DbResult, params};

use super::{
    item::{SavedItem, SavedMark, SavedState, open},
    sql,
};
use crate::{Cx, load, wire::Message};

/// Which, and where a page begins.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedQuery {
    /// `open` (when it is absent) or `done`.
    #[param(inline)]
    state: Option<SavedState>,
    /// Where the page before ended.
    cursor: Option<String>,
    /// Items of a page.
    limit: Option<u32>,
}

/// A row without its message yet.
struct Row {
    item: SavedItem,
    place: Option<(LogKey, i64)>,
}

/// One page, the newest first.
pub(super) async fn page(cx: &Cx, caller: &Caller, query: SavedQuery) -> Result<Page<SavedItem>, Fault> {
    let limit = page::limit(query.limit, limits::PAGE_MAX)?;
    let state = query.state.unwrap_or(SavedState::Open);
    if state == SavedState::Gone {
        return Err(Fault::invalid("state", "It must be open or done."));
    }
    let (at, id) = place(cx, caller, query.cursor.as_deref()).await?;
    let asked = params![caller.principal, state.stored(), at, id, i64::from(limit) + 1];
    let mut rows = Vec::new();
    for mut row in cx.db.query(sql::LIST, asked).await? {
        let place = Option::zip(row.get::<Option<LogKey>>(6)?, row.get::<Option<i64>>(7)?);
        let note = open(&row.take_bytes(1)?);
        let item = SavedItem {
            id: row.get(0)?,
            message_id: row.get(9)?,
            conversation: row.get(8)?,
            message: None,
            note,
            state: SavedState::from_stored(row.get(2)?),
            saved_at: row.get(3)?,
            remind_at: row.get(4)?,
            reminded_at: row.get(5)?,
        };
        rows.push(Row { item, place });
    }
    let mut messages = readable(cx, caller, &rows).await?;
    let items = rows.into_iter().map(|Row { mut item, .. }| {
        item.message = item.message_id.and_then(|id| messages.remove(&id));
        item
    });
    Ok(Page::cut(items.collect(), limit, |last: &SavedItem| last.id.to_string()))
}

/// Those of the messages that the caller may read now.
async fn readable(cx: &Cx, caller: &Caller, rows: &[Row]) -> Result<FxHashMap<MessageId, Message>, Fault> {
    let mut by_log: FxHashMap<LogKey, Vec<i64>> = FxHashMap::default();
    for (log, seq) in rows.iter().filter_map(|row| row.place) {
        by_log.entry(log).or_default().push(seq);
    }
    let mut found = FxHashMap::default();
    for (log, mut seqs) in by_log {
        let view = match cx.guard.view_by_log(caller, log).await {
            Ok(view) => view,
            Err(fault) if matches!(fault.kind(), FaultKind::NotFound | FaultKind::Forbidden) => continue,
            Err(fault) => return Err(fault),
        };
        seqs.retain(|seq| *seq >= view.visible_from);
        let rows = load::by_seqs(&cx.db, log, seqs).await?;
        for message in load::assemble(&cx.db, &cx.people, view.room.id, rows).await? {
            found.insert(message.id, message);
        }
    }
    Ok(found)
}

async fn place(cx: &Cx, caller: &Caller, cursor: Option<&str>) -> Result<(Micros, SavedId), Fault> {
    let wrong = || Fault::invalid("cursor", "It is not a cursor of this list.");
    let Some(cursor) = cursor else {
        return Ok((i64::MAX, SavedId::from_uuid(weft_storage::Uuid::max())));
    };
    let id: SavedId = cursor.parse().map_err(|_| wrong())?;
    let row = cx.db.query_opt(sql::PLACE, params![caller.principal, id]).await?.ok_or_else(wrong)?;
    Ok((row.get(0)?, id))
}

/// What is in progress, without its words.
pub(super) async fn marks(cx: &Cx, caller: &Caller) -> Result<Vec<SavedMark>, Fault> {
    let rows = cx.db.query(sql::MARKS, params![caller.principal]).await?;
    Ok(rows.iter().map(SavedMark::read).collect::<DbResult<_>>()?)
}

/// What changed after a place in somebody's own log.
pub(crate) async fn changed(cx: &Cx, who: PrincipalKey, after: i64) -> DbResult<Vec<SavedMark>> {
    cx.db.query(sql::CHANGED, params![who, after]).await?.iter().map(SavedMark::read).collect()
}
