//! Messages from rows: one query for the rows, then what belongs to them, whatever their number.

use rustc_hash::FxHashMap;
use serde_json::value::RawValue;
use weft_kernel::{
    LogKey, Micros, PrincipalKey,
    id::{ConversationId, MessageId, PrincipalId},
};
use weft_storage::{Db, DbResult, Envelope, Row, params, statements};

use crate::{
    acks,
    people::People,
    polls, previews, vanish,
    wire::{
        Ack, Content, LinkPreview, Message, Pin, Poll, Reaction, Replies, StoredBody, TopicRef, Urgent,
        Vanish, state,
    },
};

/// How many people a reaction names.
const REACTION_FACES: usize = 50;
/// How many people a thread's summary names.
const THREAD_FACES: usize = 3;

statements! {
    /// Reactions of messages.
    REACTIONS = "SELECT seq, emoji, principal, at FROM reactions WHERE log = $1 AND seq IN_INTS($2) ORDER BY at, principal";
    /// Threads under messages, by who replied.
    THREADS = "SELECT thread, sender, COUNT(*), MAX(at), MAX(seq) FROM messages
               WHERE log = $1 AND thread IN_INTS($2) AND state = 1 GROUP BY thread, sender";
    /// The last ordinal of threads, tombstones included.
    LAST_N = "SELECT thread, MAX(n) FROM messages WHERE log = $1 AND thread IN_INTS($2) GROUP BY thread";
    /// Ids of thread roots.
    ROOT_IDS = "SELECT seq, id FROM messages WHERE log = $1 AND seq IN_INTS($2)";
    /// The topics of messages of the main lane.
    TOPICS = "SELECT m.seq, t.id, t.name FROM messages m JOIN topics t ON t.topic = m.topic
              WHERE m.log = $1 AND m.seq IN_INTS($2) AND m.topic IS NOT NULL";
    /// One message by its id. The columns are those of `MessageRow`.
    BY_ID = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
             FROM messages WHERE id = $1";
    /// One message by its place.
    BY_SEQ = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
              FROM messages WHERE log = $1 AND seq = $2";
    /// The message that somebody sent with a nonce.
    BY_NONCE = "SELECT id FROM messages WHERE log = $1 AND sender = $2 AND nonce = $3";
    /// Messages by their places in one conversation.
    BY_SEQS = "SELECT log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at, pinned_by, body
               FROM messages WHERE log = $1 AND seq IN_INTS($2)";
}

/// A message's row, in the column order of every query that selects messages:
/// `log, seq, id, sender, state, n, thread, nonce, at, edited_at, changed_seq, pinned_at,
/// pinned_by, body`.
#[derive(Debug)]
pub struct MessageRow {
    /// Its conversation's log.
    pub log: LogKey,
    /// Its event.
    pub seq: i64,
    /// Public id.
    pub id: MessageId,
    /// Who sent it.
    pub sender: PrincipalKey,
    /// See [`state`].
    pub state: i64,
    /// Ordinal in its lane.
    pub n: Option<i64>,
    /// The `seq` of its thread's root.
    pub thread: Option<i64>,
    /// The sender's nonce.
    pub nonce: Option<String>,
    /// When.
    pub at: Micros,
    /// Last edit.
    pub edited_at: Option<Micros>,
    /// Last change.
    pub changed_seq: i64,
    /// When it was pinned.
    pub pinned_at: Option<Micros>,
    /// By whom.
    pub pinned_by: Option<PrincipalKey>,
    /// The sealed body; none for a tombstone.
    pub body: Option<Vec<u8>>,
}

impl MessageRow {
    /// Reads a row of the documented columns.
    ///
    /// # Errors
    /// Any database error.
    pub fn read(row: Row) -> DbResult<MessageRow> {
        MessageRow::read_from(row, 0)
    }

    /// The same, from column `first` on.
    ///
    /// # Errors
    /// Any database error.
    pub fn read_from(mut row: Row, first: usize) -> DbResult<MessageRow> {
        Ok(MessageRow {
            log: row.get(first)?,
            seq: row.get(first + 1)?,
            id: row.get(first + 2)?,
            sender: row.get(first + 3)?,
            state: row.get(first + 4)?,
            n: row.get(first + 5)?,
            thread: row.get(first + 6)?,
            nonce: row.get(first + 7)?,
            at: row.get(first + 8)?,
            edited_at: row.get(first + 9)?,
            changed_seq: row.get(first + 10)?,
            pinned_at: row.get(first + 11)?,
            pinned_by: row.get(first + 12)?,
            body: row.take_bytes(first + 13).ok(),
        })
    }

    fn with_body(self) -> (MessageRow, StoredBody) {
        let body = self.stored();
        (self, body)
    }

    /// The stored body; an unreadable or foreign one is an unknown part, never an error: one bad
    /// row must not stop a page.
    pub fn stored(&self) -> StoredBody {
        if self.state != state::LIVE {
            return parts_only("[]");
        }
        self.body
            .as_deref()
            .and_then(|sealed| Envelope.open(sealed))
            .and_then(|plain| serde_json::from_slice(plain).ok())
            .unwrap_or_else(|| parts_only(r#"[{"type":"unreadable"}]"#))
    }
}

fn parts_only(json: &'static str) -> StoredBody {
    StoredBody {
        v: 1,
        parts: RawValue::from_string(json.to_owned()).unwrap_or_default(),
        mentions: Vec::new(),
        mention_all: None,
        ack: None,
        poll: false,
        vanish: None,
    }
}

/// Turns rows of one conversation into messages.
///
/// # Errors
/// Any database error.
pub async fn assemble(
    db: &Db,
    people: &People,
    conversation: ConversationId,
    rows: Vec<MessageRow>,
) -> DbResult<Vec<Message>> {
    let Some(log) = rows.first().map(|r| r.log) else { return Ok(Vec::new()) };
    let seqs: Vec<i64> = rows.iter().map(|r| r.seq).collect();
    let roots: Vec<i64> = rows.iter().filter(|r| r.thread.is_none()).map(|r| r.seq).collect();
    let mut parents: Vec<i64> = rows.iter().filter_map(|r| r.thread).collect();
    parents.sort_unstable();
    parents.dedup();

    let mut reactions = reactions(db, people, log, seqs).await?;
    let mut threads =
        if roots.is_empty() { FxHashMap::default() } else { threads(db, people, log, roots).await? };
    let mains: Vec<i64> = roots_and(&parents, &rows);
    let topics = topics(db, log, mains).await?;
    let parents = if parents.is_empty() { FxHashMap::default() } else { root_ids(db, log, parents).await? };
    // Collected first: the closure must not live across the await.
    let who: Vec<PrincipalKey> = rows.iter().flat_map(|r| [Some(r.sender), r.pinned_by]).flatten().collect();
    let names = people.ids(who).await?;
    let rows: Vec<(MessageRow, StoredBody)> = rows.into_iter().map(|row| row.with_body()).collect();
    let asking: Vec<i64> =
        rows.iter().filter(|(_, body)| body.ack.is_some()).map(|(row, _)| row.seq).collect();
    let linking: Vec<i64> =
        rows.iter().filter(|(_, body)| previews::may_have_links(body)).map(|(row, _)| row.seq).collect();
    let mut linked =
        if linking.is_empty() { FxHashMap::default() } else { previews::cards(db, log, linking).await? };
    let mut asked = if asking.is_empty() { FxHashMap::default() } else { requests(db, log, asking).await? };
    let voting: Vec<i64> = rows.iter().filter(|(_, body)| body.poll).map(|(row, _)| row.seq).collect();
    let mut voted =
        if voting.is_empty() { FxHashMap::default() } else { polls::load(db, people, log, voting).await? };
    let vanishing: Vec<i64> =
        rows.iter().filter(|(_, body)| body.vanish.is_some()).map(|(row, _)| row.seq).collect();
    let vanish_at =
        if vanishing.is_empty() { FxHashMap::default() } else { times(db, log, vanishing).await? };

    Ok(rows
        .into_iter()
        .map(|(row, body)| {
            let reactions = reactions.remove(&row.seq).unwrap_or_default();
            let replies = threads.remove(&row.seq);
            let root = row.thread.and_then(|seq| parents.get(&seq).copied());
            let ack = asked.remove(&row.seq);
            let topic = topics.get(&row.thread.unwrap_or(row.seq)).cloned();
            let previews = linked.remove(&row.seq).unwrap_or_default();
            let poll = voted.remove(&row.seq);
            let vanish = body.vanish.map(|after| Vanish { after, at: vanish_at.get(&row.seq).copied() });
            let hanging = Hanging { reactions, replies, ack, topic, previews, poll, vanish };
            message(conversation, (row, body), &names, root, hanging)
        })
        .collect())
}

/// What hangs on a message.
struct Hanging {
    reactions: Vec<Reaction>,
    replies: Option<Replies>,
    ack: Option<Ack>,
    poll: Option<Poll>,
    previews: Vec<LinkPreview>,
    topic: Option<TopicRef>,
    vanish: Option<Vanish>,
}

/// The places in the main lane that tell the topics of `rows`: their own, or their threads'.
fn roots_and(parents: &[i64], rows: &[MessageRow]) -> Vec<i64> {
    parents.iter().copied().chain(rows.iter().filter(|r| r.thread.is_none()).map(|r| r.seq)).collect()
}

async fn topics(db: &Db, log: LogKey, seqs: Vec<i64>) -> DbResult<FxHashMap<i64, TopicRef>> {
    let rows = db.query(TOPICS, params![log, seqs]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, TopicRef { id: row.get(1)?, name: row.get(2)? }))).collect()
}

fn message(
    conversation: ConversationId,
    (row, body): (MessageRow, StoredBody),
    names: &FxHashMap<PrincipalKey, PrincipalId>,
    thread: Option<MessageId>,
    Hanging { reactions, replies, ack, topic, previews, poll, vanish }: Hanging,
) -> Message {
    let people = body.ack.map(|ack| ack.people).unwrap_or_default();
    let pinned = row.pinned_at.map(|at| Pin { by: row.pinned_by.and_then(|k| names.get(&k).copied()), at });
    Message {
        id: row.id,
        conversation,
        seq: row.seq,
        n: row.n,
        thread,
        thread_seq: row.thread,
        from: names.get(&row.sender).copied(),
        at: row.at,
        state: state::name(row.state),
        edited_at: row.edited_at,
        changed_seq: row.changed_seq,
        nonce: row.nonce,
        content: Content { v: body.v, parts: body.parts },
        mentions: body.mentions,
        mention_all: body.mention_all,
        reactions,
        pinned,
        replies,
        ack: ack.map(|ack| Ack { people, ..ack }),
        topic,
        previews,
        poll,
        vanish,
    }
}

/// When those of some messages vanish whose countdown has begun.
async fn times(db: &Db, log: LogKey, seqs: Vec<i64>) -> DbResult<FxHashMap<i64, Micros>> {
    let rows = db.query(vanish::sql::TIMES, params![log, seqs]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

async fn requests(db: &Db, log: LogKey, seqs: Vec<i64>) -> DbResult<FxHashMap<i64, Ack>> {
    let rows = db.query(acks::sql::REQUESTS, params![log, seqs]).await?;
    rows.iter()
        .map(|row| {
            let ack = Ack {
                people: Vec::new(),
                deadline: row.get(1)?,
                total: row.get(2)?,
                acknowledged: row.get(3)?,
                done: row.get(4)?,
                reminded_at: row.get(5)?,
                urgent: match row.get::<Option<i64>>(6)? {
                    Some(state) => Some(Urgent { state: Urgent::name(state), at: row.get(7)? }),
                    None => None,
                },
            };
            Ok((row.get(0)?, ack))
        })
        .collect()
}

async fn reactions(
    db: &Db,
    people: &People,
    log: LogKey,
    seqs: Vec<i64>,
) -> DbResult<FxHashMap<i64, Vec<Reaction>>> {
    let rows = db.query(REACTIONS, params![log, seqs]).await?;
    let mut out: FxHashMap<i64, Vec<Reaction>> = FxHashMap::default();
    if rows.is_empty() {
        return Ok(out);
    }
    let who = rows.iter().map(|r| r.get::<PrincipalKey>(2)).collect::<DbResult<Vec<_>>>()?;
    let names = people.ids(who).await?;
    for row in rows {
        let (seq, emoji, by): (i64, String, PrincipalKey) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let list = out.entry(seq).or_default();
        let index = list.iter().position(|r| r.emoji == emoji).unwrap_or_else(|| {
            list.push(Reaction { emoji, count: 0, by: Vec::new() });
            list.len() - 1
        });
        let reaction = &mut list[index];
        reaction.count += 1;
        if reaction.by.len() < REACTION_FACES {
            reaction.by.extend(names.get(&by));
        }
    }
    Ok(out)
}

async fn threads(
    db: &Db,
    people: &People,
    log: LogKey,
    roots: Vec<i64>,
) -> DbResult<FxHashMap<i64, Replies>> {
    let rows = db.query(THREADS, params![log, roots.clone()]).await?;
    if rows.is_empty() {
        return Ok(FxHashMap::default());
    }
    let names = people.ids(rows.iter().map(|r| r.get(1)).collect::<DbResult<Vec<PrincipalKey>>>()?).await?;
    let mut faces: FxHashMap<i64, Vec<(i64, PrincipalKey)>> = FxHashMap::default();
    let mut out: FxHashMap<i64, Replies> = FxHashMap::default();
    for row in rows {
        let (root, count, last_at): (i64, i64, i64) = (row.get(0)?, row.get(2)?, row.get(3)?);
        faces.entry(root).or_default().push((row.get(4)?, row.get(1)?));
        let replies = out.entry(root).or_insert(Replies { count: 0, last_at: 0, last_n: 0, by: Vec::new() });
        replies.count += count;
        replies.last_at = replies.last_at.max(last_at);
    }
    for row in db.query(LAST_N, params![log, roots]).await? {
        if let Some(replies) = out.get_mut(&row.get(0)?) {
            replies.last_n = row.get::<Option<i64>>(1)?.unwrap_or(0);
        }
    }
    for (root, mut who) in faces {
        who.sort_unstable_by_key(|(seq, _)| std::cmp::Reverse(*seq));
        if let Some(replies) = out.get_mut(&root) {
            replies.by =
                who.iter().take(THREAD_FACES).filter_map(|(_, key)| names.get(key).copied()).collect();
        }
    }
    Ok(out)
}

async fn root_ids(db: &Db, log: LogKey, seqs: Vec<i64>) -> DbResult<FxHashMap<i64, MessageId>> {
    let rows = db.query(ROOT_IDS, params![log, seqs]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// One message's row by its id, whoever may see it: guard before showing it.
///
/// # Errors
/// Any database error.
pub async fn by_id(db: &Db, id: MessageId) -> DbResult<Option<MessageRow>> {
    db.query_opt(BY_ID, params![id]).await?.map(MessageRow::read).transpose()
}

/// One message's row by its place.
///
/// # Errors
/// Any database error.
pub async fn by_seq(db: &Db, log: LogKey, seq: i64) -> DbResult<Option<MessageRow>> {
    db.query_opt(BY_SEQ, params![log, seq]).await?.map(MessageRow::read).transpose()
}

/// Rows of one conversation by their places, in no order.
///
/// # Errors
/// Any database error.
pub async fn by_seqs(db: &Db, log: LogKey, seqs: Vec<i64>) -> DbResult<Vec<MessageRow>> {
    db.query(BY_SEQS, params![log, seqs]).await?.into_iter().map(MessageRow::read).collect()
}

/// The message that somebody sent to a conversation with a nonce.
///
/// # Errors
/// Any database error.
pub async fn by_nonce(
    db: &Db,
    log: LogKey,
    sender: PrincipalKey,
    nonce: &str,
) -> DbResult<Option<MessageId>> {
    db.query_opt(BY_NONCE, params![log, sender, nonce]).await?.map(|row| row.get(0)).transpose()
}
