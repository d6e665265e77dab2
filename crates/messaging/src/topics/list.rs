//! The topics of a conversation, as somebody sees them.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::{Caller, Page, limits, page};
use weft_kernel::{
    Fault, Micros,
    id::{ConversationId, PrincipalId},
    names,
};
use weft_storage::{Row, params};

use super::{Topic, sql};
use crate::{Cx, View};

/// Which topics.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct TopicsQuery {
    /// A part of the name.
    pub(super) q: Option<String>,
    /// Resolved ones too; yes when absent.
    pub(super) resolved: Option<bool>,
    /// Where the page before ended.
    pub(super) cursor: Option<String>,
    /// Items of a page.
    pub(super) limit: Option<u32>,
}

/// A topic, and how it stands for the caller.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TopicItem {
    #[serde(flatten)]
    topic: Topic,
    /// Messages of the main flow, counted up to 1,000.
    count: i64,
    /// Those of others that the caller has not read, counted alike.
    unread: i64,
    /// Read up to this event.
    read_seq: i64,
    /// The last message.
    last_seq: i64,
    /// Its time.
    last_at: Micros,
    /// Who sent it.
    #[schema(value_type = Option<String>)]
    last_from: Option<PrincipalId>,
}

/// A page of topics.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TopicPage {
    /// What was last spoken of comes first.
    items: Vec<TopicItem>,
    /// Pass it as `cursor` for the next page; null at the end.
    next_cursor: Option<String>,
    /// Unread messages without a topic, counted up to 1,000.
    unread_without: i64,
}

/// How far somebody has read a conversation: up to a place, and whether marks of topics count.
struct Mark {
    seq: i64,
    topics: bool,
}

async fn mark(cx: &Cx, caller: &Caller, view: &View) -> Result<Mark, Fault> {
    let row = cx.db.query_opt(sql::PROGRESS, params![view.room.log, caller.principal]).await?;
    // Who only looks at a public channel has nothing unread.
    let Some(row) = row else { return Ok(Mark { seq: i64::MAX, topics: false }) };
    let marked: Option<i64> = row.get(2)?;
    Ok(Mark { seq: marked.map_or(row.get(1)?, |from| from - 1), topics: marked.is_none() })
}

/// A page of topics.
pub(super) async fn list(
    cx: &Cx,
    caller: &Caller,
    id: ConversationId,
    query: TopicsQuery,
) -> Result<TopicPage, Fault> {
    let limit = page::limit(query.limit, limits::PAGE_MAX)?;
    let wrong = |_| Fault::invalid("cursor", "It is not a cursor of this list.");
    let before = query.cursor.map(|text| text.parse::<i64>().map_err(wrong)).transpose()?;
    let view = cx.guard.view(caller, id).await?;
    let mark = mark(cx, caller, &view).await?;
    let asked = params![
        view.room.log,
        caller.principal,
        view.visible_from,
        containing(query.q.as_deref()),
        before.unwrap_or(i64::MAX),
        i64::from(limit) + 1,
        query.resolved.unwrap_or(true),
        mark.seq,
        mark.topics,
        limits::TOPIC_COUNT,
    ];
    let rows = cx.db.query(sql::LIST, asked).await?;
    let items = rows.iter().map(|row| item(row, id)).collect::<Result<Vec<_>, Fault>>()?;
    let Page { items, next_cursor } = Page::cut(items, limit, |last| last.last_seq.to_string());
    Ok(TopicPage { items, next_cursor, unread_without: unread_without(cx, caller, &view, &mark).await? })
}

fn item(row: &Row, conversation: ConversationId) -> Result<TopicItem, Fault> {
    Ok(TopicItem {
        last_seq: row.get(0)?,
        last_at: row.get(1)?,
        last_from: row.get(2)?,
        count: row.get(3)?,
        unread: row.get(4)?,
        read_seq: row.get(5)?,
        topic: Topic::read(row, 6, conversation)?,
    })
}

async fn unread_without(cx: &Cx, caller: &Caller, view: &View, mark: &Mark) -> Result<i64, Fault> {
    let (log, who) = (view.room.log, caller.principal);
    let mut seq = mark.seq.max(view.visible_from - 1);
    if mark.topics
        && let Some(row) = cx.db.query_opt(sql::MARK, params![who, log, 0_i64]).await?
    {
        seq = seq.max(row.get(0)?);
    }
    Ok(cx.db.query_one(sql::UNREAD_WITHOUT, params![log, seq, who, limits::TOPIC_COUNT]).await?.get(0)?)
}

/// `LIKE` pattern for names that contain `q`.
fn containing(q: Option<&str>) -> String {
    let mut pattern = String::from("%");
    for c in names::fold(q.unwrap_or_default()).chars().filter(|c| *c != '\0').take(limits::TOPIC_CHARS) {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}
