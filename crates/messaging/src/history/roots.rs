//! A conversation as its threads: each message of the main flow with the last of what was replied to
//! it, those last spoken in first.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::{Page, page};
use weft_kernel::Fault;
use weft_storage::{DbResult, params};

use super::sql;
use crate::{
    Cx, View,
    load::{self, MessageRow},
    wire::Message,
};

/// Threads of a page, at most.
const ROOTS_MAX: u32 = 50;
/// Threads of a page when the caller does not say.
const ROOTS: u32 = 20;
/// Replies that come with each.
const REPLIES: u32 = 3;

/// Which threads.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RootsQuery {
    /// Where the page before ended.
    cursor: Option<String>,
    /// 1–50 threads; 20 when absent.
    limit: Option<u32>,
}

/// A message and the last that was said about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Root {
    /// The message of the main flow.
    message: Message,
    /// The last three replies, oldest first.
    replies: Vec<Message>,
    /// The last event of them all.
    #[serde(skip)]
    last_seq: i64,
}

/// Reads a page of what `view` shows. The last message of a thread is where it stands: going back
/// through the log, a message counts if none of its thread comes after it.
///
/// # Errors
/// `invalid`, or any database fault.
pub async fn roots(cx: &Cx, view: &View, query: &RootsQuery) -> Result<Page<Root>, Fault> {
    let limit = page::limit(query.limit.or(Some(ROOTS)), ROOTS_MAX)?;
    let wrong = |_| Fault::invalid("cursor", "It is not a cursor of this list.");
    let before = query.cursor.as_ref().map(|text| text.parse::<i64>().map_err(wrong)).transpose()?;
    let (log, from) = (view.room.log, view.visible_from);
    let asked = params![log, before.unwrap_or(i64::MAX), from, i64::from(limit) + 1];
    let rows = cx.db.query(sql::LAST_OF_THREADS, asked).await?;
    let ends =
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect::<DbResult<Vec<(i64, i64)>>>()?;
    let mut found = load::by_seqs(&cx.db, log, ends.iter().map(|(root, _)| *root).collect()).await?;
    for (root, last) in ends.iter().filter(|(root, last)| root != last) {
        let asked = params![log, last + 1, from, REPLIES, *root];
        let replies = cx.db.query(sql::THREAD_BEFORE, asked).await?;
        found.extend(replies.into_iter().map(MessageRow::read).collect::<DbResult<Vec<_>>>()?);
    }
    found.sort_unstable_by_key(|row| row.seq);
    let mut messages = load::assemble(&cx.db, &cx.people, view.room.id, found).await?;
    let mut items = Vec::with_capacity(ends.len());
    for (root, last_seq) in ends {
        let (mine, rest) =
            messages.into_iter().partition(|m: &Message| m.seq == root || m.thread_seq == Some(root));
        messages = rest;
        let mut mine: Vec<Message> = mine;
        if mine.first().is_some_and(|first| first.seq == root) {
            let message = mine.remove(0);
            items.push(Root { message, replies: mine, last_seq });
        }
    }
    Ok(Page::cut(items, limit, |last| last.last_seq.to_string()))
}
