//! One row as one line of JSON, and back.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use serde_json::value::RawValue;
use weft_storage::{DbResult, Envelope, Row, Uuid, Value};

use crate::{
    refs::{Known, Of, Talk},
    section::{Kind, Section},
};

/// Writes a row down. None when it refers to what came after the export began, or went before its
/// row was read.
pub(crate) fn write(
    section: &Section,
    row: &Row,
    known: &Known,
    talk: Option<&Talk>,
) -> DbResult<Option<String>> {
    let mut out = String::from("{");
    for (at, (name, kind)) in section.columns.iter().enumerate() {
        let value = match value(*kind, row, at, known, talk, section)? {
            Shown::Null => continue,
            Shown::Unknown => return Ok(None),
            Shown::Is(value) => value,
        };
        if out.len() > 1 {
            out.push(',');
        }
        out.push('"');
        out.push_str(name);
        out.push_str("\":");
        out.push_str(&value);
    }
    out.push('}');
    Ok(Some(out))
}

enum Shown {
    Null,
    /// It stands for something that is not in the archive.
    Unknown,
    Is(String),
}

fn quoted(text: &str) -> Shown {
    Shown::Is(serde_json::Value::from(text).to_string())
}

fn value(
    kind: Kind,
    row: &Row,
    at: usize,
    known: &Known,
    talk: Option<&Talk>,
    section: &Section,
) -> DbResult<Shown> {
    let int = || row.get::<Option<i64>>(at);
    let number = |found: Option<i64>| found.map_or(Shown::Null, |n| Shown::Is(n.to_string()));
    let least =
        |found: Option<i64>, most: Option<i64>| number(found.map(|n| most.map_or(n, |most| n.min(most))));
    let id = |of: Of, found: Option<Uuid>| found.map_or(Shown::Unknown, |id| quoted(&of.show(id)));
    let person = |key: i64| id(Of::Person, known.people.get(&key).map(|(id, _)| *id));
    Ok(match kind {
        Kind::Org => Shown::Null,
        Kind::Int | Kind::OptInt => number(int()?),
        Kind::Seq | Kind::OptSeq => least(int()?, talk.map(|talk| talk.head)),
        Kind::N => least(int()?, talk.map(|talk| talk.n)),
        Kind::Own => {
            let whose: Option<i64> = row.get(section.at("principal"))?;
            let head = whose.and_then(|key| known.people.get(&key)).map(|(_, head)| *head);
            least(int()?, head)
        }
        Kind::Text | Kind::OptText | Kind::Naming => match row.get::<Option<String>>(at)? {
            Some(text) => quoted(&text),
            None => Shown::Null,
        },
        Kind::Bytes | Kind::OptBytes => match row.get::<Option<Vec<u8>>>(at)? {
            Some(bytes) => quoted(&BASE64.encode(&bytes)),
            None => Shown::Null,
        },
        Kind::Body | Kind::OptBody => match row.get::<Option<Vec<u8>>>(at)? {
            Some(stored) => body(&stored),
            None => Shown::Null,
        },
        Kind::OrgId | Kind::PersonId | Kind::TalkId | Kind::MessageId | Kind::FileId | Kind::TopicId => {
            let Some(of) = Of::kind(kind) else { return Ok(Shown::Unknown) };
            id(of, row.get(at)?)
        }
        Kind::Uuid => quoted(&row.get::<Uuid>(at)?.to_string()),
        Kind::OptAccountId => match row.get::<Option<Uuid>>(at)? {
            Some(found) => id(Of::Account, Some(found)),
            None => Shown::Null,
        },
        Kind::Person | Kind::OptPerson | Kind::Anyone => match int()? {
            None | Some(0) if kind != Kind::Person => Shown::Null,
            Some(key) if kind == Kind::OptPerson && !known.people.contains_key(&key) => Shown::Null,
            Some(key) => person(key),
            None => Shown::Unknown,
        },
        Kind::Talk | Kind::OptTalk => match int()? {
            None if kind == Kind::OptTalk => Shown::Null,
            found => id(Of::Talk, found.and_then(|log| known.talks.get(&log)).map(|talk| talk.id)),
        },
        Kind::Topic | Kind::OptTopic | Kind::AnyTopic => match int()? {
            None | Some(0) if kind != Kind::Topic => Shown::Null,
            Some(key) if kind == Kind::OptTopic && !known.topics.contains_key(&key) => Shown::Null,
            found => id(Of::Topic, found.and_then(|key| known.topics.get(&key)).copied()),
        },
        Kind::File => id(Of::File, int()?.and_then(|key| known.files.get(&key)).copied()),
        Kind::OptPeople => match row.get::<Option<String>>(at)? {
            Some(keys) => people(&keys, known),
            None => Shown::Null,
        },
    })
}

/// A content as it is; what is none, in base64 as it is stored.
fn body(stored: &[u8]) -> Shown {
    let plain = Envelope.open(stored).and_then(|plain| std::str::from_utf8(plain).ok());
    let json = plain.filter(|plain| plain.starts_with('{') && !plain.contains(['\n', '\r']));
    match json.filter(|plain| serde_json::from_str::<&RawValue>(plain).is_ok()) {
        Some(json) => Shown::Is(json.to_owned()),
        None => quoted(&BASE64.encode(stored)),
    }
}

/// The people whose keys are stored with commas between, by their ids in ascending order.
fn people(keys: &str, known: &Known) -> Shown {
    let ids: Option<Vec<Uuid>> =
        keys.split(',').map(|key| known.people.get(&key.parse().ok()?).map(|(id, _)| *id)).collect();
    let Some(mut ids) = ids else { return Shown::Unknown };
    ids.sort_unstable();
    let ids: Vec<String> = ids.into_iter().map(|id| Of::Person.show(id)).collect();
    Shown::Is(serde_json::json!(ids).to_string())
}

/// Reads a line. Ids and references stand as [`Value::Uuid`], several as [`Value::Uuids`].
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn read(section: &Section, line: &str) -> Result<Vec<Value>, String> {
    let mut given: BTreeMap<String, &RawValue> = serde_json::from_str(line).map_err(|e| e.to_string())?;
    let mut values = Vec::with_capacity(section.columns.len());
    for (name, kind) in section.columns {
        let raw = given.remove(*name).map(RawValue::get).filter(|raw| *raw != "null");
        values.push(match raw {
            Some(raw) => read_value(*kind, raw).ok_or_else(|| format!("“{name}” is not as it should be"))?,
            None if kind.may_be_absent() => absent(*kind),
            None => return Err(format!("“{name}” is missing")),
        });
    }
    match given.into_keys().next() {
        Some(name) => Err(format!("“{}” is not known", name.escape_debug().take(80).collect::<String>())),
        None => Ok(values),
    }
}

fn absent(kind: Kind) -> Value {
    match kind {
        Kind::Int => Value::Int(0),
        Kind::Text => Value::Text(String::new()),
        _ => Value::Null,
    }
}

fn read_value(kind: Kind, raw: &str) -> Option<Value> {
    let text = || serde_json::from_str::<String>(raw).ok().filter(|text| !text.contains('\0'));
    let bytes = || BASE64.decode(text()?.as_bytes()).ok();
    Some(match kind {
        Kind::Org => return None,
        Kind::Int | Kind::OptInt | Kind::Seq | Kind::OptSeq | Kind::N | Kind::Own => {
            Value::Int(serde_json::from_str(raw).ok()?)
        }
        Kind::Text | Kind::OptText | Kind::Naming => Value::Text(text()?),
        Kind::Bytes | Kind::OptBytes => Value::Bytes(bytes()?),
        Kind::Body | Kind::OptBody if raw.starts_with('{') => Value::Bytes(Envelope.seal(raw.as_bytes())),
        Kind::Body | Kind::OptBody => Value::Bytes(bytes()?),
        Kind::OptPeople => {
            let ids: Vec<String> = serde_json::from_str(raw).ok()?;
            Value::Uuids(ids.iter().map(|id| Of::Person.read(id)).collect::<Option<_>>()?)
        }
        Kind::Uuid => Value::Uuid(Uuid::parse_str(&text()?).ok()?),
        other => Value::Uuid(Of::kind(other)?.read(&text()?)?),
    })
}
