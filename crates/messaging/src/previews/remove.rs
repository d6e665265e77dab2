//! Taking a card away.

use weft_http::Caller;
use weft_kernel::{
    Fault,
    id::{LinkId, MessageId},
};
use weft_log::head;
use weft_storage::params;

use super::sql;
use crate::{cx::Cx, messages, messages::find, rights, wire::Message};

/// The author of a message, an owner of the conversation or an admin takes away one card.
pub(super) async fn remove(cx: &Cx, caller: &Caller, id: MessageId, link: LinkId) -> Result<Message, Fault> {
    cx.while_stale(|| async move {
        let found = find(cx, caller, id).await?;
        let (mut tx, locked) = found.lock(cx, caller).await?;
        if locked.sender != caller.principal || found.view.seat.is_none() {
            rights::manages(&found.view, caller)?;
        }
        let (log, seq) = (found.row.log, found.row.seq);
        if tx.execute(sql::HIDE, params![log, seq, link]).await? == 0 {
            tx.rollback().await?;
            return found.present(cx).await;
        }
        let head = head::advance(&mut tx, log, cx.env.now()).await?;
        tx.execute(messages::sql::TOUCH, params![log, seq, head.seq]).await?;
        tx.commit().await?;
        found.tell(cx, &locked, head).await
    })
    .await
}
