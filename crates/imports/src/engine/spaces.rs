//! Conversations: found by what was noted of them, else added. A conversation that is here
//! already is never taken over because it has the same name. One of the same people goes on with
//! the imported messages when they are later than all that was said in it; a log grows only at
//! its end, so earlier ones become an archived conversation to which the present one refers.

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::json;
use weft_kernel::{
    Fault, LogKey, Micros, PrincipalKey,
    id::ConversationId,
    names::{self, MAX_NAME_CHARS},
};
use weft_log::{ControlKind, control, head};
use weft_storage::{Column, Envelope, Tx, params};

use super::{Cx, people::map_rows, sql};
use crate::{
    model::{Directory, Mentions, Space, SpaceKind},
    report::Report,
};

/// Conversations of one transaction.
const SPACES: usize = 200;
/// Longest topic or purpose kept, in characters.
const MAX_NOTE: usize = 1_000;
/// The kind of a conversation's log.
const LOG_OF_CONVERSATION: i64 = 1;

/// A conversation while its messages are written.
#[derive(Debug)]
pub(super) struct State {
    pub(super) log: LogKey,
    /// Made by this run: nothing of it is here yet.
    pub(super) fresh: bool,
    /// Nonces that replies refer to.
    pub(super) wanted: FxHashSet<String>,
    /// Those that are here, by nonce. None until they were looked up.
    pub(super) roots: Option<FxHashMap<String, Root>>,
    /// Messages added.
    pub(super) added: u64,
    /// Messages changed.
    pub(super) changed: u64,
    /// Which messages of those that are here the source has.
    pub(super) seen: FxHashSet<i64>,
    /// When the first and the last message that the source has were written.
    pub(super) covers: Option<(Micros, Micros)>,
    /// For a dry run, where no head row tells it.
    pub(super) pretended_seq: i64,
}

/// The start of a thread.
#[derive(Debug, Clone)]
pub(super) struct Root {
    pub(super) seq: i64,
    /// The last ordinal in the thread.
    pub(super) last_n: i64,
    /// Who takes part.
    pub(super) people: Vec<PrincipalKey>,
}

/// One [`State`] per conversation of `spaces`; fills `directory`.
pub(super) async fn ensure(
    cx: &Cx<'_>,
    spaces: &[Space],
    directory: &mut Directory,
    report: &mut Report,
) -> Result<Vec<State>, Fault> {
    let mut here: FxHashMap<String, (LogKey, ConversationId)> = FxHashMap::default();
    for row in cx.db.query(sql::MAPPED_SPACES, params![cx.org, cx.source.as_str()]).await? {
        here.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
    }
    let existed = here.len();
    let new: Vec<&Space> = spaces.iter().filter(|s| !here.contains_key(&s.outside)).collect();
    let Planned { plans, merged } = plan(cx, &new, directory, report).await?;
    if !cx.options.dry_run {
        note_merged(cx, &merged).await?;
    }
    for (space, log, id) in &merged {
        here.insert(space.outside.clone(), (*log, *id));
    }
    for chunk in plans.chunks(SPACES) {
        let logs = if cx.options.dry_run { vec![0; chunk.len()] } else { add(cx, chunk).await? };
        for (plan, log) in chunk.iter().zip(logs) {
            here.insert(plan.space.outside.clone(), (LogKey(log), plan.id));
        }
    }
    report.conversations = plans.len() as u64;
    report.merged = merged.len() as u64;
    report.already.conversations = existed.min(spaces.len() - plans.len() - merged.len()) as u64;
    let fresh: FxHashSet<&str> = plans.iter().map(|p| p.space.outside.as_str()).collect();
    let mut states = Vec::with_capacity(spaces.len());
    for space in spaces {
        let (log, id) = here[&space.outside];
        directory.spaces.insert(space.outside.clone(), id);
        let fresh = fresh.contains(space.outside.as_str());
        states.push(State {
            log,
            fresh,
            wanted: space.roots.clone(),
            roots: fresh.then(FxHashMap::default),
            added: 0,
            changed: 0,
            seen: FxHashSet::default(),
            covers: None,
            pretended_seq: 1,
        });
    }
    Ok(states)
}

/// A conversation to be added.
struct Plan<'a> {
    space: &'a Space,
    id: ConversationId,
    name: String,
    people_key: Option<String>,
    created_by: PrincipalKey,
    /// The present conversation of the same people, where this one is their history.
    history_of: Option<LogKey>,
}

/// What becomes of the conversations that are not here yet.
#[derive(Default)]
struct Planned<'a> {
    plans: Vec<Plan<'a>>,
    /// Those that go on in one of the same people.
    merged: Vec<(&'a Space, LogKey, ConversationId)>,
}

async fn plan<'a>(
    cx: &Cx<'_>,
    spaces: &[&'a Space],
    directory: &Directory,
    report: &mut Report,
) -> Result<Planned<'a>, Fault> {
    let rows = cx.db.query(sql::NAMES, params![cx.org]).await?;
    let mut names = rows.iter().map(|row| row.get(0)).collect::<Result<FxHashSet<String>, _>>()?;
    let mut present = FxHashMap::default();
    for row in cx.db.query(sql::PEOPLE_KEYS, params![cx.org]).await? {
        present.insert(row.get::<String>(0)?, (row.get(1)?, row.get(2)?));
    }
    let mut people = FxHashSet::default();
    let mut planned = Planned::default();
    for space in spaces {
        let mut name = String::new();
        if space.kind.is_named() {
            name = names::tidy_line(&space.name, MAX_NAME_CHARS).unwrap_or_else(|| space.outside.clone());
            let free = free_name(&name, cx.kind(), &mut names);
            if free != name {
                report.note_renamed(&name, &free);
                name = free;
            }
        }
        let mut people_key = people_key(space, directory).filter(|key| {
            let new = people.insert(key.clone());
            if !new {
                report.adapt("same_people_have_a_conversation");
            }
            new
        });
        let mut history_of = None;
        if let Some((log, id)) = people_key.as_ref().and_then(|key| present.get(key)) {
            if goes_on(cx, *log, space).await? {
                planned.merged.push((space, *log, *id));
                continue;
            }
            report.adapt("history_beside_conversation");
            (people_key, history_of) = (None, Some(*log));
        }
        let creator = space.creator.as_ref().and_then(|c| directory.people.get(c));
        planned.plans.push(Plan {
            space,
            id: cx.env.id(),
            name,
            people_key,
            created_by: creator.map_or(cx.creator, |known| known.key),
            history_of,
        });
    }
    Ok(planned)
}

/// Whether all of `space` was said after all that was said in `log`.
async fn goes_on(cx: &Cx<'_>, log: LogKey, space: &Space) -> Result<bool, Fault> {
    let last: Option<Micros> = cx.db.query_one(sql::LAST_SAID, params![log]).await?.get(0)?;
    Ok(last.zip(space.first_at).is_none_or(|(last, first)| last < first))
}

async fn note_merged(cx: &Cx<'_>, merged: &[(&Space, LogKey, ConversationId)]) -> Result<(), Fault> {
    if merged.is_empty() {
        return Ok(());
    }
    let mut tx = cx.db.begin().await?;
    let pairs = merged.iter().map(|(space, log, _)| (&space.outside, log.0));
    tx.execute_many(sql::ADD_MAP, map_rows(cx, "conversation", pairs)).await?;
    Ok(tx.commit().await?)
}

/// `name`, or with a suffix if it is taken; notes it as taken.
fn free_name(name: &str, suffix: &str, taken: &mut FxHashSet<String>) -> String {
    let mut free = name.to_owned();
    let mut count = 1;
    while !taken.insert(names::fold(&free)) {
        let end = if count == 1 { format!("-{suffix}") } else { format!("-{suffix}-{count}") };
        let kept: String = name.chars().take(MAX_NAME_CHARS - end.chars().count()).collect();
        free = kept + &end;
        count += 1;
    }
    free
}

/// Which people a direct conversation or a group is of.
fn people_key(space: &Space, directory: &Directory) -> Option<String> {
    if space.kind.is_named() {
        return None;
    }
    let people: Option<Vec<PrincipalKey>> =
        space.members.iter().map(|m| directory.people.get(m).map(|k| k.key)).collect();
    people.filter(|p| !p.is_empty()).map(weft_kernel::keys::people_key)
}

/// Adds conversations in one transaction; returns their logs.
async fn add(cx: &Cx<'_>, plans: &[Plan<'_>]) -> Result<Vec<i64>, Fault> {
    let mut tx = cx.db.begin().await?;
    let wanted = params![LOG_OF_CONVERSATION, cx.org, plans.len() as i64, 1_i64];
    let logs = tx.query(sql::NEW_LOGS, wanted).await?;
    let logs: Vec<i64> = logs.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    let now = cx.env.now();
    let texts = |text: fn(&Plan<'_>) -> String| Column::Texts(plans.iter().map(text).collect());
    let ints = |int: fn(&Plan<'_>) -> i64| Column::Ints(plans.iter().map(int).collect());
    let archived = plans.iter().map(|p| (p.space.archived || p.history_of.is_some()).then_some(now));
    tx.execute_many(
        sql::ADD_SPACES,
        vec![
            Column::Ints(logs.clone()),
            Column::Uuids(plans.iter().map(|p| p.id.uuid()).collect()),
            Column::Ints(vec![cx.org.0; plans.len()]),
            ints(|p| p.space.kind as i64),
            texts(|p| p.name.clone()),
            texts(|p| names::fold(&p.name)),
            texts(|p| names::search_key(&p.name)),
            texts(|p| note(&p.space.topic)),
            texts(|p| note(&p.space.purpose)),
            ints(|p| (p.space.default && p.space.kind == SpaceKind::Channel).into()),
            Column::OptInts(archived.collect()),
            Column::OptTexts(plans.iter().map(|p| p.people_key.clone()).collect()),
            ints(|p| p.created_by.0),
            ints(|p| p.space.created_at),
        ],
    )
    .await?;
    let pairs = plans.iter().zip(&logs).map(|(plan, log)| (&plan.space.outside, *log));
    tx.execute_many(sql::ADD_MAP, map_rows(cx, "conversation", pairs)).await?;
    tell_of_history(cx, &mut tx, plans).await?;
    tx.commit().await?;
    Ok(logs)
}

/// Says in each present conversation where its history is.
async fn tell_of_history(cx: &Cx<'_>, tx: &mut Tx, plans: &[Plan<'_>]) -> Result<(), Fault> {
    let logs: Vec<LogKey> = plans.iter().filter_map(|plan| plan.history_of).collect();
    if logs.is_empty() {
        return Ok(());
    }
    head::lock(tx, &logs).await?;
    for plan in plans {
        let Some(log) = plan.history_of else { continue };
        let head = head::advance(tx, log, cx.env.now()).await?;
        let params = json!({"conversation": plan.id, "source": cx.kind()});
        let part = json!({"type": "system", "code": "history.imported", "params": params});
        let body = Envelope.seal(&Mentions::default().content(vec![part]));
        let row = params![log, head.seq, cx.env.uuid(), cx.creator, head.at, body];
        tx.execute(sql::TELL, row).await?;
    }
    // The control log's head is locked last.
    for log in logs {
        control::announce(tx, ControlKind::Log, log.0, cx.env.now()).await?;
    }
    Ok(())
}

/// A topic or purpose, made to fit.
fn note(text: &str) -> String {
    let keep = |c: &char| !names::is_deceptive(*c) || matches!(c, '\n' | '\t' | '\u{200D}');
    text.trim().chars().filter(keep).take(MAX_NOTE).collect()
}
