//! Noting who has something waiting: one job for a person, made by the first message.

use rustc_hash::FxHashSet;
use weft_http::{DigestWish, OrgPolicy};
use weft_kernel::{Fault, Micros, PrincipalKey};
use weft_log::outbox;
use weft_storage::{DbResult, Row, params};

use super::{DIGEST, sql};
use crate::{Notify, news::News};

/// People looked at together.
const PAGE: usize = 500;

/// Makes a job for everybody whom `news` is for and who has none. Done again, it changes nothing.
pub(crate) async fn note(notify: &Notify, news: &[News]) -> Result<(), Fault> {
    if !notify.digests.offered() {
        return Ok(());
    }
    let mut people = FxHashSet::default();
    for one in news {
        people.extend(notify.digests.concerned(one).await?.into_iter().map(|who| who.0));
    }
    let mut people: Vec<i64> = people.into_iter().collect();
    people.sort_unstable();
    for page in people.chunks(PAGE) {
        wait(notify, page.to_vec()).await?;
    }
    Ok(())
}

async fn wait(notify: &Notify, people: Vec<i64>) -> Result<(), Fault> {
    let now = notify.env.now();
    let rows = notify.db.query(sql::TO_WAIT, params![people]).await?;
    let due = rows.iter().map(|row| due(row, now)).collect::<DbResult<Vec<_>>>()?;
    let mut due = due.into_iter().flatten().peekable();
    if due.peek().is_none() {
        return Ok(());
    }
    let mut tx = notify.db.begin().await?;
    for (who, at) in due {
        put(&mut tx, who, at).await?;
    }
    Ok(tx.commit().await?)
}

/// Makes somebody's job, unless there is one.
pub(super) async fn put(tx: &mut weft_storage::Tx, who: PrincipalKey, at: Micros) -> Result<(), Fault> {
    let job = outbox::add(tx, DIGEST, &who, at).await?;
    if tx.execute(sql::WAIT, params![who, job]).await? == 0 {
        outbox::done_in(tx, job).await?;
    }
    Ok(())
}

/// Reads a row of [`sql::TO_WAIT`]: who, and when they want to be told, if they do.
fn due(row: &Row, now: Micros) -> DbResult<Option<(PrincipalKey, Micros)>> {
    let (settings, zone, policy): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
    if !OrgPolicy::from_stored(&policy).mail.digests {
        return Ok(None);
    }
    let who = row.get(0)?;
    Ok(DigestWish::from_stored(&settings).due(now, &zone).map(|at| (who, at)))
}
