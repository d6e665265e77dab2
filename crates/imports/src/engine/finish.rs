//! What follows a conversation's messages: memberships, followed threads, read marks, and telling
//! a running server.
//!
//! Members come last so that they are made with their read marks at the end: nobody meets
//! 200,000 unread messages, and no mark is written twice.

use rustc_hash::{FxHashMap, FxHashSet};
use weft_kernel::{Fault, LogKey};
use weft_log::{ControlKind, control, head};
use weft_storage::{Column, params};

use super::{Cx, ROWS, spaces::State, sql};
use crate::{
    model::{Directory, Known, Space},
    report::Report,
};

/// Rows per transaction when each takes an event in somebody's own log.
const LIVE_ROWS: usize = 500;

pub(super) async fn run(
    cx: &Cx<'_>,
    state: &mut State,
    space: &Space,
    directory: &Directory,
    report: &mut Report,
) -> Result<(), Fault> {
    let new = missing(cx, state, space, directory).await?;
    report.memberships += new.len() as u64;
    if cx.options.dry_run {
        return Ok(());
    }
    let creator = space.creator.as_ref().and_then(|c| directory.people.get(c)).map(|k| k.key);
    for chunk in new.chunks(ROWS) {
        let roles = chunk.iter().map(|k| if Some(k.key) == creator { 1 } else { 3 }).collect();
        add_members(cx, state, space, chunk, roles).await?;
    }
    follow(cx, state).await?;
    let mut touched: Vec<LogKey> = new.iter().filter(|k| !k.placeholder).map(|k| k.log).collect();
    if !state.fresh && state.added > 0 {
        touched.extend(raise_marks(cx, state).await?);
    }
    if !state.fresh && state.added + state.changed > 0 {
        touched.push(state.log);
    }
    let membership_changed = !new.is_empty() && (!state.fresh || !touched.is_empty());
    announce(cx, state, touched, membership_changed).await?;
    state.roots = None;
    state.wanted = FxHashSet::default();
    state.seen = FxHashSet::default();
    Ok(())
}

/// Members of the source who are not, and never were, members here.
async fn missing(
    cx: &Cx<'_>,
    state: &State,
    space: &Space,
    directory: &Directory,
) -> Result<Vec<Known>, Fault> {
    let mut seen: FxHashSet<i64> = FxHashSet::default();
    if !state.fresh {
        for row in cx.db.query(sql::MEMBERS, params![state.log]).await? {
            seen.insert(row.get(0)?);
        }
    }
    let people = space.members.iter().filter_map(|id| directory.people.get(id));
    Ok(people.filter(|known| seen.insert(known.key.0)).copied().collect())
}

async fn add_members(
    cx: &Cx<'_>,
    state: &State,
    space: &Space,
    people: &[Known],
    roles: Vec<i64>,
) -> Result<(), Fault> {
    let live = people.iter().filter(|k| !k.placeholder).map(|k| k.log);
    let live: Vec<LogKey> = live.chain([state.log]).collect();
    let mut tx = cx.db.begin().await?;
    let heads: FxHashMap<LogKey, head::Head> = head::lock(&mut tx, &live).await?.into_iter().collect();
    let before = heads.get(&state.log).ok_or_else(|| Fault::internal("a conversation has no log"))?;
    let (count, end) = (people.len(), before.seq + people.len() as i64);
    let hidden = tx.query_opt(sql::HIDE, params![state.log, before.seq + 1]).await?;
    let visible_from: i64 = hidden.map_or(Ok(0), |row| row.get(0))?;
    let own =
        people.iter().map(|k| if k.placeholder { 0 } else { heads.get(&k.log).map_or(0, |h| h.seq + 1) });
    let columns = vec![
        Column::Ints(vec![state.log.0; count]),
        Column::Ints(people.iter().map(|k| k.key.0).collect()),
        Column::Ints(roles),
        Column::Ints(vec![space.created_at; count]),
        Column::Ints((before.seq + 1..=end).collect()),
        Column::Ints(vec![end; count]),
        Column::Ints(vec![before.n; count]),
        Column::Ints(own.collect()),
        Column::Ints(vec![visible_from; count]),
    ];
    tx.execute_many(sql::ADD_MEMBERS, columns).await?;
    tx.execute(sql::MOVE_HEAD_ACL, params![state.log, end, space.created_at]).await?;
    let logs: Vec<i64> = live.iter().filter(|l| **l != state.log).map(|l| l.0).collect();
    if !logs.is_empty() {
        tx.execute(sql::MOVE_HEADS, params![logs, cx.env.now()]).await?;
    }
    tx.execute(sql::COUNT_MEMBERS, params![state.log]).await?;
    Ok(tx.commit().await?)
}

/// Who takes part in a thread follows it and has read it.
async fn follow(cx: &Cx<'_>, state: &State) -> Result<(), Fault> {
    let threads = state.roots.iter().flat_map(|roots| roots.values()).filter(|root| root.last_n > 0);
    let marks: Vec<(i64, i64, i64)> =
        threads.flat_map(|root| root.people.iter().map(|who| (who.0, root.seq, root.last_n))).collect();
    for chunk in marks.chunks(ROWS) {
        let columns = vec![
            Column::Ints(chunk.iter().map(|mark| mark.0).collect()),
            Column::Ints(vec![state.log.0; chunk.len()]),
            Column::Ints(chunk.iter().map(|mark| mark.1).collect()),
            Column::Ints(chunk.iter().map(|mark| mark.2).collect()),
        ];
        let mut tx = cx.db.begin().await?;
        tx.execute_many(sql::ADD_MARKS, columns).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Members for whom everything unread came with the import have read it. Returns the own logs of
/// those who may be looking.
async fn raise_marks(cx: &Cx<'_>, state: &State) -> Result<Vec<LogKey>, Fault> {
    let like = format!("{}:%", cx.kind());
    let native: i64 = cx.db.query_one(sql::LAST_NATIVE, params![state.log, like]).await?.get(0)?;
    let heads = {
        let mut tx = cx.db.begin().await?;
        let heads = head::lock(&mut tx, &[state.log]).await?;
        tx.rollback().await?;
        heads
    };
    let Some((_, end)) = heads.first() else { return Ok(Vec::new()) };
    let rows = cx.db.query(sql::BEHIND, params![state.log, native, end.n]).await?;
    let behind: Vec<(i64, LogKey, bool)> = rows
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?, row.get::<i64>(2)? == 3)))
        .collect::<Result<_, Fault>>()?;
    for chunk in behind.chunks(LIVE_ROWS) {
        raise(cx, state, chunk, end).await?;
    }
    Ok(behind.into_iter().filter(|(_, _, placeholder)| !placeholder).map(|(_, log, _)| log).collect())
}

async fn raise(
    cx: &Cx<'_>,
    state: &State,
    people: &[(i64, LogKey, bool)],
    end: &head::Head,
) -> Result<(), Fault> {
    let live: Vec<LogKey> = people.iter().filter(|(.., placeholder)| !placeholder).map(|p| p.1).collect();
    let mut tx = cx.db.begin().await?;
    let heads: FxHashMap<LogKey, head::Head> = head::lock(&mut tx, &live).await?.into_iter().collect();
    let own = people.iter().map(|(_, log, _)| heads.get(log).map_or(0, |head| head.seq + 1));
    let columns = vec![
        Column::Ints(vec![state.log.0; people.len()]),
        Column::Ints(people.iter().map(|p| p.0).collect()),
        Column::Ints(vec![end.seq; people.len()]),
        Column::Ints(vec![end.n; people.len()]),
        Column::Ints(own.collect()),
    ];
    tx.execute_many(sql::RAISE, columns).await?;
    if !live.is_empty() {
        let logs: Vec<i64> = live.iter().map(|log| log.0).collect();
        tx.execute(sql::MOVE_HEADS, params![logs, cx.env.now()]).await?;
    }
    Ok(tx.commit().await?)
}

/// Tells a running server which logs grew, in a transaction of its own: the control head comes
/// before all others in the lock order.
async fn announce(
    cx: &Cx<'_>,
    state: &State,
    touched: Vec<LogKey>,
    membership_changed: bool,
) -> Result<(), Fault> {
    if touched.is_empty() && !membership_changed {
        return Ok(());
    }
    let now = cx.env.now();
    let mut tx = cx.db.begin().await?;
    if membership_changed {
        control::announce(&mut tx, ControlKind::Conversation, state.log.0, now).await?;
    }
    for log in touched {
        control::announce(&mut tx, ControlKind::Log, log.0, now).await?;
    }
    Ok(tx.commit().await?)
}
