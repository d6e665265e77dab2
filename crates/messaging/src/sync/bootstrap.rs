//! `GET /bootstrap`: everything that a client shows first, in a constant number of queries.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{Fault, LogKey, PrincipalKey};
use weft_storage::{DbResult, params};

use super::{Directory, own, sql};
use crate::{Cx, cards, events::Draft, wire::Conversation};

/// A client's first picture.
#[derive(Debug, Serialize, ToSchema)]
pub struct Bootstrap {
    /// A client that holds another epoch drops its store.
    pub epoch: String,
    /// The caller's principal.
    #[schema(value_type = Object)]
    pub me: Value,
    /// The org.
    #[schema(value_type = Object)]
    pub org: Value,
    /// Cursors of the caller's own and the org's log; a conversation's is its `head_seq`.
    pub cursors: BTreeMap<String, i64>,
    /// The joined conversations.
    pub conversations: Vec<Conversation>,
    /// The caller, and the others of direct conversations and groups.
    #[schema(value_type = Vec<Object>)]
    pub people: Vec<Value>,
    /// Unsent texts.
    pub drafts: Vec<Draft>,
    /// The caller's settings.
    #[schema(value_type = Object)]
    pub settings: Value,
}

/// Reads the first picture.
///
/// # Errors
/// Any fault of the database.
pub async fn bootstrap(
    cx: &Cx,
    directory: &dyn Directory,
    epoch: &str,
    caller: &Caller,
) -> Result<Bootstrap, Fault> {
    // Cursors before contents: what changes meanwhile is told again, never missed.
    let cursors = BTreeMap::from([
        (caller.principal_id.to_string(), head(cx, caller.log).await?),
        (caller.org_id.to_string(), head(cx, caller.org_log).await?),
    ]);
    let logs = cards::joined(&cx.db, caller.principal).await?;
    let mut conversations = cards::cards(&cx.db, &cx.people, caller.principal, &logs).await?;
    // Three times and an id for each of thousands of conversations would be half of the answer.
    for conversation in &mut conversations {
        (conversation.created_at, conversation.created_by) = (None, None);
        if let Some(me) = &mut conversation.me {
            me.joined_at = None;
        }
    }
    let peers: Vec<_> = conversations.iter().flat_map(|c| c.peers.iter().copied()).collect();
    let mut people: Vec<PrincipalKey> =
        cx.people.keys(caller.org, &peers).await?.into_iter().map(|(_, key)| key).collect();
    people.push(caller.principal);
    people.sort_unstable();
    people.dedup();
    let opening = directory.opening(caller, &people).await?;
    let drafts =
        own::drafts(cx, caller.principal, 0).await?.into_iter().filter(|d| !d.text.is_empty()).collect();
    Ok(Bootstrap {
        epoch: epoch.to_owned(),
        me: opening.me,
        org: opening.org,
        cursors,
        conversations,
        people: opening.people,
        drafts,
        settings: opening.settings,
    })
}

/// The last event of `log`.
pub(super) async fn head(cx: &Cx, log: LogKey) -> DbResult<i64> {
    cx.db.query_one(sql::HEAD, params![log]).await?.get(0)
}
