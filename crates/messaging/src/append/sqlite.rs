//! A batch on SQLite: on the writer's thread, in one transaction, with cached statements.

use weft_kernel::{LogKey, Micros, PrincipalKey};
use weft_storage::{DbError, DbResult, sqlite::Conn, values};

use super::{
    Append, Appended, Outcome, Prepared,
    batch::{HeadRow, Heads, is_first_reply, repeated},
    sql,
};
use crate::wire::MENTION_EVERYBODY;

/// Writes `batch`; an error means that nothing of it was written.
pub(super) fn write(conn: &mut Conn, batch: &[Prepared], now: Micros) -> DbResult<Vec<Outcome>> {
    let mut heads = Heads::default();
    let outcomes =
        batch.iter().map(|prepared| one(conn, &mut heads, prepared, now)).collect::<DbResult<_>>()?;
    for (log, row) in heads.moved() {
        conn.execute(sql::PUT_HEAD, &values![log, row.seq, row.n, row.at])?;
    }
    Ok(outcomes)
}

fn one(conn: &mut Conn, heads: &mut Heads, prepared: &Prepared, now: Micros) -> DbResult<Outcome> {
    let append = &prepared.append;
    learn_head(conn, heads, append.proof.log)?;
    learn_head(conn, heads, append.proof.principal_log)?;
    learn_thread(conn, heads, append)?;
    learn_standing(conn, heads, append)?;
    if let Err(fault) = heads.confirm(append) {
        // A repeated nonce was allowed when it was first sent.
        return Ok(seen(conn, append)?.unwrap_or(Err(fault)));
    }
    let place = match heads.next(append, now) {
        Ok(place) => place,
        Err(fault) => return Ok(Err(fault)),
    };
    if insert(conn, prepared, &place)? == 0 {
        let gone = || DbError::Other("a nonce is taken, but not by a message".into());
        return seen(conn, append)?.ok_or_else(gone);
    }
    heads.take(append, &place);
    index(conn, append, &place)?;
    Ok(Ok(place))
}

fn learn_head(conn: &mut Conn, heads: &mut Heads, log: LogKey) -> DbResult<()> {
    if heads.knows(log) {
        return Ok(());
    }
    if let Some(row) = conn.query(sql::HEAD, &values![log])?.first() {
        heads.learn(
            log,
            HeadRow { seq: row.get(0)?, n: row.get(1)?, at: row.get(2)?, acl_version: row.get(3)? },
        );
    }
    Ok(())
}

fn learn_thread(conn: &mut Conn, heads: &mut Heads, append: &Append) -> DbResult<()> {
    let Some(thread) = append.thread else { return Ok(()) };
    let log = append.proof.log;
    if !heads.knows_thread(log, thread.seq) {
        let rows = conn.query(sql::THREAD_LAST, &values![log, thread.seq])?;
        heads.learn_thread(log, thread.seq, rows.first().map_or(Ok(0), |row| row.get(0))?);
    }
    Ok(())
}

fn learn_standing(conn: &mut Conn, heads: &mut Heads, append: &Append) -> DbResult<()> {
    if heads.wants_standing(append) {
        let (log, who) = (append.proof.log, append.sender);
        if !conn.query(sql::STANDING, &values![log, who])?.is_empty() {
            heads.vouch(log, who);
        }
    }
    Ok(())
}

fn seen(conn: &mut Conn, append: &Append) -> DbResult<Option<Outcome>> {
    let rows = conn.query(sql::BY_NONCE, &values![append.proof.log, append.sender, &append.nonce])?;
    let Some(row) = rows.first() else { return Ok(None) };
    let first = Appended {
        id: row.get(0)?,
        seq: row.get(1)?,
        n: row.get::<Option<i64>>(2)?.unwrap_or(0),
        at: row.get(3)?,
        repeated: true,
    };
    let hash: Option<Vec<u8>> = row.get(4)?;
    Ok(Some(repeated(append, first, &hash.unwrap_or_default())))
}

fn insert(conn: &mut Conn, prepared: &Prepared, place: &Appended) -> DbResult<u64> {
    let append = &prepared.append;
    let params = values![
        append.proof.log,
        place.seq,
        place.id,
        append.sender,
        place.n,
        append.thread.map(|t| t.seq),
        &append.nonce,
        &append.request_hash[..],
        place.at,
        prepared.sealed.as_slice(),
        append.topic.as_ref().map(|topic| topic.key),
    ];
    conn.execute(sql::INSERT, &params)
}

/// The rows that are found by, not read: mentions, files and followed threads.
fn index(conn: &mut Conn, append: &Append, place: &Appended) -> DbResult<()> {
    let everybody = append.body.mention_all.as_ref().map(|_| MENTION_EVERYBODY);
    for who in append.mentions.iter().copied().chain(everybody) {
        let thread = append.thread.map(|t| t.seq);
        conn.execute(sql::MENTION, &values![who, append.proof.log, place.seq, place.n, thread])?;
    }
    for along in &append.along {
        for (statement, row) in along.statements(append.proof.log, append.sender, place)? {
            conn.execute(statement, &row)?;
        }
    }
    for file in &append.files {
        conn.execute(sql::FILE, &values![append.proof.log, place.seq, *file, place.at])?;
    }
    let Some(thread) = append.thread else { return Ok(()) };
    conn.execute(sql::FOLLOW, &values![append.sender, append.proof.log, thread.seq, place.n])?;
    if is_first_reply(append, place)
        && let Some(row) = conn.query(sql::ROOT_SENDER, &values![append.proof.log, thread.seq])?.first()
    {
        let author: PrincipalKey = row.get(0)?;
        conn.execute(sql::FOLLOW, &values![author, append.proof.log, thread.seq, 0_i64])?;
    }
    Ok(())
}
