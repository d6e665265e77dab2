//! People: found by what was noted of them, else by e-mail address, else added as placeholders.

use rustc_hash::FxHashMap;
use weft_kernel::{
    Fault, LogKey, PrincipalKey,
    names::{self, MAX_NAME_CHARS},
};
use weft_log::head;
use weft_storage::{Column, Row, params};

use super::{Cx, ROWS, sql};
use crate::{
    model::{Directory, Known, Person, PersonKind},
    report::Report,
};

const PLACEHOLDER: i64 = 3;

/// Fills `directory` with everybody of `people`.
pub(super) async fn ensure(
    cx: &Cx<'_>,
    people: &[Person],
    directory: &mut Directory,
    report: &mut Report,
) -> Result<(), Fault> {
    for row in cx.db.query(sql::MAPPED_PEOPLE, params![cx.org, cx.source.as_str()]).await? {
        directory.people.insert(row.get(0)?, known(&row)?);
    }
    let unknown: Vec<&Person> =
        people.iter().filter(|p| !directory.people.contains_key(&p.outside)).collect();
    report.already.users = (people.len() - unknown.len()) as u64;
    let unknown = match_addresses(cx, unknown, directory, report).await?;
    for chunk in unknown.chunks(ROWS) {
        if cx.options.dry_run {
            pretend(cx, chunk, directory, report.users as i64);
        } else {
            add(cx, chunk, directory).await?;
        }
        report.users += chunk.len() as u64;
    }
    Ok(())
}

fn known(row: &Row) -> Result<Known, Fault> {
    let state: i64 = row.get(4)?;
    Ok(Known { key: row.get(1)?, id: row.get(2)?, log: row.get(3)?, placeholder: state == PLACEHOLDER })
}

/// Recognises people by their address; returns the others.
async fn match_addresses<'p>(
    cx: &Cx<'_>,
    people: Vec<&'p Person>,
    directory: &mut Directory,
    report: &mut Report,
) -> Result<Vec<&'p Person>, Fault> {
    if people.iter().all(|p| p.email.is_none()) {
        return Ok(people);
    }
    let mut here: FxHashMap<String, Known> = FxHashMap::default();
    for row in cx.db.query(sql::ADDRESSES, params![cx.org]).await? {
        here.entry(names::fold(&row.get::<String>(0)?)).or_insert(known(&row)?);
    }
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for person in people {
        match person.email.as_ref().and_then(|email| here.get(&names::fold(email))) {
            Some(known) => found.push((person.outside.clone(), *known)),
            None => others.push(person),
        }
    }
    report.matched = found.len() as u64;
    if !cx.options.dry_run {
        for chunk in found.chunks(ROWS) {
            let mut tx = cx.db.begin().await?;
            tx.execute_many(sql::ADD_MAP, map_rows(cx, "user", chunk.iter().map(|(o, k)| (o, k.key.0))))
                .await?;
            tx.commit().await?;
        }
    }
    directory.people.extend(found);
    Ok(others)
}

/// Rows of `import_map`.
pub(super) fn map_rows<'o>(
    cx: &Cx<'_>,
    kind: &str,
    pairs: impl Iterator<Item = (&'o String, i64)>,
) -> Vec<Column> {
    let (outside, subject): (Vec<String>, Vec<i64>) = pairs.map(|(o, s)| (o.clone(), s)).unzip();
    let count = outside.len();
    vec![
        Column::Ints(vec![cx.org.0; count]),
        Column::Texts(vec![cx.source.clone(); count]),
        Column::Texts(vec![kind.to_owned(); count]),
        Column::Texts(outside),
        Column::Ints(subject),
    ]
}

/// Keys that no row has, for a dry run.
fn pretend(cx: &Cx<'_>, people: &[&Person], directory: &mut Directory, before: i64) {
    for (i, person) in people.iter().enumerate() {
        let key = -(before + i as i64 + 1);
        let known = Known { key: PrincipalKey(key), id: cx.env.id(), log: LogKey(key), placeholder: true };
        directory.people.insert(person.outside.clone(), known);
    }
}

async fn add(cx: &Cx<'_>, people: &[&Person], directory: &mut Directory) -> Result<(), Fault> {
    let (count, now) = (people.len() as i64, cx.env.now());
    let mut tx = cx.db.begin().await?;
    let end = head::advance_by(&mut tx, cx.org_log, count, now).await?.seq;
    let logs = tx.query(sql::NEW_LOGS, params![2_i64, cx.org, count, 0_i64]).await?;
    let logs: Vec<i64> = logs.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    let ids: Vec<_> = people.iter().map(|_| cx.env.uuid()).collect();
    let seqs = (end - count + 1..=end).collect();
    tx.execute_many(sql::ADD_PEOPLE, rows(cx, people, ids.clone(), logs.clone(), seqs, now)).await?;
    let keys = tx.query(sql::ADDED_PEOPLE, params![cx.org, end - count, end]).await?;
    let keys: FxHashMap<i64, i64> =
        keys.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect::<Result<_, Fault>>()?;
    let mut added = Vec::with_capacity(people.len());
    for ((person, id), log) in people.iter().zip(ids).zip(logs) {
        let key = *keys.get(&log).ok_or_else(|| Fault::internal("a new person has no row"))?;
        let known = Known {
            key: PrincipalKey(key),
            id: weft_kernel::Id::from_uuid(id),
            log: LogKey(log),
            placeholder: true,
        };
        added.push((person.outside.clone(), known));
    }
    tx.execute_many(sql::ADD_MAP, map_rows(cx, "user", added.iter().map(|(o, k)| (o, k.key.0)))).await?;
    tx.commit().await?;
    directory.people.extend(added);
    Ok(())
}

fn rows(
    cx: &Cx<'_>,
    people: &[&Person],
    ids: Vec<weft_storage::Uuid>,
    logs: Vec<i64>,
    seqs: Vec<i64>,
    now: i64,
) -> Vec<Column> {
    let names: Vec<String> = people
        .iter()
        .map(|p| names::tidy_line(&p.name, MAX_NAME_CHARS).unwrap_or_else(|| p.outside.clone()))
        .collect();
    let line = |text: &str, max| names::tidy_line(text, max);
    let kinds = people.iter().map(|p| match p.kind {
        PersonKind::Member => 1,
        PersonKind::Guest => 2,
        PersonKind::Bot => 3,
    });
    let roles = people.iter().map(|p| if p.kind == PersonKind::Guest { 4 } else { 3 });
    vec![
        Column::Uuids(ids),
        Column::Ints(vec![cx.org.0; people.len()]),
        Column::Ints(logs),
        Column::Ints(kinds.collect()),
        Column::Ints(roles.collect()),
        Column::Texts(names.clone()),
        Column::Texts(names.iter().map(|n| names::fold(n)).collect()),
        Column::Texts(names.iter().map(|n| names::search_key(n)).collect()),
        Column::OptTexts(people.iter().map(|p| p.email.as_ref().and_then(|e| line(e, 254))).collect()),
        Column::Texts(people.iter().map(|p| line(&p.title, MAX_NAME_CHARS).unwrap_or_default()).collect()),
        Column::OptTexts(people.iter().map(|p| p.timezone.as_ref().and_then(|z| line(z, 64))).collect()),
        Column::Ints(seqs),
        Column::Ints(vec![now; people.len()]),
    ]
}
