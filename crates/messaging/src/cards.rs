//! Conversations as a viewer sees them: a constant number of queries, however many are asked for.

use rustc_hash::{FxHashMap, FxHashSet};
use weft_kernel::{Fault, LogKey, PrincipalKey, id::PrincipalId};
use weft_storage::{Db, DbResult, Row, params, statements};

use crate::{
    attention::Level,
    events::{Summary, role_name},
    people::People,
    wire::{Conversation, History, Kind, Membership},
};

/// The most others that a direct conversation or group names.
const PEERS: usize = 8;

statements! {
    /// Conversations with the viewer's membership, if they are a member.
    CARDS = "SELECT c.log, c.id, c.kind, c.name, c.topic, c.purpose, c.archived_at IS NOT NULL, c.is_default,
                    c.member_count, c.created_at, c.created_by, l.head_seq, l.last_n, l.last_at,
                    m.role, m.joined_at, m.read_seq, m.read_n, m.unread_from, m.muted, m.favourite, m.section, m.hidden, m.hidden_n, m.snoozed_until,
                    m.level, m.all_silenced, c.newcomers_see, CASE WHEN c.search_key = c.name_key THEN NULL ELSE c.search_key END, c.comments, c.vanish_after
             FROM conversations c
             JOIN logs l ON l.log = c.log
             LEFT JOIN members m ON m.log = c.log AND m.principal = $1 AND m.left_seq IS NULL
             WHERE c.log IN_INTS($2)";
    /// The logs of the conversations that someone is in.
    JOINED = "SELECT log FROM members WHERE principal = $1 AND left_seq IS NULL ORDER BY log";
    /// Which of some people are in a conversation.
    MEMBERS_AMONG = "SELECT principal FROM members WHERE log = $1 AND left_seq IS NULL AND principal IN_INTS($2)";
    /// Who is in direct conversations and groups.
    PEERS_OF = "SELECT m.log, m.principal FROM members m JOIN conversations c ON c.log = m.log
                WHERE m.log IN_INTS($1) AND c.kind IN (3, 4) AND m.left_seq IS NULL ORDER BY m.log, m.joined_at, m.principal";
    /// The memberships of some of a conversation's members.
    MEMBERSHIPS = "SELECT principal, role, joined_at, read_seq, read_n, unread_from, muted, favourite, section, hidden,
                     hidden_n, snoozed_until, level, all_silenced FROM members WHERE log = $1 AND principal IN_INTS($2) AND left_seq IS NULL";
    /// Unread mentions of the main lane, by conversation.
    MENTIONS = "SELECT t.log, COUNT(*) FROM (
                  SELECT x.log, x.seq FROM members m
                  JOIN mentions x ON x.principal = $1 AND x.log = m.log AND x.seq > m.read_seq
                  WHERE m.principal = $1 AND m.log IN_INTS($2) AND x.thread IS NULL AND x.n > m.read_n
                  UNION
                  SELECT x.log, x.seq FROM members m
                  JOIN mentions x ON x.principal = 0 AND x.log = m.log AND x.seq > m.read_seq
                  JOIN messages g ON g.log = x.log AND g.seq = x.seq AND g.sender <> $1
                  WHERE m.principal = $1 AND m.log IN_INTS($2) AND x.thread IS NULL AND x.n > m.read_n
                    AND m.all_silenced = 0 AND m.muted = 0
                ) t GROUP BY t.log";
}

/// The conversations that `viewer` is in, by log.
///
/// # Errors
/// Any database error.
pub async fn joined(db: &Db, viewer: PrincipalKey) -> DbResult<Vec<LogKey>> {
    db.query(JOINED, params![viewer]).await?.iter().map(|row| row.get(0)).collect()
}

/// Which of `people` are in the conversation of `log`.
///
/// # Errors
/// Any database error.
pub async fn members_among(
    db: &Db,
    log: LogKey,
    people: &[PrincipalKey],
) -> DbResult<FxHashSet<PrincipalKey>> {
    let keys: Vec<i64> = people.iter().map(|p| p.0).collect();
    db.query(MEMBERS_AMONG, params![log, keys]).await?.iter().map(|row| row.get(0)).collect()
}

/// One conversation as `viewer` sees it, whether or not they may: guard before.
///
/// # Errors
/// `not_found`, or any database fault.
pub async fn card(
    db: &Db,
    people: &People,
    viewer: PrincipalKey,
    log: LogKey,
) -> Result<Conversation, Fault> {
    cards(db, people, viewer, &[log]).await?.pop().ok_or_else(|| Fault::not_found("conversation"))
}

/// Conversations as `viewer` sees them, in the order of `logs`; unknown ones are left out.
///
/// # Errors
/// Any database fault.
pub async fn cards(
    db: &Db,
    people: &People,
    viewer: PrincipalKey,
    logs: &[LogKey],
) -> Result<Vec<Conversation>, Fault> {
    if logs.is_empty() {
        return Ok(Vec::new());
    }
    let keys: Vec<i64> = logs.iter().map(|log| log.0).collect();
    let rows = db.query(CARDS, params![viewer, keys.clone()]).await?;
    let peers = peers(db, keys.clone()).await?;
    let mentions = mentions(db, viewer, keys).await?;
    let creators = rows.iter().map(|row| row.get::<PrincipalKey>(10)).collect::<DbResult<Vec<_>>>()?;
    let ids = people.ids(creators.into_iter().chain(peers.values().flatten().copied())).await?;

    let mut found: FxHashMap<LogKey, Conversation> = FxHashMap::default();
    for row in rows {
        let log: LogKey = row.get(0)?;
        let others = peers.get(&log).map(Vec::as_slice).unwrap_or_default();
        let mut card = read(&row, &ids)?;
        card.peers = others_than(viewer, others, &ids);
        if let Some(me) = &mut card.me {
            me.mentions = mentions.get(&log).copied().unwrap_or(0);
        }
        found.insert(log, card);
    }
    Ok(logs.iter().filter_map(|log| found.remove(log)).collect())
}

/// One conversation as each of `viewers` sees it who is a member. They are taken to have read
/// everything: this is for people who just came in.
///
/// # Errors
/// `not_found`, or any database fault.
pub async fn for_members(
    db: &Db,
    people: &People,
    log: LogKey,
    viewers: &[PrincipalKey],
) -> Result<Vec<(PrincipalKey, Conversation)>, Fault> {
    const NOBODY: PrincipalKey = PrincipalKey(0);
    let base = card(db, people, NOBODY, log).await?;
    let others = peers(db, vec![log.0]).await?.remove(&log).unwrap_or_default();
    let ids = people.ids(others.iter().copied()).await?;
    let keys: Vec<i64> = viewers.iter().map(|viewer| viewer.0).collect();
    let rows = db.query(MEMBERSHIPS, params![log, keys]).await?;
    rows.iter()
        .map(|row| {
            let viewer: PrincipalKey = row.get(0)?;
            let peers = others_than(viewer, &others, &ids);
            Ok((viewer, Conversation { peers, me: Some(membership(row, 1)?), ..base.clone() }))
        })
        .collect()
}

fn read(row: &Row, ids: &FxHashMap<PrincipalKey, PrincipalId>) -> Result<Conversation, Fault> {
    let me = match row.get::<Option<i64>>(14)? {
        Some(_) => Some(membership(row, 14)?),
        None => None,
    };
    let kind =
        Kind::from_stored(row.get(2)?).ok_or_else(|| Fault::internal("unknown kind of conversation"))?;
    Ok(Conversation {
        id: row.get(1)?,
        kind,
        name: row.get(3)?,
        search_key: row.get(28)?,
        topic: row.get(4)?,
        purpose: row.get(5)?,
        archived: row.get(6)?,
        default: row.get(7)?,
        history: History::from_stored(row.get(27)?),
        comments: (kind == Kind::Announcement).then_some(row.get(29)?),
        vanish_after: row.get(30)?,
        member_count: row.get(8)?,
        created_at: row.get(9)?,
        created_by: ids.get(&row.get(10)?).copied(),
        head_seq: row.get(11)?,
        last_n: row.get(12)?,
        last_at: row.get(13)?,
        peers: Vec::new(),
        me,
    })
}

/// Reads `role, joined_at, read_seq, read_n, unread_from, muted, favourite, section, hidden,
/// hidden_n, snoozed_until, level, all_silenced` from column `first` on. Mentions are counted elsewhere.
///
/// # Errors
/// Any database error.
pub fn membership(row: &Row, first: usize) -> DbResult<Membership> {
    Ok(Membership {
        role: role_name(row.get(first)?),
        joined_at: row.get(first + 1)?,
        read_seq: row.get(first + 2)?,
        read_n: row.get(first + 3)?,
        unread_from: row.get(first + 4)?,
        mentions: 0,
        muted: row.get(first + 5)?,
        favourite: row.get(first + 6)?,
        section: row.get(first + 7)?,
        hidden: row.get(first + 8)?,
        hidden_n: row.get(first + 9)?,
        snoozed_until: row.get(first + 10)?,
        level: Level::from_stored(row.get(first + 5)?, row.get(first + 11)?),
        all_silenced: row.get(first + 12)?,
    })
}

/// The others among `members`, as ids, the first [`PEERS`] of them.
pub fn others_than(
    viewer: PrincipalKey,
    members: &[PrincipalKey],
    ids: &FxHashMap<PrincipalKey, PrincipalId>,
) -> Vec<PrincipalId> {
    members.iter().filter(|m| **m != viewer).filter_map(|m| ids.get(m).copied()).take(PEERS).collect()
}

async fn peers(db: &Db, logs: Vec<i64>) -> DbResult<FxHashMap<LogKey, Vec<PrincipalKey>>> {
    let mut out: FxHashMap<LogKey, Vec<PrincipalKey>> = FxHashMap::default();
    for row in db.query(PEERS_OF, params![logs]).await? {
        let list = out.entry(row.get(0)?).or_default();
        // One more than is shown, since the viewer may be among them.
        if list.len() <= PEERS {
            list.push(row.get(1)?);
        }
    }
    Ok(out)
}

/// Unread mentions of `viewer` in the main lane, by conversation.
///
/// # Errors
/// Any database error.
pub async fn mentions(db: &Db, viewer: PrincipalKey, logs: Vec<i64>) -> DbResult<FxHashMap<LogKey, i64>> {
    let rows = db.query(MENTIONS, params![viewer, logs]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

impl Conversation {
    /// What everybody in it sees of it.
    pub fn summary(&self) -> Summary {
        Summary {
            id: self.id,
            name: self.name.clone(),
            search_key: self.search_key.clone(),
            topic: self.topic.clone(),
            purpose: self.purpose.clone(),
            archived: self.archived,
            default: self.default,
            history: self.history,
            comments: self.comments,
            vanish_after: self.vanish_after,
            member_count: self.member_count,
        }
    }
}
