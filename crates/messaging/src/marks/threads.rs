//! Followed threads.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::{Caller, Page, limits, page};
use weft_kernel::{
    Fault, LogKey, Micros, PrincipalKey,
    id::{ConversationId, MessageId},
};
use weft_storage::{DbResult, params};

use super::{begin, publish, sql};
use crate::{
    Seat,
    cx::Cx,
    events::{Event, ThreadMark},
    load::{self, MessageRow},
    messages::{Found, find},
    receipts::Lane,
    rights, vanish,
    wire::{Kind, Message},
};

/// Which followed threads.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct ThreadsQuery {
    /// Where the page before ended.
    cursor: Option<String>,
    /// Items of a page.
    limit: Option<u32>,
}

/// A followed thread.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ThreadItem {
    #[serde(flatten)]
    mark: ThreadMark,
    /// The root.
    message: Message,
}

async fn root(cx: &Cx, caller: &Caller, id: MessageId) -> Result<(Found, Seat), Fault> {
    let found = find(cx, caller, id).await?;
    let seat = rights::seated(&found.view)?.clone();
    if found.row.thread.is_some() {
        return Err(Fault::conflict("not_a_root", "A reply has no thread of its own."));
    }
    Ok((found, seat))
}

fn mark(found: &Found, following: bool, read_n: i64, last_n: i64) -> ThreadMark {
    ThreadMark {
        root: found.row.id,
        conversation: found.view.room.id,
        root_seq: found.row.seq,
        following,
        read_n,
        last_n,
    }
}

async fn held(cx: &Cx, seat: &Seat, root: i64) -> Result<Option<(bool, i64)>, Fault> {
    let row = cx.db.query_opt(sql::MARK, params![seat.principal, seat.room.log, root]).await?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Follows a thread from its present end on, or stops following it.
pub(super) async fn follow(cx: &Cx, caller: &Caller, id: MessageId, following: bool) -> Result<(), Fault> {
    cx.while_stale(|| async move {
        let (found, seat) = root(cx, caller, id).await?;
        let before = held(cx, &seat, found.row.seq).await?;
        if before.map_or(!following, |(held, _)| held == following) {
            return Ok(());
        }
        let (log, root) = (found.row.log, found.row.seq);
        let last_n: i64 = cx.db.query_one(sql::THREAD_LAST, params![log, root]).await?.get(0)?;
        let (mut tx, head) = begin(cx, caller, &seat).await?;
        tx.execute(sql::FOLLOW, params![seat.principal, log, root, following, last_n, head.seq]).await?;
        tx.commit().await?;
        publish(cx, caller, head.seq, &Event::Thread(&mark(&found, following, last_n, last_n)));
        Ok(())
    })
    .await
}

/// Reads a thread up to `seq`, followed or not. Rises only.
///
/// # Errors
/// `not_found`, `not_member`, `not_a_root`, or any database fault.
pub(crate) async fn read_thread(cx: &Cx, caller: &Caller, id: MessageId, seq: i64) -> Result<(), Fault> {
    cx.while_stale(|| async move {
        let (found, seat) = root(cx, caller, id).await?;
        let (log, root) = (found.row.log, found.row.seq);
        let (following, before) = held(cx, &seat, root).await?.unwrap_or((false, 0));
        let n: i64 = cx.db.query_one(sql::THREAD_N_AT, params![log, root, seq]).await?.get(0)?;
        if n <= before {
            return Ok(());
        }
        let (mut tx, head) = begin(cx, caller, &seat).await?;
        if tx.execute(sql::READ_THREAD, params![seat.principal, log, root, n, head.seq]).await? == 0 {
            return Ok(tx.rollback().await?);
        }
        let direct = seat.room.kind == Kind::Direct;
        let begun = direct && vanish::begin(&mut tx, vec![log.0], cx.env.now()).await?;
        tx.commit().await?;
        if begun {
            cx.due.notify_one();
        }
        cx.receipts.rise(Lane { log, root }, seat.principal, n);
        let last_n: i64 = cx.db.query_one(sql::THREAD_LAST, params![log, root]).await?.get(0)?;
        publish(cx, caller, head.seq, &Event::Thread(&mark(&found, following, n, last_n)));
        Ok(())
    })
    .await
}

/// The marks that events of someone's own log after `after`, up to `upto`, have changed.
///
/// # Errors
/// Any database error.
pub(crate) async fn marks_changed(
    cx: &Cx,
    who: PrincipalKey,
    after: i64,
    upto: i64,
) -> DbResult<Vec<ThreadMark>> {
    let rows = cx.db.query(sql::MARKS, params![who, after, upto]).await?;
    rows.iter().map(ThreadMark::read).collect()
}

type Place = (Micros, i64, i64);

async fn place(cx: &Cx, caller: &Caller, cursor: Option<&str>) -> Result<Place, Fault> {
    let Some(cursor) = cursor else { return Ok((i64::MAX, i64::MAX, i64::MAX)) };
    let wrong = || Fault::invalid("cursor", "It is not a cursor of this list.");
    let id: MessageId = cursor.parse().map_err(|_| wrong())?;
    let row = cx.db.query_opt(sql::THREAD_PLACE, params![id, caller.principal]).await?.ok_or_else(wrong)?;
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

/// The caller's followed threads, the newest reply first.
pub(super) async fn list(cx: &Cx, caller: &Caller, query: ThreadsQuery) -> Result<Page<ThreadItem>, Fault> {
    let limit = page::limit(query.limit, limits::PAGE_MAX)?;
    let (at, log, root) = place(cx, caller, query.cursor.as_deref()).await?;
    let asked = params![caller.principal, at, log, root, i64::from(limit) + 1];
    let rows = cx.db.query(sql::THREADS, asked).await?;
    let mut marks = Vec::with_capacity(rows.len());
    let mut roots: FxHashMap<LogKey, (ConversationId, Vec<MessageRow>)> = FxHashMap::default();
    for row in rows {
        let (last_n, read_n): (Option<i64>, i64) = (row.get(1)?, row.get(2)?);
        let (log, conversation): (LogKey, ConversationId) = (row.get(3)?, row.get(4)?);
        let row = MessageRow::read_from(row, 5)?;
        let last_n = last_n.unwrap_or(0);
        marks.push(ThreadMark {
            root: row.id,
            conversation,
            root_seq: row.seq,
            following: true,
            read_n,
            last_n,
        });
        roots.entry(log).or_insert_with(|| (conversation, Vec::new())).1.push(row);
    }
    let mut messages: FxHashMap<MessageId, Message> = FxHashMap::default();
    for (conversation, rows) in roots.into_values() {
        let found = load::assemble(&cx.db, &cx.people, conversation, rows).await?;
        messages.extend(found.into_iter().map(|message| (message.id, message)));
    }
    let items = marks
        .into_iter()
        .filter_map(|mark| messages.remove(&mark.root).map(|message| ThreadItem { mark, message }))
        .collect();
    Ok(Page::cut(items, limit, |last: &ThreadItem| last.mark.root.to_string()))
}
