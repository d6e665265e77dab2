//! The files of a conversation, or of all that someone may read.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::{Caller, Page, limits};
use weft_kernel::{
    Fault, FileKey, Micros,
    id::{ConversationId, MessageId, OrgId, PrincipalId},
};
use weft_storage::{Row, params};

use crate::{File, Files, Kind, Stored, sql};

/// Which files.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListQuery {
    /// Only of this conversation.
    #[param(value_type = Option<String>)]
    conversation: Option<ConversationId>,
    /// Only of these kinds, separated by commas.
    kind: Option<String>,
    /// Only sent by this person.
    #[param(value_type = Option<String>)]
    from: Option<PrincipalId>,
    /// Sent at or after this time.
    after: Option<Micros>,
    /// Sent before this time.
    before: Option<Micros>,
    /// A part of the name.
    q: Option<String>,
    /// Where the last page ended.
    cursor: Option<String>,
    /// 1–200; 50 when absent.
    limit: Option<u32>,
    /// Which of an account's orgs; instead of the header.
    #[param(value_type = Option<String>)]
    #[allow(dead_code, reason = "read where callers are told apart")]
    org: Option<OrgId>,
}

/// A file, and the message that it was sent with.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Posted {
    /// The file.
    file: File,
    /// With which message.
    #[schema(value_type = String)]
    message: MessageId,
    /// In which conversation.
    #[schema(value_type = String)]
    conversation: ConversationId,
    /// That message's place.
    seq: i64,
    /// Who sent it.
    #[schema(value_type = String)]
    from: PrincipalId,
    /// When.
    at: Micros,
    #[serde(skip)]
    place: Place,
}

/// Where a page ends.
#[derive(Debug, Clone, Copy)]
struct Place {
    at: Micros,
    log: i64,
    seq: i64,
    file: i64,
}

const BEGINNING: Place = Place { at: i64::MAX, log: i64::MAX, seq: i64::MAX, file: i64::MAX };

impl Place {
    fn read(cursor: &str) -> Result<Place, Fault> {
        let wrong = || Fault::invalid("cursor", "It is not one that this list gave.");
        let mut numbers = cursor.split('.').map(|n| n.parse::<i64>().map_err(|_| wrong()));
        let mut next = || numbers.next().unwrap_or_else(|| Err(wrong()));
        Ok(Place { at: next()?, log: next()?, seq: next()?, file: next()? })
    }

    fn cursor(&self) -> String {
        format!("{}.{}.{}.{}", self.at, self.log, self.seq, self.file)
    }
}

/// A page of files, newest first.
pub(crate) async fn list(files: &Files, caller: &Caller, query: &ListQuery) -> Result<Page<Posted>, Fault> {
    let limit = weft_http::page::limit(query.limit, limits::PAGE_MAX)?;
    let place = query.cursor.as_deref().map_or(Ok(BEGINNING), Place::read)?;
    let params = params![
        caller.org,
        caller.principal,
        i64::from(caller.is_guest()),
        query.conversation,
        query.from,
        kinds(query.kind.as_deref())?,
        query.after.unwrap_or(i64::MIN),
        query.before.unwrap_or(i64::MAX),
        like(query.q.as_deref().unwrap_or_default()),
        place.at,
        place.log,
        place.seq,
        place.file,
        i64::from(limit) + 1,
    ];
    let rows = files.0.db.query(sql::LIST, params).await?;
    let found = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    Ok(Page::cut(found, limit, |last| last.place.cursor()))
}

fn read(row: &Row) -> Result<Posted, Fault> {
    let Stored { key: FileKey(file), file: shown, .. } = Stored::read(row)?;
    let (at, seq, log) = (row.get(13)?, row.get(14)?, row.get(18)?);
    Ok(Posted {
        file: shown,
        message: row.get(15)?,
        conversation: row.get(16)?,
        from: row.get(17)?,
        seq,
        at,
        place: Place { at, log, seq, file },
    })
}

fn kinds(asked: Option<&str>) -> Result<Vec<String>, Fault> {
    let Some(asked) = asked.filter(|text| !text.is_empty()) else {
        return Ok(Kind::ALL.iter().map(|kind| kind.name().to_owned()).collect());
    };
    let known = |name: &str| {
        let kind = Kind::from_name(name.trim());
        kind.map(|kind| kind.name().to_owned()).ok_or_else(|| {
            Fault::invalid("kind", "Use image, video, audio, voice, pdf, text, code, office, archive, other.")
        })
    };
    asked.split(',').map(known).collect()
}

/// A pattern that finds `part` anywhere.
fn like(part: &str) -> String {
    let mut pattern = String::from("%");
    for c in weft_kernel::names::fold(part).chars().take(limits::FILE_NAME) {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    if pattern.len() > 1 {
        pattern.push('%');
    }
    pattern
}
