//! Drafts, the same on all of a person's devices.

use serde::Deserialize;
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{
    Fault,
    id::{ConversationId, MessageId},
};
use weft_storage::params;

use super::{begin, publish, sql};
use crate::{
    cx::Cx,
    events::{Draft, Event},
    messages::find,
};

/// A text that is not sent yet.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftRequest {
    /// Markdown, up to 40,000 characters; empty removes the draft.
    pub(super) text: String,
    /// The root of the thread that it would reply in.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub(super) thread: Option<MessageId>,
}

/// Keeps a draft. The same text again changes nothing.
pub(super) async fn put(
    cx: &Cx,
    caller: &Caller,
    id: ConversationId,
    request: &DraftRequest,
) -> Result<(), Fault> {
    if request.text.chars().count() > limits::MESSAGE_CHARS {
        return Err(Fault::invalid("text", "A draft may have at most 40,000 characters."));
    }
    let text = if request.text.trim().is_empty() { "" } else { request.text.as_str() };
    cx.while_stale(|| async move {
        let seat = cx.guard.seat(caller, id).await?;
        let log = seat.room.log;
        let root = match request.thread {
            Some(root) => {
                let found = find(cx, caller, root).await?;
                if found.row.log != log || found.row.thread.is_some() {
                    return Err(Fault::invalid("thread", "It is not the first message of a thread here."));
                }
                found.row.seq
            }
            None => 0,
        };
        let held = cx.db.query_opt(sql::DRAFT, params![seat.principal, log, root]).await?;
        let held: String = held.map_or(Ok(String::new()), |row| row.get(0))?;
        if held == text {
            return Ok(());
        }
        let (mut tx, head) = begin(cx, caller, &seat).await?;
        tx.execute(sql::PUT_DRAFT, params![seat.principal, log, root, text, head.at, head.seq]).await?;
        tx.commit().await?;
        let draft =
            Draft { conversation: id, thread: request.thread, text: text.to_owned(), updated_at: head.at };
        publish(cx, caller, head.seq, &Event::Draft(&draft));
        Ok(())
    })
    .await
}
