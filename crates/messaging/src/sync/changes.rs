//! `changes` of a conversation: the present state of whatever an event after the cursor touched.

use serde::Serialize;
use utoipa::ToSchema;
use weft_kernel::{Fault, PrincipalKey};
use weft_storage::{DbResult, params};

use super::sql;
use crate::{
    Cx, View, cards,
    events::{MemberState, Summary, role_name},
    load::{self, MessageRow},
    topics::{self, Topic},
    wire::Message,
};

/// Beyond so many events a client is better served with the newest page.
pub(super) const RESET_AFTER: i64 = 5_000;
/// The page that a reset gives.
const RESET_PAGE: u32 = 50;

/// One thing as it now is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Change {
    /// A message that is new or changed.
    Message {
        /// Its present state.
        message: Box<Message>,
    },
    /// A member who came or went.
    Member {
        /// Their present state.
        member: MemberState,
        /// Present members now.
        member_count: i64,
    },
    /// A topic that is new or changed.
    Topic {
        /// Its present state.
        topic: Topic,
    },
    /// The conversation's own data.
    Conversation {
        /// Its present state.
        conversation: Box<Summary>,
    },
}

/// What changed after a cursor.
#[derive(Debug, Serialize, ToSchema)]
pub struct Changes {
    /// In the order of their last change.
    pub items: Vec<Change>,
    /// The next cursor.
    pub upto_seq: i64,
    /// There is more after it.
    pub more: bool,
    /// Too much changed: drop the messages held of this conversation and keep only these.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reset: bool,
}

/// Reads up to about `limit` changes after `after`.
///
/// # Errors
/// `not_found`, or any database fault.
pub async fn changes(
    cx: &Cx,
    viewer: PrincipalKey,
    view: &View,
    after: i64,
    limit: u32,
) -> Result<Changes, Fault> {
    let log = view.room.log;
    // The head first: what is committed after this look has a higher seq, and comes as a frame
    // or with the next cursor.
    let row = cx.db.query_opt(sql::CONVERSATION, params![log]).await?;
    let row = row.ok_or_else(|| Fault::not_found("conversation"))?;
    let (head, conversation_seq, member_count): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
    if after >= head {
        return Ok(Changes { items: Vec::new(), upto_seq: head, more: false, reset: false });
    }
    if head - after > RESET_AFTER {
        return reset(cx, viewer, view, head).await;
    }
    let mut reader = Reader { cx, view, after, limit, upto: head, found: Vec::new() };
    reader.messages().await?;
    reader.members(member_count).await?;
    reader.topics().await?;
    if conversation_seq > after {
        let conversation = cards::card(&cx.db, &cx.people, viewer, log).await?.summary();
        reader.found.push((conversation_seq, Change::Conversation { conversation: Box::new(conversation) }));
    }
    Ok(reader.finish(head))
}

async fn reset(cx: &Cx, viewer: PrincipalKey, view: &View, head: i64) -> Result<Changes, Fault> {
    let query = crate::history::PageQuery { limit: Some(RESET_PAGE), ..Default::default() };
    let page = crate::history::page(cx, view, &query).await?;
    let conversation = cards::card(&cx.db, &cx.people, viewer, view.room.log).await?.summary();
    let mut items = vec![Change::Conversation { conversation: Box::new(conversation) }];
    items.extend(
        page.items
            .into_iter()
            .filter(|m| m.seq <= head)
            .map(|message| Change::Message { message: Box::new(message) }),
    );
    Ok(Changes { items, upto_seq: head, more: false, reset: true })
}

struct Reader<'a> {
    cx: &'a Cx,
    view: &'a View,
    after: i64,
    limit: u32,
    /// Everything up to here is in `found`.
    upto: i64,
    found: Vec<(i64, Change)>,
}

impl Reader<'_> {
    async fn messages(&mut self) -> Result<(), Fault> {
        let (log, from, limit) = (self.view.room.log, self.view.visible_from, self.limit);
        let new = params![log, self.after, self.upto, from, limit];
        let mut rows = self.rows(sql::NEW, new).await?;
        self.cut(rows.len(), rows.last().map(|r| r.seq));
        let old = self.rows(sql::CHANGED, params![log, self.after, from, limit]).await?;
        self.cut(old.len(), old.last().map(|r| r.changed_seq));
        rows.extend(old);
        let messages = load::assemble(&self.cx.db, &self.cx.people, self.view.room.id, rows).await?;
        self.found
            .extend(messages.into_iter().map(|m| (m.changed_seq, Change::Message { message: Box::new(m) })));
        Ok(())
    }

    async fn rows(
        &self,
        sql: weft_storage::Sql,
        params: Vec<weft_storage::Value>,
    ) -> DbResult<Vec<MessageRow>> {
        self.cx.db.query(sql, params).await?.into_iter().map(MessageRow::read).collect()
    }

    async fn members(&mut self, member_count: i64) -> Result<(), Fault> {
        let rows =
            self.cx.db.query(sql::MEMBERS, params![self.view.room.log, self.after, self.limit]).await?;
        let last = rows.last().map(|r| r.get::<i64>(4)).transpose()?;
        self.cut(rows.len(), last);
        let keys = rows.iter().map(|r| r.get(0)).collect::<DbResult<Vec<PrincipalKey>>>()?;
        let ids = self.cx.people.ids(keys).await?;
        for row in rows {
            let Some(id) = ids.get(&row.get(0)?).copied() else { continue };
            let member = MemberState {
                id,
                role: role_name(row.get(1)?),
                joined_at: row.get(2)?,
                state: if row.get(3)? { "joined" } else { "left" },
            };
            self.found.push((row.get(4)?, Change::Member { member, member_count }));
        }
        Ok(())
    }

    async fn topics(&mut self) -> Result<(), Fault> {
        let found = topics::changed(self.cx, self.view, self.after, self.limit).await?;
        self.cut(found.len(), found.last().map(|(seq, _)| *seq));
        self.found.extend(found.into_iter().map(|(seq, topic)| (seq, Change::Topic { topic })));
        Ok(())
    }

    /// A full page may have left something out after its last row.
    fn cut(&mut self, count: usize, last: Option<i64>) {
        if count >= self.limit as usize
            && let Some(last) = last
        {
            self.upto = self.upto.min(last);
        }
    }

    fn finish(mut self, head: i64) -> Changes {
        // A message that is new here but changed later still belongs here: its seq is within.
        let upto = self.upto;
        let within = |seq: i64, change: &Change| match change {
            Change::Message { message } if message.seq > self.after => message.seq <= upto,
            _ => seq <= upto,
        };
        self.found.retain(|(seq, change)| within(*seq, change));
        self.found.sort_by_key(|(seq, _)| *seq);
        let items = self.found.into_iter().map(|(_, change)| change).collect();
        Changes { items, upto_seq: upto, more: upto < head, reset: false }
    }
}
