//! Taking back what devices show: it was read on another, or is not there any more.

use weft_kernel::{Fault, LogKey, Micros, PrincipalKey};
use weft_log::outbox;
use weft_storage::{DbResult, Row, params};

use crate::{
    Notify,
    port::Lane,
    sql,
    tell::{Errand, SEND, Send},
};

/// How long what is shown is remembered, in microseconds: nobody's device shows it for longer.
const REMEMBERED: Micros = 30 * 24 * 3_600_000_000;

struct Shown {
    principal: PrincipalKey,
    lane: Lane,
}

fn read_rows(rows: &[Row]) -> DbResult<Vec<Shown>> {
    let one =
        |row: &Row| Ok(Shown { principal: row.get(0)?, lane: Lane { log: row.get(1)?, root: row.get(2)? } });
    rows.iter().map(one).collect()
}

/// Looks at those of `logs` that are somebody's own: what they have read is shown no more.
pub(crate) async fn read(notify: &Notify, logs: &[LogKey]) -> Result<(), Fault> {
    let keys: Vec<i64> = logs.iter().map(|log| log.0).collect();
    let rows = notify.db.query(sql::READ, params![keys]).await?;
    hide(notify, read_rows(&rows)?).await
}

/// Looks at messages of `log` that were taken back after `after`, up to `upto`.
pub(crate) async fn taken_back(notify: &Notify, log: LogKey, after: i64, upto: i64) -> Result<(), Fault> {
    let rows = notify.db.query(sql::TAKEN_BACK, params![log, after, upto]).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let seqs = rows.iter().map(|row| row.get(0)).collect::<DbResult<Vec<i64>>>()?;
    let rows = notify.db.query(sql::SHOWN_OF, params![log, seqs]).await?;
    hide(notify, read_rows(&rows)?).await
}

async fn hide(notify: &Notify, shown: Vec<Shown>) -> Result<(), Fault> {
    if shown.is_empty() {
        return Ok(());
    }
    let now = notify.env.now();
    let mut tx = notify.db.begin().await?;
    for Shown { principal, lane } in shown {
        if tx.query_opt(sql::HIDE, params![principal, lane.log, lane.root]).await?.is_none() {
            continue;
        }
        for row in tx.query(sql::DEVICES_OF, params![principal, now]).await? {
            let errand = Errand::Clear { principal, lane };
            outbox::add(&mut tx, SEND, &Send { device: row.get(0)?, since: now, errand }, now).await?;
        }
    }
    tx.commit().await?;
    notify.outgoing.notify_one();
    Ok(())
}

/// Forgets what was shown long ago.
pub(crate) async fn tidy(notify: &Notify) -> DbResult<()> {
    notify.db.execute(sql::FORGET_SHOWN, params![notify.env.now() - REMEMBERED]).await.map(drop)
}
