//! What the index follows: rows of the log, as they now are.

use uuid::Uuid;
use weft_kernel::{LogKey, Micros, OrgKey, PrincipalKey};
use weft_storage::{Db, DbResult, Envelope, Row, params, statements};

use super::schema::{Entry, Flag, Place};
use crate::port::Content;

/// Rows read at once.
pub const PAGE: u32 = 500;

statements! {
    /// New rows, in order.
    NEW = "SELECT m.seq, m.sender, m.kind, m.state, m.thread, m.at, m.changed_seq, m.edited_at IS NOT NULL, m.pinned_at IS NOT NULL,
             EXISTS (SELECT 1 FROM reactions r WHERE r.log = m.log AND r.seq = m.seq),
             EXISTS (SELECT 1 FROM messages t WHERE t.log = m.log AND t.thread = m.seq), m.body,
             COALESCE(m.topic, (SELECT r.topic FROM messages r WHERE r.log = m.log AND r.seq = m.thread))
           FROM messages m WHERE m.log = $1 AND m.seq > $2 AND m.seq <= $3 ORDER BY m.seq LIMIT $4";
    /// Known rows that changed, in the order of their change.
    CHANGED = "SELECT m.seq, m.sender, m.kind, m.state, m.thread, m.at, m.changed_seq, m.edited_at IS NOT NULL, m.pinned_at IS NOT NULL,
             EXISTS (SELECT 1 FROM reactions r WHERE r.log = m.log AND r.seq = m.seq),
             EXISTS (SELECT 1 FROM messages t WHERE t.log = m.log AND t.thread = m.seq), m.body,
             COALESCE(m.topic, (SELECT r.topic FROM messages r WHERE r.log = m.log AND r.seq = m.thread))
           FROM messages m WHERE m.log = $1 AND m.changed_seq > m.seq AND m.seq <= $2
             AND (m.changed_seq, m.seq) > ($3, $4) AND m.changed_seq <= $5 ORDER BY m.changed_seq, m.seq LIMIT $6";
    /// Certain rows.
    AT = "SELECT m.seq, m.sender, m.kind, m.state, m.thread, m.at, m.changed_seq, m.edited_at IS NOT NULL, m.pinned_at IS NOT NULL,
             EXISTS (SELECT 1 FROM reactions r WHERE r.log = m.log AND r.seq = m.seq),
             EXISTS (SELECT 1 FROM messages t WHERE t.log = m.log AND t.thread = m.seq), m.body,
             COALESCE(m.topic, (SELECT r.topic FROM messages r WHERE r.log = m.log AND r.seq = m.thread))
          FROM messages m WHERE m.log = $1 AND m.seq IN_INTS($2)";
    /// The heads of an org's conversations, the liveliest first.
    HEADS = "SELECT c.log, l.head_seq FROM conversations c JOIN logs l ON l.log = c.log WHERE c.org = $1 ORDER BY l.last_at DESC";
    /// The heads of some of them.
    HEADS_OF = "SELECT c.log, l.head_seq FROM conversations c JOIN logs l ON l.log = c.log WHERE c.org = $1 AND c.log IN_INTS($2)";
    /// Whose conversations these are.
    ORGS_OF = "SELECT log, org FROM conversations WHERE log IN_INTS($1)";
    /// How many texts of documents an org has had.
    TEXTS = "SELECT head FROM file_text_heads WHERE org = $1";
    /// The messages with some of those documents.
    WITH_TEXTS = "SELECT DISTINCT x.log, x.seq FROM file_texts t JOIN message_files x ON x.file = t.file
                  WHERE t.org = $1 AND t.seq > $2 AND t.seq <= $3 AND t.size > 0 ORDER BY x.log, x.seq";
    /// Every org.
    ORGS = "SELECT org FROM orgs ORDER BY org";
}

/// A row of the log.
#[derive(Debug)]
pub struct LogRow {
    /// Its event.
    pub seq: i64,
    /// Its last change.
    pub changed_seq: i64,
    /// The root that it replies to.
    pub thread: Option<i64>,
    sender: PrincipalKey,
    at: Micros,
    /// Sent by a person, and it stands.
    found: bool,
    flags: Vec<Flag>,
    body: Vec<u8>,
    topic: Option<i64>,
}

impl LogRow {
    fn read(mut row: Row) -> DbResult<LogRow> {
        let thread: Option<i64> = row.get(4)?;
        let (kind, state): (i64, i64) = (row.get(2)?, row.get(3)?);
        let has = [
            (row.get(7)?, Flag::Edited),
            (row.get(8)?, Flag::Pin),
            (row.get(9)?, Flag::Reaction),
            (thread.is_some() || row.get(10)?, Flag::Thread),
        ];
        Ok(LogRow {
            seq: row.get(0)?,
            sender: row.get(1)?,
            thread,
            at: row.get(5)?,
            changed_seq: row.get(6)?,
            found: kind == 1 && state == 1,
            flags: has.into_iter().filter(|(has, _)| *has).map(|(_, flag)| flag).collect(),
            body: row.take_bytes(11).unwrap_or_default(),
            topic: row.get(12)?,
        })
    }

    /// What is indexed of it; none for what is not found: tombstones, what the server wrote, what
    /// vanishes.
    pub fn entry(self, log: LogKey, content: &dyn Content) -> Option<Entry> {
        let plain = Envelope.open(&self.body).filter(|_| self.found)?;
        let said = content.read(plain);
        if said.vanishes {
            return None;
        }
        let mut flags = self.flags;
        let has = [
            (said.link, Flag::Link),
            (said.code, Flag::Code),
            (said.file, Flag::File),
            (said.image, Flag::Image),
        ];
        flags.extend(has.into_iter().filter(|(has, _)| *has).map(|(_, flag)| flag));
        let mut mentions = said.mentions;
        if said.everybody {
            mentions.push(Uuid::nil());
        }
        let place = Place::new(log, self.seq);
        let topic = self.topic;
        Some(Entry { place, at: self.at, from: self.sender, topic, text: said.text, mentions, flags })
    }
}

fn read(rows: Vec<Row>) -> DbResult<Vec<LogRow>> {
    rows.into_iter().map(LogRow::read).collect()
}

/// Up to [`PAGE`] rows with `after < seq ≤ upto`.
///
/// # Errors
/// Any database error.
pub async fn new(db: &Db, log: LogKey, after: i64, upto: i64) -> DbResult<Vec<LogRow>> {
    read(db.query(NEW, params![log, after, upto, PAGE]).await?)
}

/// Up to [`PAGE`] rows with `seq ≤ known` whose last change is after `after` (a change and a
/// `seq`) and not after `upto`.
///
/// # Errors
/// Any database error.
pub async fn changed(
    db: &Db,
    log: LogKey,
    known: i64,
    after: (i64, i64),
    upto: i64,
) -> DbResult<Vec<LogRow>> {
    read(db.query(CHANGED, params![log, known, after.0, after.1, upto, PAGE]).await?)
}

/// The rows of `seqs`.
///
/// # Errors
/// Any database error.
pub async fn at(db: &Db, log: LogKey, seqs: Vec<i64>) -> DbResult<Vec<LogRow>> {
    read(db.query(AT, params![log, seqs]).await?)
}

/// Heads of an org's conversations: of all, or of those among `logs`.
///
/// # Errors
/// Any database error.
pub async fn heads(db: &Db, org: OrgKey, logs: Option<Vec<i64>>) -> DbResult<Vec<(LogKey, i64)>> {
    let rows = match logs {
        Some(logs) => db.query(HEADS_OF, params![org, logs]).await?,
        None => db.query(HEADS, params![org]).await?,
    };
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The orgs of those of `logs` that are conversations'.
///
/// # Errors
/// Any database error.
pub async fn orgs_of(db: &Db, logs: Vec<i64>) -> DbResult<Vec<(LogKey, OrgKey)>> {
    db.query(ORGS_OF, params![logs]).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// How many texts of documents were noted for an org: each has the next number.
///
/// # Errors
/// Any database error.
pub async fn texts(db: &Db, org: OrgKey) -> DbResult<i64> {
    db.query_opt(TEXTS, params![org]).await?.map_or(Ok(0), |row| row.get(0))
}

/// The messages with documents whose texts have the numbers `after < n ≤ upto`, by conversation.
///
/// # Errors
/// Any database error.
pub async fn with_texts(db: &Db, org: OrgKey, after: i64, upto: i64) -> DbResult<Vec<(LogKey, i64)>> {
    let rows = db.query(WITH_TEXTS, params![org, after, upto]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Every org.
///
/// # Errors
/// Any database error.
pub async fn orgs(db: &Db) -> DbResult<Vec<OrgKey>> {
    db.query(ORGS, Vec::new()).await?.iter().map(|row| row.get(0)).collect()
}
