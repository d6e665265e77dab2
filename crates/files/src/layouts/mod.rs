//! Office documents as they are laid out: PDF that LibreOffice makes, if the server has one, when
//! somebody opens such a document for the first time.
//!
//! **Invariants:** LibreOffice runs in a process of its own for one document only, which is bounded
//! and kept from the server's files and from networks as far as the machine can do that; what it
//! leaves is taken for a PDF only, never for a path to follow; one document is laid out once however
//! many open it, and a failure is remembered; a layout lives and dies with its file, and is given to
//! whoever may read that.

mod confine;
mod convert;
mod job;
mod office;
mod profile;
mod watch;

use serde::Serialize;
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{Fault, Micros, id::FileId};
use weft_log::outbox;
use weft_storage::{Db, params};

pub use office::Office;
pub use watch::{Task, main as lay_out};

use crate::{
    Files, Kind, Stored,
    documents::{Format, Reason},
    sql,
};

/// Bytes of a document that is laid out.
const INPUT: i64 = 64 << 20;
/// Bytes of a PDF that is kept.
const OUTPUT: u64 = 64 << 20;
/// That a document could not be laid out for a fault of this machine is forgotten after this long.
const FORGIVEN: Micros = 3_600 * 1_000_000;

const PENDING: &str = "pending";
const READY: &str = "ready";

/// Whether a document can be seen as it is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FileLayoutState {
    /// It is no Office document, or this server lays none out.
    None,
    /// It is being made.
    Pending,
    /// `GET /files/{id}/layout` has it.
    Ready,
    /// It cannot be made: see `reason`.
    Failed,
}

/// How far a document's layout is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FileLayout {
    /// Whether there is one.
    pub(crate) state: FileLayoutState,
    /// Why it cannot be made: `encrypted`, `damaged`, `too_large`, `too_complex`, `unavailable`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
}

impl FileLayout {
    fn is(state: FileLayoutState) -> FileLayout {
        FileLayout { state, reason: None }
    }

    fn failed(reason: &str) -> FileLayout {
        FileLayout { state: FileLayoutState::Failed, reason: Some(reason.to_owned()) }
    }
}

/// A layout that is there.
pub(crate) struct Made {
    /// In bytes.
    pub(crate) size: u64,
    /// When it was made.
    pub(crate) at: Micros,
}

struct Known {
    state: String,
    size: i64,
    at: Micros,
}

async fn known(db: &Db, file: &Stored) -> Result<Option<Known>, Fault> {
    let row = db.query_opt(sql::LAYOUT, params![file.key]).await?;
    let read = |row: weft_storage::Row| -> weft_storage::DbResult<Known> {
        Ok(Known { state: row.get(0)?, size: row.get(1)?, at: row.get(2)? })
    };
    Ok(row.map(read).transpose()?)
}

/// The layout of a file that whoever asks may read; none while there is none.
pub(crate) async fn made(db: &Db, file: &Stored) -> Result<Option<Made>, Fault> {
    let known = known(db, file).await?.filter(|known| known.state == READY);
    Ok(known.map(|known| Made { size: u64::try_from(known.size).unwrap_or(0), at: known.at }))
}

/// How far the layout of a document is; whoever asks first has it made.
pub(crate) async fn ask(files: &Files, caller: &Caller, id: FileId) -> Result<FileLayout, Fault> {
    let file = files.find(caller, id).await?;
    let now = files.0.env.now();
    let known = known(&files.0.db, &file).await?;
    if known.as_ref().is_some_and(|known| known.state == READY) {
        return Ok(FileLayout::is(FileLayoutState::Ready));
    }
    if files.0.office.is_none() || file.file.kind != Kind::Office {
        return Ok(FileLayout::is(FileLayoutState::None));
    }
    if Format::of(&file) == Some(Format::Sealed) {
        return Ok(FileLayout::failed(Reason::Encrypted.name()));
    }
    if office::Sort::of(&file).is_none() {
        return Ok(FileLayout::is(FileLayoutState::None));
    }
    if file.file.size > INPUT {
        return Ok(FileLayout::failed(Reason::TooLarge.name()));
    }
    match known {
        Some(Known { state, .. }) if state == PENDING => Ok(FileLayout::is(FileLayoutState::Pending)),
        Some(Known { state, at, .. }) if state != Reason::Unavailable.name() || at > now - FORGIVEN => {
            Ok(FileLayout::failed(&state))
        }
        _ => begin(files, &file, now).await,
    }
}

async fn begin(files: &Files, file: &Stored, now: Micros) -> Result<FileLayout, Fault> {
    let mut tx = files.0.db.begin().await?;
    // Its row's lock: whoever removes the file does so before this, or finds the layout.
    if tx.execute(sql::LOCK, params![file.key]).await? == 0 {
        return Err(Fault::not_found("file"));
    }
    // Of many who ask at once, one writes the row and leaves the job.
    if tx.execute(sql::ASK_LAYOUT, params![file.key, now, now - FORGIVEN]).await? == 1 {
        job::leave(&mut tx, file.key, now).await?;
    }
    tx.commit().await?;
    files.0.to_lay_out.notify_one();
    Ok(FileLayout::is(FileLayoutState::Pending))
}

/// Notes what became of a layout, together with the end of its job; false when the file is gone.
async fn note(
    files: &Files,
    file: &Stored,
    job: i64,
    made: &Result<(String, u64), Reason>,
) -> Result<bool, Fault> {
    let mut tx = files.0.db.begin().await?;
    let there = tx.execute(sql::LOCK, params![file.key]).await? == 1;
    let now = files.0.env.now();
    let (state, size) = match made {
        Ok((_, size)) => (READY, i64::try_from(*size).unwrap_or(i64::MAX)),
        Err(reason) => (reason.name(), 0),
    };
    if there {
        tx.execute(sql::PUT_LAYOUT, params![file.key, state, size, now]).await?;
    }
    if let Ok((address, _)) = made {
        let waste = if there { sql::NO_WASTE } else { sql::WASTE };
        let values = if there { params![address] } else { params![address, now] };
        tx.execute(waste, values).await?;
    }
    outbox::done_in(&mut tx, job).await?;
    tx.commit().await?;
    Ok(there)
}
