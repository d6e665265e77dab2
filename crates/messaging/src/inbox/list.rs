//! Pages of the inbox.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::{Caller, Page, limits, page};
use weft_kernel::{
    Fault, LogKey, Micros,
    id::{ConversationId, MessageId},
};
use weft_storage::{Value, params};

use super::sql;
use crate::{
    Cx,
    load::{self, MessageRow},
    wire::Message,
};

/// Which items, and where the page begins.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct InboxQuery {
    /// `mentions`, `alerts`, `replies`, `reactions`, by commas; without it the first two.
    kinds: Option<String>,
    /// Where the page before ended.
    cursor: Option<String>,
    /// Items of a page.
    limit: Option<u32>,
}

/// Why an item is in the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Why {
    /// It names me.
    Mention,
    /// It calls everybody.
    All,
    /// It meets my alerts.
    Alert,
    /// It replies in a thread that I follow.
    Reply,
    /// Others have reacted to it; it is mine.
    Reaction,
}

impl Why {
    fn from_stored(kind: i64) -> Why {
        match kind {
            1 => Why::Mention,
            2 => Why::All,
            3 => Why::Alert,
            4 => Why::Reply,
            _ => Why::Reaction,
        }
    }
}

/// One thing that calls me.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct InboxItem {
    /// Why.
    why: Why,
    /// Neither read where it is nor here.
    unread: bool,
    /// When it called: the message's time, that of the last reaction to it.
    at: Micros,
    /// The message.
    message: Message,
    /// Of an alert: the keywords that it holds.
    keywords: Vec<String>,
    /// Of an alert: it is by somebody whom I watch.
    person: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Stored {
    keywords: Vec<String>,
    person: bool,
}

/// Which kinds are asked for: mentions, alerts, replies, reactions.
#[derive(Debug, Clone, Copy)]
struct Kinds([bool; 4]);

const NAMES: [&str; 4] = ["mentions", "alerts", "replies", "reactions"];

impl Kinds {
    fn read(asked: Option<&str>) -> Result<Kinds, Fault> {
        let Some(asked) = asked else { return Ok(Kinds([true, true, false, false])) };
        let mut kinds = [false; 4];
        for name in asked.split(',') {
            let at = NAMES.iter().position(|known| *known == name.trim()).ok_or_else(|| {
                Fault::invalid("kinds", "It must be of mentions, alerts, replies and reactions, by commas.")
            })?;
            kinds[at] = true;
        }
        Ok(Kinds(kinds))
    }

    fn params(self, caller: &Caller, seen: Micros) -> Vec<Value> {
        let [mentions, alerts, replies, reactions] = self.0.map(i64::from);
        params![caller.principal, mentions, alerts, replies, reactions, seen]
    }
}

async fn seen(cx: &Cx, caller: &Caller) -> Result<Micros, Fault> {
    let row = cx.db.query_opt(sql::SEEN, params![caller.principal]).await?;
    Ok(row.map_or(Ok(0), |row| row.get(0))?)
}

/// How many mentions and alerts are unread, up to 100.
pub(super) async fn unread(cx: &Cx, caller: &Caller) -> Result<i64, Fault> {
    let asked = Kinds::read(None)?.params(caller, seen(cx, caller).await?);
    let count: i64 = cx.db.query_one(sql::UNREAD, asked).await?.get(0)?;
    Ok(count.min(limits::INBOX_COUNT))
}

/// One page.
pub(super) async fn list(cx: &Cx, caller: &Caller, query: InboxQuery) -> Result<Page<InboxItem>, Fault> {
    let limit = page::limit(query.limit, limits::PAGE_MAX)?;
    let kinds = Kinds::read(query.kinds.as_deref())?;
    let mut asked = kinds.params(caller, seen(cx, caller).await?);
    let (unread, at, log, seq) = place(cx, caller, query.cursor.as_deref()).await?;
    asked.extend(params![unread, at, log, seq, i64::from(limit) + 1]);
    let mut found: Vec<(LogKey, i64, InboxRow)> = Vec::new();
    let mut rooms: FxHashMap<LogKey, (ConversationId, Vec<MessageRow>)> = FxHashMap::default();
    for row in cx.db.query(sql::INBOX, asked).await? {
        let conversation: ConversationId = row.get(0)?;
        let why: Option<String> = row.get(4)?;
        let item = InboxRow {
            why: Why::from_stored(row.get(1)?),
            unread: row.get(2)?,
            at: row.get(3)?,
            stored: why.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default(),
        };
        let message = MessageRow::read_from(row, 5)?;
        found.push((message.log, message.seq, item));
        let room = rooms.entry(message.log).or_insert_with(|| (conversation, Vec::new()));
        if room.1.iter().all(|held| held.seq != message.seq) {
            room.1.push(message);
        }
    }
    let mut messages: FxHashMap<(LogKey, i64), Message> = FxHashMap::default();
    for (log, (conversation, rows)) in rooms {
        let all = load::assemble(&cx.db, &cx.people, conversation, rows).await?;
        messages.extend(all.into_iter().map(|message| ((log, message.seq), message)));
    }
    // A message that calls twice (an alert, and everybody) is one item: the first reason stands.
    let whole = found.len() <= limit as usize;
    let items: Vec<InboxItem> = found
        .into_iter()
        .take(limit as usize)
        .filter_map(|(log, seq, row)| messages.remove(&(log, seq)).map(|message| row.item(message)))
        .collect();
    let next_cursor = if whole { None } else { items.last().map(InboxItem::cursor) };
    Ok(Page { items, next_cursor })
}

struct InboxRow {
    why: Why,
    unread: bool,
    at: Micros,
    stored: Stored,
}

impl InboxRow {
    fn item(self, message: Message) -> InboxItem {
        let InboxRow { why, unread, at, stored: Stored { keywords, person } } = self;
        InboxItem { why, unread, at, message, keywords, person }
    }
}

impl InboxItem {
    fn cursor(&self) -> String {
        format!("{}.{}.{}", i64::from(self.unread), self.at, self.message.id)
    }
}

async fn place(cx: &Cx, caller: &Caller, cursor: Option<&str>) -> Result<(i64, Micros, i64, i64), Fault> {
    let Some(cursor) = cursor else { return Ok((2, i64::MAX, i64::MAX, i64::MAX)) };
    let wrong = || Fault::invalid("cursor", "It is not a cursor of this list.");
    let mut parts = cursor.splitn(3, '.');
    let (unread, at, id) = (parts.next(), parts.next(), parts.next());
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<i64>().ok()).ok_or_else(wrong);
    let (unread, at) = (number(unread)?, number(at)?);
    let id: MessageId = id.and_then(|id| id.parse().ok()).ok_or_else(wrong)?;
    let row = cx.db.query_opt(sql::PLACE, params![id, caller.principal]).await?.ok_or_else(wrong)?;
    Ok((unread, at, row.get(0)?, row.get(1)?))
}
