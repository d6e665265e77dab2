//! Marking as read in the inbox.

use axum::extract::ws::Utf8Bytes;
use serde::Deserialize;
use utoipa::ToSchema;
use weft_http::{Caller, limits};
use weft_kernel::{Fault, id::MessageId};
use weft_storage::params;

use super::sql;
use crate::Cx;

/// What is read.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InboxRead {
    /// These messages, up to 200; absent: everything up to now.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>)]
    messages: Option<Vec<MessageId>>,
    /// False: they are not read after all, as far as the inbox goes; only with `messages`.
    #[serde(default)]
    read: Option<bool>,
}

/// Marks items of the inbox as read, or takes that back.
pub(super) async fn read(cx: &Cx, caller: &Caller, request: InboxRead) -> Result<(), Fault> {
    let (now, read) = (cx.env.now(), request.read.unwrap_or(true));
    match request.messages {
        None if !read => return Err(Fault::invalid("read", "Name the messages that are unread.")),
        None => {
            cx.db.execute(sql::PUT_SEEN, params![caller.principal, caller.org, now]).await?;
        }
        Some(ids) => {
            if ids.len() > limits::PAGE_MAX as usize {
                return Err(Fault::invalid("messages", "It may name up to 200 messages."));
            }
            let mut places: Vec<(i64, i64)> = Vec::with_capacity(ids.len());
            for id in ids {
                let row = cx.db.query_opt(sql::PLACE, params![id, caller.principal]).await?;
                let row = row.ok_or_else(|| Fault::not_found("message"))?;
                places.push((row.get(0)?, row.get(1)?));
            }
            places.sort_unstable();
            let mut tx = cx.db.begin().await?;
            for (log, seq) in places {
                if read {
                    tx.execute(sql::MARK, params![caller.principal, log, seq, now]).await?;
                } else {
                    tx.execute(sql::UNMARK, params![caller.principal, log, seq]).await?;
                }
            }
            tx.commit().await?;
        }
    }
    cx.publisher.publish_ephemeral(caller.log, None, Utf8Bytes::from_static(crate::attention::INBOX_FRAME));
    Ok(())
}
