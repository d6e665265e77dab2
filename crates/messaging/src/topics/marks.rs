//! Reading a topic by itself. Its mark is a row of its reader's; once everything up to a place is
//! covered by marks, the conversation counts as read up to there.

use serde::Serialize;
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{
    Fault, PrincipalKey,
    id::{ConversationId, TopicId},
};
use weft_log::{Frame, LogName, head};
use weft_storage::{DbResult, params};

use super::{choose::seen, sql};
use crate::{Cx, Seat, View, events::Event, marks};

/// What someone has read of a topic by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicMark {
    /// Where it is.
    #[schema(value_type = String)]
    pub conversation: ConversationId,
    /// The topic; null: messages without one.
    #[schema(value_type = Option<String>)]
    pub topic: Option<TopicId>,
    /// Read up to this event of the conversation.
    pub read_seq: i64,
}

/// Reads a topic (`none`: what has none) up to `seq`. Rises only.
pub(super) async fn read(
    cx: &Cx,
    caller: &Caller,
    id: ConversationId,
    topic: &str,
    seq: i64,
) -> Result<(), Fault> {
    let seat = cx
        .while_stale(|| async move {
            let seat = cx.guard.seat(caller, id).await?;
            let view =
                View { room: seat.room.clone(), visible_from: seat.visible_from, seat: Some(seat.clone()) };
            let key = match topic {
                "none" => 0,
                topic => seen(cx, &view, topic).await?.0,
            };
            raise(cx, caller, &seat, (key, topic.parse().ok()), seq).await?;
            Ok(seat)
        })
        .await?;
    follow(cx, caller, &seat).await
}

async fn raise(
    cx: &Cx,
    caller: &Caller,
    seat: &Seat,
    (key, topic): (i64, Option<TopicId>),
    seq: i64,
) -> Result<(), Fault> {
    let (log, who) = (seat.room.log, seat.principal);
    let row = cx.db.query_opt(sql::PROGRESS, params![log, who]).await?;
    let row = row.ok_or_else(|| Fault::not_found("conversation"))?;
    let seq = seq.min(row.get(0)?);
    let before: Option<i64> =
        cx.db.query_opt(sql::MARK, params![who, log, key]).await?.map(|row| row.get(0)).transpose()?;
    if seq <= before.unwrap_or(0).max(row.get(1)?) {
        return Ok(());
    }
    let mut tx = cx.db.begin().await?;
    let head = head::advance(&mut tx, caller.log, cx.env.now()).await?;
    cx.confirm(&mut tx, caller, &seat.room, Some(seat)).await?;
    if tx.execute(sql::READ, params![who, log, key, seq, head.seq]).await? == 0 {
        return Ok(tx.rollback().await?);
    }
    tx.commit().await?;
    let mark = TopicMark { conversation: seat.room.id, topic, read_seq: seq };
    let name = LogName::Principal(caller.principal_id);
    cx.publisher.publish(Frame::event(caller.log, name, head.seq, &Event::TopicRead(&mark)));
    Ok(())
}

/// Raises the conversation's own mark to before the first message that no mark covers.
async fn follow(cx: &Cx, caller: &Caller, seat: &Seat) -> Result<(), Fault> {
    let (log, who) = (seat.room.log, seat.principal);
    let Some(row) = cx.db.query_opt(sql::PROGRESS, params![log, who]).await? else { return Ok(()) };
    let (head, read_seq): (i64, i64) = (row.get(0)?, row.get(1)?);
    // What was marked unread on purpose stays so until the conversation itself is read.
    if row.get::<Option<i64>>(2)?.is_some() {
        return Ok(());
    }
    let from = read_seq.max(seat.visible_from - 1);
    let unread = cx.db.query_opt(sql::FIRST_UNREAD, params![log, who, from]).await?;
    let reach = match unread {
        Some(row) => row.get::<i64>(0)? - 1,
        None => head,
    };
    if reach > read_seq { marks::read(cx, caller, seat.room.id, reach).await } else { Ok(()) }
}

/// The marks that events of someone's own log after `after` have changed.
///
/// # Errors
/// Any database error.
pub(crate) async fn marks_changed(cx: &Cx, who: PrincipalKey, after: i64) -> DbResult<Vec<TopicMark>> {
    let rows = cx.db.query(sql::MARKS, params![who, after]).await?;
    rows.iter()
        .map(|row| Ok(TopicMark { conversation: row.get(0)?, topic: row.get(1)?, read_seq: row.get(2)? }))
        .collect()
}
