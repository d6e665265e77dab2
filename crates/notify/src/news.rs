//! A message that people may be told of, read from the log.

use weft_kernel::{
    LogKey, Micros, OrgKey, PrincipalKey,
    id::{ConversationId, MessageId, OrgId},
};
use weft_storage::{Db, DbResult, Envelope, Row, params};

use crate::{
    port::{Content, Lane, Said},
    sql,
};

/// What a conversation is, as it is stored.
const DIRECT: i64 = 4;
const GROUP: i64 = 3;
const ANNOUNCEMENT: i64 = 5;

/// A message that stands, of a person.
#[derive(Debug, Clone)]
pub struct News {
    /// The org of its conversation.
    pub org: OrgKey,
    /// Its public id.
    pub org_id: OrgId,
    /// The conversation.
    pub log: LogKey,
    /// Its public id.
    pub conversation: ConversationId,
    /// Its name; empty for a direct conversation, and for a group without one.
    pub name: String,
    /// What kind of conversation it is, as stored.
    pub kind: i64,
    /// The message's place.
    pub seq: i64,
    /// Its public id.
    pub id: MessageId,
    /// Its ordinal among what can be unread there.
    pub n: i64,
    /// The root that it replies to.
    pub root: Option<i64>,
    /// That one's public id.
    pub root_id: Option<MessageId>,
    /// Who wrote it.
    pub sender: PrincipalKey,
    /// When.
    pub at: Micros,
    /// What it says.
    pub said: Said,
}

impl News {
    fn read(mut row: Row, log: LogKey, content: &dyn Content) -> DbResult<News> {
        let body = row.take_bytes(6).unwrap_or_default();
        Ok(News {
            said: Envelope.open(&body).map(|plain| content.read(plain)).unwrap_or_default(),
            log,
            seq: row.get(0)?,
            id: row.get(1)?,
            sender: row.get(2)?,
            n: row.get::<Option<i64>>(3)?.unwrap_or(0),
            root: row.get(4)?,
            at: row.get(5)?,
            conversation: row.get(7)?,
            kind: row.get(8)?,
            name: row.get(9)?,
            org: row.get(10)?,
            org_id: row.get(11)?,
            root_id: row.get(12)?,
        })
    }

    /// Between two people.
    pub fn is_direct(&self) -> bool {
        self.kind == DIRECT
    }

    /// Between several, outside channels.
    pub fn is_group(&self) -> bool {
        self.kind == GROUP
    }

    /// Whether it is where few post and all read.
    pub fn is_board(&self) -> bool {
        self.kind == ANNOUNCEMENT
    }

    /// Whether it concerns everybody in its conversation.
    pub(crate) fn for_all(&self) -> bool {
        let lively = self.is_direct() || ((self.is_group() || self.is_board()) && self.root.is_none());
        lively || self.said.everybody || self.said.here
    }

    pub(crate) fn lane(&self) -> Lane {
        Lane { log: self.log, root: self.root.unwrap_or(0) }
    }
}

/// Messages most of which are looked at of what a conversation has gained at once.
pub(crate) const MOST: i64 = 500;

/// The messages of `log` with `after < seq ≤ upto` that are not older than `since`.
///
/// # Errors
/// Any database error.
pub(crate) async fn between(
    db: &Db,
    content: &dyn Content,
    log: LogKey,
    (after, upto): (i64, i64),
    since: Micros,
) -> DbResult<Vec<News>> {
    let rows = db.query(sql::NEWS, params![log, after, upto, since, MOST]).await?;
    rows.into_iter().map(|row| News::read(row, log, content)).collect()
}

/// The message at a place, if it still stands.
///
/// # Errors
/// Any database error.
pub(crate) async fn at(db: &Db, content: &dyn Content, log: LogKey, seq: i64) -> DbResult<Option<News>> {
    Ok(between(db, content, log, (seq - 1, seq), 0).await?.pop())
}
