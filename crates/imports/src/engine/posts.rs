//! Messages: those that are not here yet get the next numbers of their log and lane.

use rustc_hash::FxHashMap;
use weft_kernel::{Fault, PrincipalKey};
use weft_log::head;
use weft_storage::{Column, Envelope, Tx, params};

use super::{
    Cx,
    changes::{self, Here},
    files::{self, Carrier},
    late,
    spaces::{Root, State},
    sql,
    stamp::Stamp,
};
use crate::{
    model::{Post, PostKind},
    report::Report,
};

/// Files of the messages of one transaction, unless a single one has more.
const FILES: usize = 32;

/// How far the run has come, noted with the rows.
pub(super) struct Step {
    pub(super) done: u64,
    pub(super) total: u64,
}

/// Writes a batch in one transaction.
pub(super) async fn write(
    cx: &Cx<'_>,
    mut carrier: Option<&mut Carrier<'_>>,
    state: &mut State,
    posts: Vec<Post>,
    step: Step,
    report: &mut Report,
) -> Result<(), Fault> {
    let here = existing(cx, state, &posts).await?;
    cover(state, &posts);
    if state.roots.is_none() {
        state.roots = Some(find_roots(cx, state).await?);
    }
    let (old, mut new): (Vec<Post>, Vec<Post>) = posts.into_iter().partition(|p| here.contains_key(&p.nonce));
    new.retain(|post| post.kind != PostKind::LeftOut);
    report.already.messages += old.len() as u64;
    for post in &old {
        let seq = here[&post.nonce].seq;
        take_part(state, post, seq);
        state.seen.insert(seq);
    }
    changes::apply(cx, state, &old, &here, report).await?;
    if let Some(carrier) = carrier.as_deref_mut() {
        late::complete(cx, carrier, state, &old, &here, report).await?;
    }
    while !new.is_empty() {
        let rest = new.split_off(with_files(&new));
        add(cx, carrier.as_deref_mut(), state, std::mem::replace(&mut new, rest), &step, report).await?;
    }
    Ok(())
}

/// How many of `posts` are written at once: a run that breaks off reads few files again.
fn with_files(posts: &[Post]) -> usize {
    let mut files = 0;
    let end = posts.iter().position(|post| {
        files += post.files.len();
        files > FILES
    });
    end.unwrap_or(posts.len()).max(1).min(posts.len())
}

async fn add(
    cx: &Cx<'_>,
    mut carrier: Option<&mut Carrier<'_>>,
    state: &mut State,
    mut new: Vec<Post>,
    step: &Step,
    report: &mut Report,
) -> Result<(), Fault> {
    for post in new.iter_mut().filter(|post| !post.files.is_empty()) {
        match &mut carrier {
            Some(carrier) => carrier.bring(cx, post, report).await?,
            None => report.files += post.files.len() as u64,
        }
    }
    state.added += new.len() as u64;
    report.messages += new.len() as u64;
    report.reactions += new.iter().map(|p| p.reactions.len() as u64).sum::<u64>();
    if cx.options.dry_run {
        let numbered = Numbered::assign(state, new, state.pretended_seq, 0, report);
        state.pretended_seq = numbered.seq;
        return Ok(());
    }
    let mut tx = cx.db.begin().await?;
    let locked = head::lock(&mut tx, &[state.log]).await?;
    let (_, before) = locked.first().ok_or_else(|| Fault::internal("a conversation has no log"))?;
    let numbered = Numbered::assign(state, new, before.seq, before.n, report);
    let last_at = numbered.rows.iter().map(|r| r.post.at).max().unwrap_or_default();
    tx.execute(sql::MOVE_HEAD, params![state.log, numbered.seq, numbered.n, last_at]).await?;
    if !state.fresh {
        state.seen.extend(numbered.rows.iter().map(|row| row.seq));
    }
    insert(cx, state, numbered.rows, &mut tx).await?;
    if let Some(run) = cx.options.run {
        tx.execute(sql::PROGRESS, params![run, step.done as i64, step.total as i64]).await?;
    }
    Ok(tx.commit().await?)
}

/// Notes from when to when the source reaches.
fn cover(state: &mut State, posts: &[Post]) {
    for post in posts {
        let (first, last) = state.covers.unwrap_or((post.at, post.at));
        state.covers = Some((first.min(post.at), last.max(post.at)));
    }
}

/// The batch's messages that an earlier run wrote, by nonce.
async fn existing(cx: &Cx<'_>, state: &State, posts: &[Post]) -> Result<FxHashMap<String, Here>, Fault> {
    let mut here = FxHashMap::default();
    if state.fresh {
        return Ok(here);
    }
    let pairs: Vec<String> =
        posts.iter().map(|p| serde_json::json!([p.sender.0, p.nonce]).to_string()).collect();
    for row in cx.db.query(sql::EXISTING, params![state.log, pairs]).await? {
        let stamp: Option<Vec<u8>> = row.get(2)?;
        here.insert(row.get(0)?, Here { seq: row.get(1)?, stamp: stamp.and_then(|s| Stamp::read(&s)) });
    }
    Ok(here)
}

/// The starts of threads that earlier runs wrote.
async fn find_roots(cx: &Cx<'_>, state: &State) -> Result<FxHashMap<String, Root>, Fault> {
    let mut roots = FxHashMap::default();
    if state.wanted.is_empty() {
        return Ok(roots);
    }
    let wanted: Vec<String> = state.wanted.iter().cloned().collect();
    let mut seqs = Vec::new();
    for row in cx.db.query(sql::ROOTS, params![state.log, wanted]).await? {
        let root = Root { seq: row.get(1)?, last_n: 0, people: vec![row.get(2)?] };
        seqs.push(root.seq);
        roots.insert(row.get(0)?, root);
    }
    let mut ends: FxHashMap<i64, i64> = FxHashMap::default();
    for row in cx.db.query(sql::THREAD_ENDS, params![state.log, seqs]).await? {
        ends.insert(row.get(0)?, row.get(1)?);
    }
    for root in roots.values_mut() {
        root.last_n = ends.get(&root.seq).copied().unwrap_or_default();
    }
    Ok(roots)
}

/// Notes who takes part in the thread of a message that is here already.
fn take_part(state: &mut State, post: &Post, seq: i64) {
    let roots = state.roots.get_or_insert_with(FxHashMap::default);
    if let Some(root) = post.thread.as_ref().and_then(|nonce| roots.get_mut(nonce))
        // A reply that came before its start went to the main lane.
        && root.seq < seq
    {
        root.join(post.sender);
    }
}

impl Root {
    fn join(&mut self, who: PrincipalKey) {
        if !self.people.contains(&who) {
            self.people.push(who);
        }
    }
}

pub(super) struct Row {
    pub(super) post: Post,
    pub(super) seq: i64,
    n: Option<i64>,
    thread: Option<i64>,
}

/// Messages with their numbers, and the head after them.
struct Numbered {
    rows: Vec<Row>,
    seq: i64,
    n: i64,
}

impl Numbered {
    fn assign(state: &mut State, posts: Vec<Post>, seq: i64, n: i64, report: &mut Report) -> Numbered {
        let mut out = Numbered { rows: Vec::with_capacity(posts.len()), seq, n };
        let roots = state.roots.get_or_insert_with(FxHashMap::default);
        for post in posts {
            out.seq += 1;
            let counts = post.kind != PostKind::System;
            let root = post.thread.as_ref().and_then(|nonce| roots.get_mut(nonce));
            if post.thread.is_some() && root.is_none() {
                report.adapt("reply_without_its_start");
            }
            let (n, thread) = match root {
                Some(root) => {
                    report.threads += u64::from(root.last_n == 0 && counts);
                    report.replies += 1;
                    root.join(post.sender);
                    root.last_n += i64::from(counts);
                    (root.last_n, Some(root.seq))
                }
                None => {
                    out.n += i64::from(counts);
                    (out.n, None)
                }
            };
            if thread.is_none() && state.wanted.contains(&post.nonce) {
                let root = Root { seq: out.seq, last_n: 0, people: vec![post.sender] };
                roots.insert(post.nonce.clone(), root);
            }
            out.rows.push(Row { post, seq: out.seq, n: counts.then_some(n), thread });
        }
        out
    }
}

async fn insert(cx: &Cx<'_>, state: &State, rows: Vec<Row>, tx: &mut Tx) -> Result<(), Fault> {
    let log = state.log.0;
    insert_reactions(log, &rows, tx).await?;
    insert_mentions(log, &rows, tx).await?;
    insert_versions(log, &rows, tx).await?;
    files::refer(log, &rows, tx).await?;
    let ints = |int: fn(&Row) -> i64| Column::Ints(rows.iter().map(int).collect());
    let optional = |int: fn(&Row) -> Option<i64>| Column::OptInts(rows.iter().map(int).collect());
    let bodies = rows.iter().map(|r| match r.post.kind {
        PostKind::Tombstone => None,
        _ => Some(Envelope.seal(&r.post.content)),
    });
    let columns = vec![
        Column::Ints(vec![log; rows.len()]),
        ints(|r| r.seq),
        Column::Uuids(rows.iter().map(|_| cx.env.uuid()).collect()),
        ints(|r| r.post.sender.0),
        ints(|r| if r.post.kind == PostKind::System { 2 } else { 1 }),
        ints(|r| if r.post.kind == PostKind::Tombstone { 3 } else { 1 }),
        optional(|r| r.n),
        optional(|r| r.thread),
        Column::Texts(rows.iter().map(|r| r.post.nonce.clone()).collect()),
        ints(|r| r.post.at),
        optional(|r| r.post.edited_at),
        optional(|r| r.post.pinned.map(|(_, at)| at)),
        optional(|r| r.post.pinned.map(|(who, _)| who.0)),
        Column::OptBytes(bodies.collect()),
        Column::Bytes(rows.iter().map(|r| Stamp::of(&r.post, r.post.edited_at).bytes()).collect()),
    ];
    tx.execute_many(sql::ADD_MESSAGES, columns).await?;
    Ok(())
}

async fn insert_reactions(log: i64, rows: &[Row], tx: &mut Tx) -> Result<(), Fault> {
    let given = || rows.iter().flat_map(|r| r.post.reactions.iter().map(move |given| (r, given)));
    let columns = vec![
        Column::Ints(given().map(|_| log).collect()),
        Column::Ints(given().map(|(r, _)| r.seq).collect()),
        Column::Texts(given().map(|(_, (emoji, _))| emoji.clone()).collect()),
        Column::Ints(given().map(|(_, (_, who))| who.0).collect()),
        Column::Ints(given().map(|(r, _)| r.post.at).collect()),
    ];
    tx.execute_many(sql::ADD_REACTIONS, columns).await?;
    Ok(())
}

async fn insert_mentions(log: i64, rows: &[Row], tx: &mut Tx) -> Result<(), Fault> {
    let named = || rows.iter().flat_map(|r| r.post.mentions.iter().map(move |who| (r, who)));
    let columns = vec![
        Column::Ints(named().map(|(_, who)| who.0).collect()),
        Column::Ints(named().map(|_| log).collect()),
        Column::Ints(named().map(|(r, _)| r.seq).collect()),
        Column::OptInts(named().map(|(r, _)| r.n).collect()),
        Column::OptInts(named().map(|(r, _)| r.thread).collect()),
    ];
    tx.execute_many(sql::ADD_MENTIONS, columns).await?;
    Ok(())
}

async fn insert_versions(log: i64, rows: &[Row], tx: &mut Tx) -> Result<(), Fault> {
    let earlier = || rows.iter().flat_map(|r| r.post.versions.iter().enumerate().map(move |v| (r, v)));
    let columns = vec![
        Column::Ints(earlier().map(|_| log).collect()),
        Column::Ints(earlier().map(|(r, _)| r.seq).collect()),
        Column::Ints(earlier().map(|(_, (i, _))| i as i64 + 1).collect()),
        Column::Ints(earlier().map(|(_, (_, (at, _)))| *at).collect()),
        Column::Bytes(earlier().map(|(_, (_, (_, body)))| Envelope.seal(body)).collect()),
    ];
    tx.execute_many(sql::ADD_VERSIONS, columns).await?;
    Ok(())
}
