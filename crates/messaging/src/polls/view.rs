//! How far polls are: counted from the votes, and as readers see it.

use async_trait::async_trait;
use rustc_hash::FxHashMap;
use weft_kernel::{Fault, LogKey, Micros, PrincipalKey, id::PrincipalId};
use weft_storage::{Db, DbResult, Envelope, Row, Tx, params};

use super::{Results, sql};
use crate::{
    people::People,
    teller::{Count, Spot},
    wire::{Poll, PollChoice},
};

/// How many people an option names.
const FACES: i64 = 5;

/// Counts votes.
pub(crate) struct Votes;

#[async_trait]
impl Count for Votes {
    async fn count(&self, tx: &mut Tx, spot: Spot) -> Result<bool, Fault> {
        Ok(count(tx, spot).await?)
    }
}

/// Counts a poll's votes and writes down what it found; false when the poll is gone.
pub(super) async fn count(tx: &mut Tx, Spot { log, seq }: Spot) -> DbResult<bool> {
    let voters: i64 = tx.query_one(sql::VOTERS, params![log, seq]).await?.get(0)?;
    if tx.execute(sql::COUNTED, params![log, seq, voters]).await? == 0 {
        return Ok(false);
    }
    let counts = pairs(tx.query(sql::COUNT, params![log, seq]).await?)?;
    let mut faces: FxHashMap<i64, Vec<i64>> = FxHashMap::default();
    for (option, who) in pairs(tx.query(sql::FACES, params![log, seq, FACES]).await?)? {
        faces.entry(option).or_default().push(who);
    }
    for row in tx.query(sql::TEXTS, params![log, seq]).await? {
        let option: i64 = row.get(0)?;
        let votes = counts.iter().find(|(of, _)| *of == option).map_or(0, |(_, votes)| *votes);
        let first = serde_json::to_string(&faces.remove(&option).unwrap_or_default()).unwrap_or_default();
        tx.execute(sql::COUNTED_OPTION, params![log, seq, option, votes, first]).await?;
    }
    Ok(true)
}

/// Reads two numbers of each row.
pub(super) fn pairs(rows: Vec<Row>) -> DbResult<Vec<(i64, i64)>> {
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// A poll's row.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) anonymous: bool,
    results: Results,
    voters: i64,
    pub(super) closed_at: Option<Micros>,
    closed_by: Option<PrincipalKey>,
}

impl Held {
    fn read(row: &Row) -> DbResult<Held> {
        Ok(Held {
            anonymous: row.get(2)?,
            results: Results::from_stored(row.get(3)?),
            voters: row.get(6)?,
            closed_at: row.get(7)?,
            closed_by: row.get(8)?,
        })
    }

    /// Whether its results are shown to somebody who has voted, or not.
    pub(super) fn shown(&self, voted: bool) -> bool {
        self.closed_at.is_some()
            || match self.results {
                Results::Always => true,
                Results::Voted => voted,
                Results::Closed => false,
            }
    }
}

/// An option's row.
struct Choice {
    id: i64,
    text: String,
    added_by: Option<PrincipalKey>,
    votes: i64,
    faces: Vec<PrincipalKey>,
}

impl Choice {
    fn read(row: &Row) -> DbResult<Choice> {
        let sealed: Vec<u8> = row.get(2)?;
        let text = Envelope.open(&sealed).map(|plain| String::from_utf8_lossy(plain).into_owned());
        let faces: Vec<i64> = serde_json::from_str(&row.get::<String>(5)?).unwrap_or_default();
        Ok(Choice {
            id: row.get(1)?,
            text: text.unwrap_or_default(),
            added_by: row.get(3)?,
            votes: row.get(4)?,
            faces: faces.into_iter().map(PrincipalKey).collect(),
        })
    }

    fn shown(self, shown: bool, ids: &FxHashMap<PrincipalKey, PrincipalId>) -> PollChoice {
        let faces = if shown { self.faces } else { Vec::new() };
        PollChoice {
            id: self.id,
            text: self.text,
            added_by: self.added_by.and_then(|key| ids.get(&key).copied()),
            votes: shown.then_some(self.votes),
            faces: faces.iter().filter_map(|key| ids.get(key).copied()).collect(),
        }
    }
}

/// The polls of some messages of one conversation, as everybody sees them.
///
/// # Errors
/// Any database error.
pub(crate) async fn load(
    db: &Db,
    people: &People,
    log: LogKey,
    seqs: Vec<i64>,
) -> DbResult<FxHashMap<i64, Poll>> {
    read(db, people, log, seqs, false).await
}

/// The poll of one message, for somebody who has voted, or not.
pub(super) async fn one(
    db: &Db,
    people: &People,
    Spot { log, seq }: Spot,
    voted: bool,
) -> DbResult<Option<Poll>> {
    Ok(read(db, people, log, vec![seq], voted).await?.remove(&seq))
}

/// A poll's row, if the message has one.
pub(super) async fn held(db: &Db, Spot { log, seq }: Spot) -> DbResult<Option<Held>> {
    db.query_opt(sql::POLLS, params![log, vec![seq]]).await?.as_ref().map(Held::read).transpose()
}

async fn read(
    db: &Db,
    people: &People,
    log: LogKey,
    seqs: Vec<i64>,
    voted: bool,
) -> DbResult<FxHashMap<i64, Poll>> {
    let rows = db.query(sql::POLLS, params![log, seqs.clone()]).await?;
    let polls = rows
        .iter()
        .map(|row| Ok((row.get(0)?, Held::read(row)?)))
        .collect::<DbResult<FxHashMap<i64, Held>>>()?;
    let rows = db.query(sql::OPTIONS, params![log, seqs]).await?;
    let options = rows
        .iter()
        .map(|row| Ok((row.get(0)?, Choice::read(row)?)))
        .collect::<DbResult<Vec<(i64, Choice)>>>()?;
    let mut who: Vec<PrincipalKey> = polls.values().filter_map(|poll| poll.closed_by).collect();
    who.extend(options.iter().flat_map(|(_, option)| option.faces.iter().copied().chain(option.added_by)));
    let ids = people.ids(who).await?;
    let mut out: FxHashMap<i64, Poll> = FxHashMap::default();
    for (seq, held) in &polls {
        let closed_by = held.closed_by.and_then(|key| ids.get(&key).copied());
        let poll = Poll { options: Vec::new(), voters: held.voters, closed_at: held.closed_at, closed_by };
        out.insert(*seq, poll);
    }
    for (seq, option) in options {
        if let (Some(poll), Some(held)) = (out.get_mut(&seq), polls.get(&seq)) {
            poll.options.push(option.shown(held.shown(voted), &ids));
        }
    }
    Ok(out)
}
