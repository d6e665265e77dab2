//! Topics: what messages of a conversation are about. A message of the main lane may carry one;
//! replies belong to that of their thread.
//!
//! **Invariants:** a topic is a row of its conversation, found by its folded name; a message names
//! it in its own row, so that sending with a topic writes no row more; when it was last spoken of,
//! how much and how much of it is unread follow from the messages and from marks; a mark of a
//! topic is a row only for who reads it by itself; moving a message is a change of its present
//! state, of its replies too; whoever may not see any message of a topic does not learn its name.

mod change;
mod choose;
mod label;
mod list;
mod marks;
mod merge;
mod routes;
pub mod sql;

pub use choose::Chosen;
pub use marks::TopicMark;
pub use routes::router;

pub(crate) use choose::{of_request, seen};
pub(crate) use marks::marks_changed;

use serde::Serialize;
use utoipa::ToSchema;
use weft_kernel::{
    Fault, Micros,
    id::{ConversationId, PrincipalId, TopicId},
};
use weft_log::{Frame, LogName};
use weft_storage::{DbResult, Row, Tx, params};

use crate::{Cx, Room, View, events::Event, wire::Kind};

/// A topic, the same for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Topic {
    /// Public id.
    #[schema(value_type = String)]
    pub id: TopicId,
    /// Where it is.
    #[schema(value_type = String)]
    pub conversation: ConversationId,
    /// Its name, unique in the conversation whatever the case of its letters.
    pub name: String,
    /// What it was about is settled; it can still be written in.
    pub resolved: bool,
    /// Who wrote in it first.
    #[schema(value_type = Option<String>)]
    pub created_by: Option<PrincipalId>,
    /// When.
    pub created_at: Micros,
    /// The topic that its messages went to; it is not listed any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub merged_into: Option<TopicId>,
}

impl Topic {
    /// Reads `id, name, resolved, created_by, created_at, merged_into` from column `first` on.
    fn read(row: &Row, first: usize, conversation: ConversationId) -> DbResult<Topic> {
        Ok(Topic {
            id: row.get(first)?,
            conversation,
            name: row.get(first + 1)?,
            resolved: row.get(first + 2)?,
            created_by: row.get(first + 3)?,
            created_at: row.get(first + 4)?,
            merged_into: row.get(first + 5)?,
        })
    }
}

/// Topics whose present state comes of an event after `after`, with those events, in their order.
///
/// # Errors
/// Any database fault.
pub(crate) async fn changed(
    cx: &Cx,
    view: &View,
    after: i64,
    limit: u32,
) -> Result<Vec<(i64, Topic)>, Fault> {
    let asked = params![view.room.log, after, view.visible_from, limit];
    let rows = cx.db.query(sql::CHANGED, asked).await?;
    rows.iter().map(|row| Ok((row.get(0)?, Topic::read(row, 1, view.room.id)?))).collect()
}

/// Refuses conversations that have no topics.
fn has_topics(room: &Room) -> Result<(), Fault> {
    if room.kind == Kind::Direct {
        return Err(Fault::conflict("no_topics", "A direct conversation has no topics."));
    }
    if room.kind == Kind::Announcement {
        return Err(Fault::conflict("no_topics", "Announcements have no topics."));
    }
    Ok(())
}

/// Whether some member may not see what is up to `seq`.
async fn hidden(tx: &mut Tx, room: &Room, seq: i64) -> Result<bool, Fault> {
    Ok(tx.query_one(sql::HIDDEN, params![room.log, seq]).await?.get(0)?)
}

/// The frame of a topic's present state. Where some may not see any of it, it only says that the
/// log has grown.
fn frame(room: &Room, seq: i64, topic: &Topic, hidden: bool) -> Frame {
    let name = LogName::Conversation(room.id);
    if hidden {
        return Frame::head(room.log, name, seq);
    }
    Frame::event(room.log, name, seq, &Event::Topic { topic })
}
