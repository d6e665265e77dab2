//! Reading everything at once.

use weft_http::Caller;
use weft_kernel::{Fault, LogKey};
use weft_log::head;
use weft_storage::{DbResult, params};

use super::{publish, sql, threads};
use crate::{cards, cx::Cx, events::Event, receipts::Lane, rights, vanish};

/// Reads every conversation and followed thread of the caller to its end: one event each.
pub(super) async fn read_all(cx: &Cx, caller: &Caller) -> Result<(), Fault> {
    let mut tx = cx.db.begin().await?;
    head::lock(&mut tx, &[caller.log]).await?;
    rights::own_proof(caller).confirm(&mut tx).await?;
    let rows = tx.query(sql::UNREAD_ROOMS, params![caller.principal]).await?;
    let rooms = rows.iter().map(|row| row.get(0)).collect::<DbResult<Vec<LogKey>>>()?;
    let threads = tx.query(sql::UNREAD_THREADS, params![caller.principal]).await?.len();
    let count = (rooms.len() + threads) as i64;
    if count == 0 {
        return Ok(tx.rollback().await?);
    }
    let head = head::advance_by(&mut tx, caller.log, count, cx.env.now()).await?;
    let keys: Vec<i64> = rooms.iter().map(|log| log.0).collect();
    let mut risen = Vec::with_capacity(rooms.len() + threads);
    for row in tx.query(sql::READ_ROOMS, params![caller.principal, keys, head.seq]).await? {
        risen.push((Lane::main(row.get(0)?), row.get(1)?));
    }
    if threads > 0 {
        for row in tx.query(sql::READ_THREADS, params![caller.principal, head.seq]).await? {
            risen.push((Lane { log: row.get(0)?, root: row.get(1)? }, row.get(2)?));
        }
    }
    let logs = risen.iter().map(|(lane, _)| lane.log.0).collect();
    let begun = vanish::begin(&mut tx, logs, cx.env.now()).await?;
    tx.commit().await?;
    if begun {
        cx.due.notify_one();
    }
    for (lane, mark) in risen {
        cx.receipts.rise(lane, caller.principal, mark);
    }
    tell(cx, caller, &rooms, head.seq - count, head.seq).await
}

async fn tell(cx: &Cx, caller: &Caller, rooms: &[LogKey], before: i64, last: i64) -> Result<(), Fault> {
    let mut next = before + 1..=last;
    for card in cards::cards(&cx.db, &cx.people, caller.principal, rooms).await? {
        let (Some(me), Some(seq)) = (&card.me, next.next()) else { continue };
        let event = Event::Membership { conversation: card.id, me, last_n: card.last_n };
        publish(cx, caller, seq, &event);
    }
    for mark in threads::marks_changed(cx, caller.principal, last - 1, last).await? {
        let Some(seq) = next.next() else { break };
        publish(cx, caller, seq, &Event::Thread(&mark));
    }
    Ok(())
}
