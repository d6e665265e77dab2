//! Reading messages page by page, by place or by time.

mod roots;
mod sql;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::limits;
use weft_kernel::{Fault, LogKey, Micros, TopicKey, id::MessageId};
use weft_storage::{DbResult, Sql, params};

use crate::{
    Cx, View,
    load::{self, MessageRow},
    topics,
    wire::Message,
};

pub use roots::{Root, RootsQuery, roots};
pub use sql::ALL;

/// Which page. At most one of `before_seq`, `after_seq`, `around_seq` and `at`; none: the newest.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// The page that ends before this event.
    pub before_seq: Option<i64>,
    /// The page that begins after this event.
    pub after_seq: Option<i64>,
    /// The page around this event.
    pub around_seq: Option<i64>,
    /// The page around the first message at or after this time.
    pub at: Option<Micros>,
    /// The replies under this message, instead of the main flow.
    #[param(value_type = Option<String>)]
    pub thread: Option<MessageId>,
    /// A topic's id: its messages of the main flow; `none`: those without one.
    pub topic: Option<String>,
    /// 1–200 messages; 50 when absent.
    pub limit: Option<u32>,
}

/// Messages, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessagePage {
    /// The messages.
    pub items: Vec<Message>,
    /// Whether there are older ones.
    pub has_before: bool,
    /// Whether there are newer ones.
    pub has_after: bool,
}

/// A stretch of rows, oldest first, with whether more lie beyond.
struct Stretch {
    rows: Vec<MessageRow>,
    has_before: bool,
    has_after: bool,
}

/// The lane that is read.
struct Lane<'a> {
    cx: &'a Cx,
    log: LogKey,
    visible_from: i64,
    of: Of,
}

/// Which messages of the log.
enum Of {
    /// The main flow.
    Main,
    /// Under this root.
    Thread(i64),
    /// About this topic; of the main flow.
    Topic(TopicKey),
    /// About none; of the main flow.
    NoTopic,
}

/// Reads a page of what `view` shows.
///
/// # Errors
/// `invalid`, `not_found` (the thread), or any database fault.
pub async fn page(cx: &Cx, view: &View, query: &PageQuery) -> Result<MessagePage, Fault> {
    let limit = weft_http::page::limit(query.limit, limits::PAGE_MAX)?;
    let asked = [query.before_seq, query.after_seq, query.around_seq, query.at];
    if asked.iter().flatten().count() > 1 {
        return Err(Fault::invalid(
            "before_seq",
            "Give at most one of before_seq, after_seq, around_seq and at.",
        ));
    }
    let of = match (query.thread, query.topic.as_deref()) {
        (None, None) => Of::Main,
        (Some(id), None) => Of::Thread(root_seq(cx, view, id).await?),
        (None, Some("none")) => Of::NoTopic,
        (None, Some(id)) => Of::Topic(topics::seen(cx, view, id).await?),
        (Some(_), Some(_)) => {
            return Err(Fault::invalid("topic", "A thread belongs to one topic. Ask for one of them."));
        }
    };
    let lane = Lane { cx, log: view.room.log, visible_from: view.visible_from, of };
    let stretch = match *query {
        PageQuery { after_seq: Some(seq), .. } => lane.after(seq, limit).await?,
        PageQuery { around_seq: Some(seq), .. } => lane.around(seq, limit).await?,
        PageQuery { at: Some(at), .. } => lane.around(seq_at(cx, view.room.log, at).await?, limit).await?,
        PageQuery { before_seq, .. } => lane.before(before_seq.unwrap_or(i64::MAX), limit).await?,
    };
    let items = load::assemble(&cx.db, &cx.people, view.room.id, stretch.rows).await?;
    Ok(MessagePage { items, has_before: stretch.has_before, has_after: stretch.has_after })
}

/// What `view` shows after a place, replies in threads among it, oldest first.
///
/// # Errors
/// Any database fault.
pub async fn everything(cx: &Cx, view: &View, after_seq: i64, limit: u32) -> Result<Vec<Message>, Fault> {
    let asked = params![view.room.log, after_seq, view.visible_from, limit];
    let rows = cx.db.query(sql::ALL_AFTER, asked).await?;
    let rows = rows.into_iter().map(MessageRow::read).collect::<DbResult<_>>()?;
    Ok(load::assemble(&cx.db, &cx.people, view.room.id, rows).await?)
}

async fn root_seq(cx: &Cx, view: &View, id: MessageId) -> Result<i64, Fault> {
    load::by_id(&cx.db, id)
        .await?
        .filter(|row| row.log == view.room.log && row.seq >= view.visible_from && row.thread.is_none())
        .map(|row| row.seq)
        .ok_or_else(|| Fault::not_found("thread in this conversation"))
}

impl Lane<'_> {
    /// The statements are those of the main flow, of a thread, of a topic, of no topic.
    async fn read(&self, each: [Sql; 4], seq: i64, limit: u32) -> DbResult<Vec<MessageRow>> {
        let [main, thread, topic, no_topic] = each;
        let mut params = params![self.log, seq, self.visible_from, limit];
        let sql = match self.of {
            Of::Main => main,
            Of::Thread(root) => {
                params.push(root.into());
                thread
            }
            Of::Topic(key) => {
                params.push(key.into());
                topic
            }
            Of::NoTopic => no_topic,
        };
        self.cx.db.query(sql, params).await?.into_iter().map(MessageRow::read).collect()
    }

    /// Up to `limit` rows before `seq`, newest first.
    async fn backwards(&self, seq: i64, limit: u32) -> DbResult<Vec<MessageRow>> {
        let each = [sql::MAIN_BEFORE, sql::THREAD_BEFORE, sql::TOPIC_BEFORE, sql::NO_TOPIC_BEFORE];
        self.read(each, seq, limit).await
    }

    /// Up to `limit` rows after `seq`, oldest first.
    async fn forwards(&self, seq: i64, limit: u32) -> DbResult<Vec<MessageRow>> {
        let each = [sql::MAIN_AFTER, sql::THREAD_AFTER, sql::TOPIC_AFTER, sql::NO_TOPIC_AFTER];
        self.read(each, seq, limit).await
    }

    async fn before(&self, seq: i64, limit: u32) -> DbResult<Stretch> {
        let mut rows = self.backwards(seq, limit + 1).await?;
        let has_before = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        rows.reverse();
        let has_after = seq != i64::MAX && !self.forwards(seq - 1, 1).await?.is_empty();
        Ok(Stretch { rows, has_before, has_after })
    }

    async fn after(&self, seq: i64, limit: u32) -> DbResult<Stretch> {
        let mut rows = self.forwards(seq, limit + 1).await?;
        let has_after = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let has_before = !self.backwards(seq.saturating_add(1), 1).await?.is_empty();
        Ok(Stretch { rows, has_before, has_after })
    }

    async fn around(&self, seq: i64, limit: u32) -> DbResult<Stretch> {
        let older = limit / 2;
        let mut before = self.backwards(seq, older + 1).await?;
        let has_before = before.len() > older as usize;
        before.truncate(older as usize);
        before.reverse();
        let newer = limit - older;
        let mut after = self.forwards(seq.saturating_sub(1), newer + 1).await?;
        let has_after = after.len() > newer as usize;
        after.truncate(newer as usize);
        before.extend(after);
        Ok(Stretch { rows: before, has_before, has_after })
    }
}

/// The place of the first message at or after `at`. Times rise with `seq` (an import into a live
/// conversation aside), so it is found by halving.
async fn seq_at(cx: &Cx, log: LogKey, at: Micros) -> Result<i64, Fault> {
    let head: i64 = cx.db.query_one(sql::HEAD, params![log]).await?.get(0)?;
    let (mut low, mut high) = (0, head);
    while low < high {
        let middle = low + (high - low) / 2;
        match cx.db.query_opt(sql::AT_OR_AFTER, params![log, middle]).await? {
            Some(row) if row.get::<i64>(1)? < at => low = row.get::<i64>(0)? + 1,
            _ => high = middle,
        }
    }
    Ok(low)
}
