//! One conversation's share of a history.

use weft_kernel::{Env, Fault, LogKey, OrgKey, keys};
use weft_log::{ControlKind, control, head};
use weft_storage::{Column, Db, Envelope, Row, Tx, params};

use super::{ACTIVE, Party, sql};

/// Hands over everything of `from` in `log` to `to`.
pub(super) async fn hand_over(
    db: &Db,
    env: &Env,
    org: OrgKey,
    log: LogKey,
    from: Party,
    to: Party,
) -> Result<(), Fault> {
    while messages(db, log, from, to).await? {}
    while mentions(db, log, from, to).await? {}
    while reactions(db, log, from, to).await? {}
    let now = env.now();
    let mut tx = db.begin().await?;
    membership(&mut tx, org, log, from, to).await?;
    tx.execute(sql::COPY_MARKS, params![log, from.key, to.key]).await?;
    tx.execute(sql::DROP_MARKS, params![log, from.key]).await?;
    tx.execute(sql::REMAKE, params![log, from.key, to.key]).await?;
    control::announce(&mut tx, ControlKind::Conversation, log.0, now).await?;
    Ok(tx.commit().await?)
}

/// The head's last number, locked until the transaction ends.
async fn locked(tx: &mut Tx, log: LogKey) -> Result<i64, Fault> {
    let heads = head::lock(tx, &[log]).await?;
    heads.first().map(|(_, head)| head.seq).ok_or_else(|| Fault::internal("a conversation has no log"))
}

fn seqs(rows: &[Row]) -> Result<Vec<i64>, Fault> {
    Ok(rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?)
}

/// The numbers after `head`, one for each of `count` events.
fn numbers(head: i64, count: usize) -> Column {
    Column::Ints((head + 1..=head + count as i64).collect())
}

/// Some of the messages; false when none was left.
async fn messages(db: &Db, log: LogKey, from: Party, to: Party) -> Result<bool, Fault> {
    let mut tx = db.begin().await?;
    let head = locked(&mut tx, log).await?;
    let written = seqs(&tx.query(sql::WRITTEN, params![log, from.key]).await?)?;
    let count = written.len();
    if count == 0 {
        tx.rollback().await?;
        return Ok(false);
    }
    let columns = vec![
        Column::Ints(vec![log.0; count]),
        Column::Ints(written),
        Column::Ints(vec![to.key.0; count]),
        numbers(head, count),
    ];
    tx.execute_many(sql::RESEND, columns).await?;
    tx.execute(sql::MOVE, params![log, head + count as i64]).await?;
    tx.commit().await?;
    Ok(true)
}

/// Some of the mentions, with the texts that hold them; false when none was left.
async fn mentions(db: &Db, log: LogKey, from: Party, to: Party) -> Result<bool, Fault> {
    let mut tx = db.begin().await?;
    let head = locked(&mut tx, log).await?;
    let rows = tx.query(sql::MENTIONED, params![log, from.key]).await?;
    if rows.is_empty() {
        tx.rollback().await?;
        return Ok(false);
    }
    // In the text, and in the list beside it.
    let (old, new) = (from.id.to_string(), to.id.to_string());
    let (mut changed, mut bodies) = (Vec::new(), Vec::new());
    for row in &rows {
        let body: Option<Vec<u8>> = row.get(1)?;
        if let Some(text) =
            body.as_deref().and_then(|b| Envelope.open(b)).and_then(|b| std::str::from_utf8(b).ok())
        {
            changed.push(row.get(0)?);
            bodies.push(Envelope.seal(text.replace(&old, &new).as_bytes()));
        }
    }
    let count = changed.len();
    let columns = vec![
        Column::Ints(vec![log.0; count]),
        Column::Ints(changed),
        Column::Bytes(bodies),
        numbers(head, count),
    ];
    tx.execute_many(sql::REWRITE, columns).await?;
    let all = seqs(&rows)?;
    tx.execute(sql::COPY_MENTIONS, params![log, from.key, to.key, all.clone()]).await?;
    tx.execute(sql::DROP_MENTIONS, params![log, from.key, all]).await?;
    tx.execute(sql::MOVE, params![log, head + count as i64]).await?;
    tx.commit().await?;
    Ok(true)
}

/// Some of the reactions; false when none was left.
async fn reactions(db: &Db, log: LogKey, from: Party, to: Party) -> Result<bool, Fault> {
    let mut tx = db.begin().await?;
    let head = locked(&mut tx, log).await?;
    let reacted = seqs(&tx.query(sql::REACTED, params![log, from.key]).await?)?;
    let count = reacted.len();
    if count == 0 {
        tx.rollback().await?;
        return Ok(false);
    }
    tx.execute(sql::COPY_REACTIONS, params![log, from.key, to.key, reacted.clone()]).await?;
    tx.execute(sql::DROP_REACTIONS, params![log, from.key, reacted.clone()]).await?;
    let columns = vec![Column::Ints(vec![log.0; count]), Column::Ints(reacted), numbers(head, count)];
    tx.execute_many(sql::TOUCH, columns).await?;
    tx.execute(sql::MOVE, params![log, head + count as i64]).await?;
    tx.commit().await?;
    Ok(true)
}

/// `to` becomes a member where `from` is one, and `from` leaves.
async fn membership(tx: &mut Tx, org: OrgKey, log: LogKey, from: Party, to: Party) -> Result<(), Fault> {
    let heads = head::lock(tx, &[log, to.log]).await?;
    let head_of = |which: LogKey| heads.iter().find(|(log, _)| *log == which).map_or(0, |(_, head)| head.seq);
    let Some(row) = tx.query_opt(sql::MEMBERSHIP, params![log, from.key]).await? else { return Ok(()) };
    if row.get::<Option<i64>>(0)?.is_some() {
        return Ok(());
    }
    let mut seq = head_of(log);
    let own = if to.state == ACTIVE { head_of(to.log) + 1 } else { 0 };
    if tx.query_opt(sql::MEMBERSHIP, params![log, to.key]).await?.is_none() {
        seq += 1;
        tx.execute(sql::COPY_MEMBER, params![log, from.key, to.key, seq, own]).await?;
        if own > 0 {
            tx.execute(sql::MOVE, params![to.log, own]).await?;
        }
    }
    tx.execute(sql::LEAVE, params![log, from.key, seq + 1]).await?;
    tx.execute(sql::COUNT, params![log, seq + 2]).await?;
    tx.execute(sql::MOVE_ACL, params![log, seq + 2]).await?;
    rekey(tx, org, log).await
}

/// A direct conversation or group is found by its people, unless another one is of the same.
async fn rekey(tx: &mut Tx, org: OrgKey, log: LogKey) -> Result<(), Fault> {
    let rows = tx.query(sql::PEOPLE, params![log]).await?;
    if rows.is_empty() {
        return Ok(());
    }
    let people = rows.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?;
    let key = keys::people_key(people);
    let taken = tx.query_opt(sql::SAME_PEOPLE, params![org, key.as_str(), log]).await?.is_some();
    tx.execute(sql::SET_PEOPLE, params![log, (!taken).then_some(key)]).await?;
    Ok(())
}
