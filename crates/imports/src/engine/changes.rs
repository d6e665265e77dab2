//! What a newer export says otherwise of messages that are here already. Each message that
//! changes takes one event, as if somebody had changed it now.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;
use weft_kernel::{Fault, Micros, PrincipalKey, id::PrincipalId};
use weft_log::head;
use weft_storage::{Column, Envelope, Row, Tx, params};

use super::{Cx, ROWS, files, spaces::State, sql, stamp::Stamp};
use crate::{
    model::{Post, PostKind},
    report::Report,
};

const LIVE: i64 = 1;
/// Most versions of one message, as for edits made here.
const VERSIONS_MAX: i64 = 200;
/// So many messages may have vanished from an export before it counts as a part of one: at least
/// these, and one for every few that it has.
const VANISHED: usize = 20;
const VANISHED_SHARE: usize = 5;

/// A message of the source that is here.
#[derive(Debug)]
pub(super) struct Here {
    pub(super) seq: i64,
    /// None when it came in before imports left one.
    pub(super) stamp: Option<Stamp>,
}

/// A message's row, read under its head's lock.
struct Present {
    live: bool,
    n: Option<i64>,
    thread: Option<i64>,
    at: Micros,
    edited_at: Option<Micros>,
    pinned: bool,
    versions: i64,
    body: Option<Vec<u8>>,
    reactions: Vec<(String, PrincipalKey, Micros)>,
}

impl Present {
    /// What it says, and what it says after the source's text is taken over.
    fn newer(&self, post: &Post) -> Option<(&[u8], Vec<u8>)> {
        let body = Envelope.open(self.body.as_deref()?)?;
        Some((body, files::with_kept(body, &post.content)))
    }

    fn edited_here(&self, stamp: Option<Stamp>) -> bool {
        match stamp {
            Some(stamp) => self.edited_at.unwrap_or_default() != stamp.edited_at,
            None => self.versions > 0,
        }
    }
}

/// What becomes of a message's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    Same,
    Edited(Micros),
    Deleted,
    Conflict,
}

/// What is to be done to a message.
struct Change<'p> {
    seq: i64,
    post: Option<&'p Post>,
    text: Text,
    give: Vec<(String, PrincipalKey)>,
    take: Vec<(String, PrincipalKey)>,
    pin: bool,
    stamp: Option<Stamp>,
}

impl Change<'_> {
    fn is_event(&self) -> bool {
        matches!(self.text, Text::Edited(_) | Text::Deleted)
            || self.pin
            || !self.give.is_empty()
            || !self.take.is_empty()
    }

    fn note(&self, report: &mut Report) {
        let changed = &mut report.changed;
        match self.text {
            Text::Same => {}
            Text::Edited(_) => changed.edited += 1,
            Text::Deleted => changed.deleted += 1,
            Text::Conflict => changed.conflicts += 1,
        }
        changed.reactions += (self.give.len() + self.take.len()) as u64;
        changed.pins += u64::from(self.pin);
    }
}

/// Applies what `posts`, all of which are `here`, say otherwise than the last time.
pub(super) async fn apply(
    cx: &Cx<'_>,
    state: &mut State,
    posts: &[Post],
    here: &FxHashMap<String, Here>,
    report: &mut Report,
) -> Result<(), Fault> {
    let differs = |post: &&Post| {
        post.kind != PostKind::LeftOut && !here[&post.nonce].stamp.is_some_and(|stamp| stamp.agrees(post))
    };
    let other: Vec<&Post> = posts.iter().filter(differs).collect();
    if !cx.newer || other.is_empty() {
        return Ok(());
    }
    let mut tx = cx.db.begin().await?;
    head::lock(&mut tx, &[state.log]).await?;
    let present = present(&mut tx, state, other.iter().map(|post| here[&post.nonce].seq).collect()).await?;
    let now = cx.env.now();
    let changes = other.into_iter().filter_map(|post| {
        let here = &here[&post.nonce];
        present.get(&here.seq).map(|present| decide(post, here, present, now))
    });
    write(cx, state, tx, changes.collect(), &present, report).await
}

/// Buries what the source had between its first and its last message and has no more, unless it
/// was edited here. An export that lacks much is a part of one: then nothing is done.
pub(super) async fn vanished(cx: &Cx<'_>, state: &mut State, report: &mut Report) -> Result<(), Fault> {
    let (false, true, Some((first, last))) = (state.fresh, cx.newer, state.covers) else { return Ok(()) };
    let between = params![state.log, format!("{}:%", cx.kind()), first, last];
    let mut gone = Vec::new();
    for row in cx.db.query(sql::IMPORTED, between).await? {
        let (seq, bytes): (i64, Option<Vec<u8>>) = (row.get(0)?, row.get(1)?);
        let stamp = bytes.as_deref().and_then(Stamp::read);
        let imported = bytes.is_none() || stamp.is_some();
        if imported && !state.seen.contains(&seq) {
            gone.push(Here { seq, stamp });
        }
    }
    if gone.len() > VANISHED.max(state.seen.len() / VANISHED_SHARE) {
        *report.adapted_by.entry("missing_in_newer_export_kept".into()).or_default() += gone.len() as u64;
        return Ok(());
    }
    for chunk in gone.chunks(ROWS) {
        let mut tx = cx.db.begin().await?;
        head::lock(&mut tx, &[state.log]).await?;
        let present = present(&mut tx, state, chunk.iter().map(|here| here.seq).collect()).await?;
        let changes = chunk.iter().filter_map(|here| {
            let row = present.get(&here.seq).filter(|row| row.live)?;
            let text = if row.edited_here(here.stamp) { Text::Conflict } else { Text::Deleted };
            let (give, take) = Default::default();
            Some(Change { seq: here.seq, post: None, text, give, take, pin: false, stamp: None })
        });
        write(cx, state, tx, changes.collect(), &present, report).await?;
    }
    Ok(())
}

async fn present(tx: &mut Tx, state: &State, seqs: Vec<i64>) -> Result<FxHashMap<i64, Present>, Fault> {
    let mut found = FxHashMap::default();
    for row in tx.query(sql::PRESENT, params![state.log, seqs.clone()]).await? {
        found.insert(row.get(0)?, read(&row)?);
    }
    for row in tx.query(sql::REACTIONS, params![state.log, seqs]).await? {
        if let Some(present) = found.get_mut(&row.get::<i64>(0)?) {
            present.reactions.push((row.get(1)?, row.get(2)?, row.get(3)?));
        }
    }
    Ok(found)
}

fn read(row: &Row) -> Result<Present, Fault> {
    Ok(Present {
        live: row.get::<i64>(1)? == LIVE,
        n: row.get(2)?,
        thread: row.get(3)?,
        at: row.get(4)?,
        edited_at: row.get(5)?,
        pinned: row.get::<Option<Micros>>(6)?.is_some(),
        versions: row.get(7)?,
        body: row.get(8)?,
        reactions: Vec::new(),
    })
}

fn decide<'p>(post: &'p Post, here: &Here, present: &Present, now: Micros) -> Change<'p> {
    let text = decide_text(post, here, present, now);
    let old = here.stamp;
    let stays = present.live && text != Text::Deleted;
    let reacted = stays && old.is_none_or(|old| old.said.reactions != post.said.reactions);
    let (give, take) = if reacted { reactions(post, present) } else { Default::default() };
    let pin = stays
        && old.is_some_and(|old| old.pinned != post.pinned.is_some())
        && present.pinned != post.pinned.is_some();
    // What the row was given by an import: an edit that was made here stays one.
    let given = match text {
        Text::Edited(at) => Some(at),
        Text::Deleted => None,
        _ => old.map_or(present.edited_at.filter(|_| present.versions == 0), |old| Some(old.edited_at)),
    };
    Change { seq: here.seq, post: Some(post), text, give, take, pin, stamp: Some(Stamp::of(post, given)) }
}

fn decide_text(post: &Post, here: &Here, present: &Present, now: Micros) -> Text {
    let changed = match here.stamp {
        Some(stamp) => stamp.said.text != post.said.text,
        None => post.edited_at.is_some_and(|at| Some(at) != present.edited_at),
    };
    let deleted = post.kind == PostKind::Tombstone;
    if post.kind == PostKind::System || !(changed || deleted) || (deleted && !present.live) {
        return Text::Same;
    }
    if !present.live || present.edited_here(here.stamp) || present.versions >= VERSIONS_MAX {
        return Text::Conflict;
    }
    if deleted {
        return Text::Deleted;
    }
    let same = present.newer(post).is_some_and(|(body, newer)| body == newer);
    if same { Text::Same } else { Text::Edited(post.edited_at.unwrap_or(now)) }
}

type Reactions = Vec<(String, PrincipalKey)>;

/// Reactions to give and to take back. One that was given here has its own time and stays.
fn reactions(post: &Post, present: &Present) -> (Reactions, Reactions) {
    let held: FxHashSet<(&str, PrincipalKey)> =
        present.reactions.iter().map(|(emoji, who, _)| (emoji.as_str(), *who)).collect();
    let given: FxHashSet<(&str, PrincipalKey)> =
        post.reactions.iter().map(|(emoji, who)| (emoji.as_str(), *who)).collect();
    let give = post.reactions.iter().filter(|(emoji, who)| !held.contains(&(emoji.as_str(), *who)));
    let take = present
        .reactions
        .iter()
        .filter(|(emoji, who, at)| *at == present.at && !given.contains(&(emoji.as_str(), *who)));
    (give.cloned().collect(), take.map(|(emoji, who, _)| (emoji.clone(), *who)).collect())
}

/// Counts the changes, and writes them unless this is a dry run.
async fn write(
    cx: &Cx<'_>,
    state: &mut State,
    mut tx: Tx,
    changes: Vec<Change<'_>>,
    present: &FxHashMap<i64, Present>,
    report: &mut Report,
) -> Result<(), Fault> {
    changes.iter().for_each(|change| change.note(report));
    if cx.options.dry_run {
        return Ok(tx.rollback().await?);
    }
    let log = state.log.0;
    let events: Vec<&Change<'_>> = changes.iter().filter(|change| change.is_event()).collect();
    if !events.is_empty() {
        let count = events.len() as i64;
        let end = head::advance_by(&mut tx, state.log, count, cx.env.now()).await?.seq;
        let columns = vec![
            Column::Ints(vec![log; events.len()]),
            Column::Ints(events.iter().map(|change| change.seq).collect()),
            Column::Ints((end - count + 1..=end).collect()),
        ];
        tx.execute_many(sql::TOUCH, columns).await?;
    }
    texts(&mut tx, log, &changes, present).await?;
    react(&mut tx, log, &changes, present).await?;
    pins(&mut tx, log, &changes).await?;
    let stamped =
        || changes.iter().filter_map(|change| change.stamp.map(|stamp| (change.seq, stamp.bytes())));
    let columns = vec![
        Column::Ints(stamped().map(|_| log).collect()),
        Column::Ints(stamped().map(|(seq, _)| seq).collect()),
        Column::Bytes(stamped().map(|(_, bytes)| bytes).collect()),
    ];
    tx.execute_many(sql::STAMP, columns).await?;
    state.changed += events.len() as u64;
    Ok(tx.commit().await?)
}

/// Whom a stored body mentions.
#[derive(Deserialize)]
struct Mentioned {
    #[serde(default)]
    mentions: Vec<PrincipalId>,
}

async fn texts(
    tx: &mut Tx,
    log: i64,
    changes: &[Change<'_>],
    present: &FxHashMap<i64, Present>,
) -> Result<(), Fault> {
    for change in changes {
        let (seq, row) = (change.seq, &present[&change.seq]);
        if !matches!(change.text, Text::Edited(_) | Text::Deleted) {
            continue;
        }
        let plain = row.body.as_deref().and_then(|body| Envelope.open(body));
        let before = plain.and_then(|plain| serde_json::from_slice::<Mentioned>(plain).ok());
        let named: Vec<_> = before.iter().flat_map(|b| &b.mentions).map(|id| id.uuid()).collect();
        tx.execute(sql::UNMENTION, params![log, seq, named]).await?;
        match (change.text, change.post) {
            (Text::Edited(at), Some(post)) => {
                let written = row.edited_at.unwrap_or(row.at);
                let kept = params![log, seq, row.versions + 1, written, row.body.clone()];
                tx.execute(sql::KEEP, kept).await?;
                let newer = row.newer(post).map_or_else(|| post.content.clone(), |(_, newer)| newer);
                tx.execute(sql::EDIT, params![log, seq, Envelope.seal(&newer), at]).await?;
                for who in &post.mentions {
                    tx.execute(sql::MENTION, params![*who, log, seq, row.n, row.thread]).await?;
                }
            }
            _ => {
                tx.execute(sql::BURY, params![log, seq]).await?;
                tx.execute(sql::FORGET_VERSIONS, params![log, seq]).await?;
                tx.execute(sql::FORGET_REACTIONS, params![log, seq]).await?;
                tx.execute(sql::FORGET_FILES, params![log, seq]).await?;
            }
        }
    }
    Ok(())
}

async fn react(
    tx: &mut Tx,
    log: i64,
    changes: &[Change<'_>],
    present: &FxHashMap<i64, Present>,
) -> Result<(), Fault> {
    let given = || changes.iter().flat_map(|c| c.give.iter().map(move |given| (c.seq, given)));
    let taken = || changes.iter().flat_map(|c| c.take.iter().map(move |taken| (c.seq, taken)));
    let columns = vec![
        Column::Ints(given().map(|_| log).collect()),
        Column::Ints(given().map(|(seq, _)| seq).collect()),
        Column::Texts(given().map(|(_, (emoji, _))| emoji.clone()).collect()),
        Column::Ints(given().map(|(_, (_, who))| who.0).collect()),
        Column::Ints(given().map(|(seq, _)| present[&seq].at).collect()),
    ];
    tx.execute_many(sql::ADD_REACTIONS, columns).await?;
    let columns = vec![
        Column::Ints(taken().map(|_| log).collect()),
        Column::Ints(taken().map(|(seq, _)| seq).collect()),
        Column::Texts(taken().map(|(_, (emoji, _))| emoji.clone()).collect()),
        Column::Ints(taken().map(|(_, (_, who))| who.0).collect()),
    ];
    tx.execute_many(sql::TAKE_REACTIONS, columns).await?;
    Ok(())
}

async fn pins(tx: &mut Tx, log: i64, changes: &[Change<'_>]) -> Result<(), Fault> {
    for change in changes.iter().filter(|change| change.pin) {
        let pinned = change.post.and_then(|post| post.pinned);
        let (who, at) = (pinned.map(|(who, _)| who), pinned.map(|(_, at)| at));
        tx.execute(sql::PIN, params![log, change.seq, at, who]).await?;
    }
    Ok(())
}
