//! Rows on their way from the archive into columns of a statement.

use tokio::sync::mpsc;
use weft_kernel::{Fault, LogKey, PrincipalKey, keys::people_key, names};
use weft_storage::{Column, Uuid, Value};

use crate::{
    ids::Ids,
    line,
    manifest::broken,
    open::{self, Checked},
    refs::{Here, Of},
    section::{Kind, Section},
    sections::{CONVERSATIONS, PEOPLE},
};

/// Rows of one transaction.
const ROWS: usize = 2_000;
/// Batches that the reader may be ahead.
const AHEAD: usize = 2;

/// The rows of a section as they are read, on a thread of their own.
pub(super) struct Rows(mpsc::Receiver<Result<Vec<Vec<Value>>, Fault>>);

impl Rows {
    pub(super) fn open(archive: &Checked, section: &'static Section, ids: Ids) -> Rows {
        let (to, rows) = mpsc::channel(AHEAD);
        let path = archive.path.clone();
        tokio::task::spawn_blocking(move || {
            if let Err(fault) = read(&path, section, ids, &to) {
                // Nobody listens any more: then nobody wants to know.
                let _ = to.blocking_send(Err(fault));
            }
        });
        Rows(rows)
    }

    pub(super) async fn next(&mut self) -> Result<Option<Vec<Vec<Value>>>, Fault> {
        self.0.recv().await.transpose()
    }
}

fn read(
    path: &std::path::Path,
    section: &'static Section,
    ids: Ids,
    to: &mpsc::Sender<Result<Vec<Vec<Value>>, Fault>>,
) -> Result<(), Fault> {
    let mut zip = open::zip(path)?;
    let mut batch = Vec::with_capacity(ROWS);
    let gone = || Fault::internal("the import stopped");
    open::lines(&mut zip, &section.entry(), |number, text| {
        let mut row = line::read(section, text)
            .map_err(|what| broken(format!("{}, line {number}: {what}.", section.entry())))?;
        ids.row(section, &mut row);
        batch.push(row);
        if batch.len() == ROWS {
            to.blocking_send(Ok(std::mem::take(&mut batch))).map_err(|_| gone())?;
        }
        Ok(())
    })?;
    match batch.is_empty() {
        true => Ok(()),
        false => to.blocking_send(Ok(batch)).map_err(|_| gone()),
    }
}

/// The ids in a column.
pub(super) fn uuids(rows: &[Vec<Value>], at: usize) -> Vec<Uuid> {
    let id = |row: &Vec<Value>| match row.get(at) {
        Some(Value::Uuid(id)) => Some(*id),
        _ => None,
    };
    rows.iter().filter_map(id).collect()
}

/// What a reference has become here.
fn key(kind: Kind, value: &Value, here: &Here) -> Result<Option<i64>, Fault> {
    let Value::Uuid(id) = value else {
        return Ok(matches!(kind, Kind::Anyone | Kind::AnyTopic).then_some(0));
    };
    let found = match Of::kind(kind) {
        Some(Of::Person) => here.people.get(id),
        Some(Of::Talk) => here.talks.get(id),
        Some(Of::Topic) => here.topics.get(id),
        _ => here.files.get(id),
    };
    found.copied().map(Some).ok_or_else(|| Fault::internal("an archive changed while it was imported"))
}

/// Columns for the section's own statement.
pub(super) fn columns(section: &Section, rows: &[Vec<Value>], here: &Here) -> Result<Vec<Column>, Fault> {
    let column =
        |(at, (_, kind)): (usize, &(&str, Kind))| column(*kind, rows.iter().map(|row| &row[at]), here);
    section.columns.iter().enumerate().map(column).collect()
}

fn column<'v>(kind: Kind, values: impl Iterator<Item = &'v Value>, here: &Here) -> Result<Column, Fault> {
    let int = |value: &Value| match value {
        Value::Int(n) => Some(*n),
        _ => None,
    };
    let text = |value: &Value| match value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    let bytes = |value: &Value| match value {
        Value::Bytes(bytes) => Some(bytes.clone()),
        _ => None,
    };
    Ok(match kind {
        Kind::Org => Column::Ints(values.map(|_| here.org).collect()),
        Kind::Int | Kind::Seq | Kind::N | Kind::Own => {
            Column::Ints(values.map(|value| int(value).unwrap_or_default()).collect())
        }
        Kind::OptInt | Kind::OptSeq => Column::OptInts(values.map(int).collect()),
        Kind::Text | Kind::Naming => {
            Column::Texts(values.map(|value| text(value).unwrap_or_default()).collect())
        }
        Kind::OptText => Column::OptTexts(values.map(text).collect()),
        Kind::Bytes | Kind::Body => {
            Column::Bytes(values.map(|value| bytes(value).unwrap_or_default()).collect())
        }
        Kind::OptBytes | Kind::OptBody => Column::OptBytes(values.map(bytes).collect()),
        Kind::OrgId
        | Kind::OptAccountId
        | Kind::PersonId
        | Kind::TalkId
        | Kind::MessageId
        | Kind::FileId
        | Kind::TopicId
        | Kind::Uuid => {
            let id = |value: &Value| match value {
                Value::Uuid(id) => *id,
                _ => Uuid::nil(),
            };
            Column::Uuids(values.map(id).collect())
        }
        Kind::Person | Kind::Anyone | Kind::Talk | Kind::File | Kind::Topic | Kind::AnyTopic => Column::Ints(
            values
                .map(|value| Ok(key(kind, value, here)?.unwrap_or_default()))
                .collect::<Result<_, Fault>>()?,
        ),
        Kind::OptPerson | Kind::OptTalk | Kind::OptTopic => {
            Column::OptInts(values.map(|value| key(kind, value, here)).collect::<Result<_, _>>()?)
        }
        Kind::OptPeople => Column::OptTexts(values.map(|value| people(value, here)).collect()),
    })
}

/// By which people a conversation is known.
fn people(value: &Value, here: &Here) -> Option<String> {
    let Value::Uuids(ids) = value else { return None };
    Some(people_key(ids.iter().filter_map(|id| here.people.get(id)).map(|key| PrincipalKey(*key)).collect()))
}

fn by_name(
    section: &'static Section,
    rows: &[&Vec<Value>],
    here: &Here,
) -> impl Fn(&str) -> Result<Column, Fault> {
    move |name| {
        let at = section.at(name);
        column(section.columns[at].1, rows.iter().map(|row| &row[at]), here)
    }
}

fn texts(rows: &[&Vec<Value>], at: usize, change: impl Fn(&str) -> String) -> Column {
    let text = |row: &&Vec<Value>| match &row[at] {
        Value::Text(text) => change(text),
        _ => String::new(),
    };
    Column::Texts(rows.iter().map(text).collect())
}

/// Columns of new people.
pub(super) fn people_columns(
    rows: &[&Vec<Value>],
    logs: Vec<LogKey>,
    here: &Here,
) -> Result<Vec<Column>, Fault> {
    let (get, name, count) = (by_name(&PEOPLE, rows, here), PEOPLE.at("name"), rows.len());
    Ok(vec![
        get("id")?,
        Column::Ints(vec![here.org; count]),
        Column::Ints(logs.iter().map(|log| log.0).collect()),
        get("kind")?,
        get("role")?,
        get("state")?,
        get("name")?,
        texts(rows, name, names::fold),
        texts(rows, name, names::search_key),
        get("email")?,
        get("title")?,
        get("avatar")?,
        get("status")?,
        get("timezone")?,
        get("settings")?,
        get("settings_seq")?,
        get("changed_seq")?,
        get("created_at")?,
    ])
}

/// Columns of new conversations.
pub(super) fn conversations(
    rows: &[&Vec<Value>],
    logs: Vec<LogKey>,
    here: &Here,
) -> Result<Vec<Column>, Fault> {
    let (get, name, count) = (by_name(&CONVERSATIONS, rows, here), CONVERSATIONS.at("name"), rows.len());
    Ok(vec![
        Column::Ints(logs.iter().map(|log| log.0).collect()),
        get("id")?,
        Column::Ints(vec![here.org; count]),
        get("kind")?,
        get("name")?,
        texts(rows, name, names::fold),
        texts(rows, name, names::search_key),
        get("topic")?,
        get("purpose")?,
        get("is_default")?,
        get("archived_at")?,
        get("people_key")?,
        get("anchor_seq")?,
        get("member_count")?,
        get("changed_seq")?,
        get("created_by")?,
        get("created_at")?,
        get("newcomers_see")?,
        get("hidden_below")?,
        get("comments")?,
        get("vanish_after")?,
    ])
}
