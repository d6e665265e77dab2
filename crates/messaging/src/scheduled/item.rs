//! Scheduled messages as their sender sees them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{
    Fault, LogKey, Micros, PrincipalKey,
    id::{ConversationId, ScheduledId},
};
use weft_log::{Frame, LogName};
use weft_storage::{DbResult, Envelope, Row, params};

use super::{sql, state};
use crate::{Cx, content::FileRef, events::Event, send::SendRequest};

/// A message that is sent at a time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Scheduled {
    /// Public id.
    #[schema(value_type = String)]
    pub id: ScheduledId,
    /// Where it will be.
    #[schema(value_type = String)]
    pub conversation: ConversationId,
    /// When it is sent.
    pub at: Micros,
    /// `waiting`, `sending` or `failed`.
    pub state: &'static str,
    /// What is sent then.
    pub message: SendRequest,
    /// Its files, as the message will name them.
    #[schema(value_type = Vec<Object>)]
    pub files: Vec<FileRef>,
    /// When it could not be sent.
    pub failed_at: Option<Micros>,
    /// Why: `missed`, `deactivated`, `left`, `archived`, `files_gone`, `thread_gone`, `quote_gone`,
    /// or the code of what sending it was answered.
    pub reason: Option<String>,
    /// When it was scheduled.
    pub created_at: Micros,
}

/// That something about a scheduled message changed: ask for the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ScheduledMark {
    /// Which.
    #[schema(value_type = String)]
    pub id: ScheduledId,
    /// Where it was to be sent.
    #[schema(value_type = String)]
    pub conversation: ConversationId,
    /// `waiting`, `sending`, `failed`, or `gone`: sent, or given up.
    pub state: &'static str,
}

/// What is kept sealed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) request: SendRequest,
    pub(super) files: Vec<FileRef>,
}

impl Body {
    pub(super) fn seal(&self) -> Result<Vec<u8>, Fault> {
        Ok(Envelope.seal(&serde_json::to_vec(self).map_err(Fault::internal)?))
    }

    pub(super) fn open(sealed: &[u8]) -> Result<Body, Fault> {
        let plain = Envelope.open(sealed).ok_or_else(|| Fault::internal("a scheduled message is sealed"))?;
        serde_json::from_slice(plain).map_err(Fault::internal)
    }
}

/// One in the database.
pub(super) struct Stored {
    pub(super) id: ScheduledId,
    pub(super) conversation: ConversationId,
    pub(super) at: Micros,
    pub(super) state: i64,
    pub(super) body: Body,
    failed_at: Option<Micros>,
    reason: Option<String>,
    created_at: Micros,
    pub(super) nonce: String,
}

impl Stored {
    fn read(mut row: Row) -> Result<Stored, Fault> {
        Ok(Stored {
            id: row.get(0)?,
            conversation: row.get(1)?,
            at: row.get(2)?,
            state: row.get(3)?,
            body: Body::open(&row.take_bytes(4)?)?,
            failed_at: row.get(5)?,
            reason: row.get(6)?,
            created_at: row.get(7)?,
            nonce: row.get(9)?,
        })
    }

    fn seen(self) -> Scheduled {
        Scheduled {
            id: self.id,
            conversation: self.conversation,
            at: self.at,
            state: state::name(self.state),
            message: self.body.request,
            files: self.body.files,
            failed_at: self.failed_at,
            reason: self.reason,
            created_at: self.created_at,
        }
    }

    pub(super) async fn find(cx: &Cx, caller: &Caller, id: ScheduledId) -> Result<Stored, Fault> {
        let row = cx.db.query_opt(sql::ONE, params![caller.principal, id]).await?;
        Stored::read(row.ok_or_else(|| Fault::not_found("scheduled message"))?)
    }
}

/// One of the caller's.
pub(super) async fn one(cx: &Cx, caller: &Caller, id: ScheduledId) -> Result<Scheduled, Fault> {
    Ok(Stored::find(cx, caller, id).await?.seen())
}

/// All of the caller's, the next first. One that cannot be read is left out.
pub(super) async fn list(cx: &Cx, caller: &Caller) -> Result<Vec<Scheduled>, Fault> {
    let rows = cx.db.query(sql::LIST, params![caller.principal]).await?;
    Ok(rows.into_iter().filter_map(|row| Stored::read(row).ok()).map(Stored::seen).collect())
}

/// What changed after a place in somebody's own log.
pub(crate) async fn changed(cx: &Cx, who: PrincipalKey, after: i64) -> DbResult<Vec<ScheduledMark>> {
    let rows = cx.db.query(sql::CHANGED, params![who, after]).await?;
    rows.iter()
        .map(|row| {
            Ok(ScheduledMark { id: row.get(0)?, conversation: row.get(1)?, state: state::name(row.get(2)?) })
        })
        .collect()
}

/// Tells the devices of whose log it is.
pub(super) fn publish(cx: &Cx, (log, name): (LogKey, LogName), seq: i64, mark: &ScheduledMark) {
    cx.publisher.publish(Frame::event(log, name, seq, &Event::Scheduled(mark)));
}
