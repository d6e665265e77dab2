//! A batch on PostgreSQL: a few set-based statements, pipelined, in one transaction.

use futures_util::future::{join, join4, join5};
use rustc_hash::{FxHashMap, FxHashSet};
use uuid::Uuid;
use weft_kernel::{LogKey, Micros, PrincipalKey};
use weft_storage::{
    DbError, DbResult, Row, Value,
    pg::{PgConn, PgDb},
    tokio_postgres::types::ToSql,
    values,
};

use super::{
    Append, Appended, Outcome, Prepared,
    batch::{HeadRow, Heads, is_first_reply, repeated},
    sql,
};
use crate::wire::MENTION_EVERYBODY;

type Nonce<'a> = (LogKey, PrincipalKey, &'a str);

/// What a batch must know before it can write.
#[derive(Default)]
struct Known {
    heads: Heads,
    seen: FxHashMap<(LogKey, PrincipalKey, String), (Appended, Vec<u8>)>,
    authors: FxHashMap<(LogKey, i64), PrincipalKey>,
}

/// Writes `batch` in two round trips: everything that must be known, then everything that is
/// written and its commit. An error means that nothing of it was written, or, when the connection
/// broke during the commit, that a retry with the same nonces will tell.
pub(super) async fn write(db: &PgDb, batch: &[Prepared], now: Micros) -> DbResult<Vec<Outcome>> {
    let conn = db.connection().await?;
    let mut known = match learn(&conn, batch).await {
        Ok(known) => known,
        Err(error) => {
            // The connection goes back to the pool without a transaction, or is found broken.
            let _ = conn.batch("ROLLBACK").await;
            return Err(error);
        }
    };
    let mut rows = Rows::default();
    let mut mine: FxHashMap<Nonce<'_>, (Appended, [u8; 16])> = FxHashMap::default();
    let mut outcomes = Vec::with_capacity(batch.len());
    for prepared in batch {
        let placed = place(&mut known, &mut mine, &mut rows, prepared, now);
        if let Some(placed) = placed.as_ref().ok().filter(|placed| !placed.repeated) {
            let append = &prepared.append;
            for along in &append.along {
                rows.along.extend(along.statements(append.proof.log, append.sender, placed)?);
            }
        }
        outcomes.push(placed);
    }
    if let Err(error) = rows.write_along(&conn).await {
        let _ = conn.batch("ROLLBACK").await;
        return Err(error);
    }
    rows.commit(&conn, &known.heads).await?;
    Ok(outcomes)
}

fn place<'a>(
    known: &mut Known,
    mine: &mut FxHashMap<Nonce<'a>, (Appended, [u8; 16])>,
    rows: &mut Rows,
    prepared: &'a Prepared,
    now: Micros,
) -> Outcome {
    let append = &prepared.append;
    let key = (append.proof.log, append.sender, append.nonce.as_str());
    if let Some((first, hash)) = known.seen.get(&(key.0, key.1, append.nonce.clone())) {
        return repeated(append, *first, hash);
    }
    if let Some((first, hash)) = mine.get(&key) {
        return repeated(append, *first, hash);
    }
    known.heads.confirm(append)?;
    let place = known.heads.next(append, now)?;
    known.heads.take(append, &place);
    rows.add(prepared, &place, &known.authors);
    mine.insert(key, (place, append.request_hash));
    Ok(place)
}

async fn learn(conn: &PgConn, batch: &[Prepared]) -> DbResult<Known> {
    let distinct = |pick: fn(&Append) -> LogKey| -> Vec<i64> {
        batch.iter().map(|p| pick(&p.append).0).collect::<FxHashSet<_>>().into_iter().collect()
    };
    let nonces = values![
        batch.iter().map(|p| p.append.proof.log.0).collect::<Vec<_>>(),
        batch.iter().map(|p| p.append.sender.0).collect::<Vec<_>>(),
        batch.iter().map(|p| p.append.nonce.clone()).collect::<Vec<_>>(),
    ];
    let (logs, senders) = (values![distinct(|a| a.proof.log)], values![distinct(|a| a.proof.principal_log)]);
    // Prepared beforehand: then these queries leave together and run in this order. Once the heads
    // are locked, nonces and threads of these logs stand still.
    for statement in [sql::HEADS, sql::SEEN, sql::VERSIONS] {
        conn.prepare(statement).await?;
    }
    let (begun, heads, seen, versions) = join4(
        conn.batch("BEGIN"),
        conn.query(sql::HEADS, &logs),
        conn.query(sql::SEEN, &nonces),
        conn.query(sql::VERSIONS, &senders),
    )
    .await;
    begun?;
    let (heads, seen, versions) = (heads?, seen?, versions?);

    let mut known = Known::default();
    for row in versions.iter().chain(&heads) {
        known.heads.learn(row.get(0)?, head(row)?);
    }
    for row in &seen {
        let first = Appended {
            id: row.get(3)?,
            seq: row.get(4)?,
            n: row.get::<Option<i64>>(5)?.unwrap_or(0),
            at: row.get(6)?,
            repeated: true,
        };
        let hash = row.get::<Option<Vec<u8>>>(7)?.unwrap_or_default();
        known.seen.insert((row.get(0)?, row.get(1)?, row.get(2)?), (first, hash));
    }
    learn_threads(conn, batch, &mut known).await?;
    learn_standing(conn, batch, &mut known).await?;
    Ok(known)
}

async fn learn_standing(conn: &PgConn, batch: &[Prepared], known: &mut Known) -> DbResult<()> {
    let wanted = batch.iter().map(|p| &p.append).filter(|append| known.heads.wants_standing(append));
    let (logs, people): (Vec<i64>, Vec<i64>) = wanted.map(|a| (a.proof.log.0, a.sender.0)).unzip();
    if logs.is_empty() {
        return Ok(());
    }
    for row in conn.query(sql::STANDING, &values![logs, people]).await? {
        known.heads.vouch(row.get(0)?, row.get(1)?);
    }
    Ok(())
}

fn head(row: &Row) -> DbResult<HeadRow> {
    Ok(HeadRow { seq: row.get(1)?, n: row.get(2)?, at: row.get(3)?, acl_version: row.get(4)? })
}

async fn learn_threads(conn: &PgConn, batch: &[Prepared], known: &mut Known) -> DbResult<()> {
    let threads: FxHashSet<(i64, i64)> =
        batch.iter().filter_map(|p| Some((p.append.proof.log.0, p.append.thread?.seq))).collect();
    if threads.is_empty() {
        return Ok(());
    }
    let (logs, roots): (Vec<i64>, Vec<i64>) = threads.into_iter().unzip();
    for row in conn.query(sql::THREADS_LAST, &values![logs, roots]).await? {
        let (log, root): (LogKey, i64) = (row.get(0)?, row.get(1)?);
        known.heads.learn_thread(log, root, row.get(2)?);
        if let Some(author) = row.get(3)? {
            known.authors.insert((log, root), author);
        }
    }
    Ok(())
}

/// The columns of everything that a batch inserts.
#[derive(Default)]
struct Rows {
    log: Vec<i64>,
    seq: Vec<i64>,
    id: Vec<Uuid>,
    sender: Vec<i64>,
    n: Vec<i64>,
    thread: Vec<Option<i64>>,
    nonce: Vec<String>,
    hash: Vec<Vec<u8>>,
    at: Vec<i64>,
    body: Vec<Vec<u8>>,
    topic: Vec<Option<i64>>,
    mentions: [Vec<i64>; 4],
    mention_threads: Vec<Option<i64>>,
    follows: [Vec<i64>; 4],
    /// Of the few messages that something hangs on.
    along: Vec<(weft_storage::Sql, Vec<Value>)>,
    files: [Vec<i64>; 4],
}

impl Rows {
    fn add(
        &mut self,
        prepared: &Prepared,
        place: &Appended,
        authors: &FxHashMap<(LogKey, i64), PrincipalKey>,
    ) {
        let append = &prepared.append;
        let log = append.proof.log;
        let thread = append.thread.map(|t| t.seq);
        self.log.push(log.0);
        self.seq.push(place.seq);
        self.id.push(place.id.uuid());
        self.sender.push(append.sender.0);
        self.n.push(place.n);
        self.thread.push(thread);
        self.nonce.push(append.nonce.clone());
        self.hash.push(append.request_hash.to_vec());
        self.at.push(place.at);
        self.body.push(prepared.sealed.clone());
        self.topic.push(append.topic.as_ref().map(|topic| topic.key.0));
        let everybody = append.body.mention_all.as_ref().map(|_| MENTION_EVERYBODY);
        for who in append.mentions.iter().copied().chain(everybody) {
            push(&mut self.mentions, [who.0, log.0, place.seq, place.n]);
            self.mention_threads.push(thread);
        }
        for file in &append.files {
            push(&mut self.files, [log.0, place.seq, file.0, place.at]);
        }
        if let Some(root) = thread {
            push(&mut self.follows, [append.sender.0, log.0, root, place.n]);
            if let Some(author) = authors.get(&(log, root)).filter(|_| is_first_reply(append, place)) {
                push(&mut self.follows, [author.0, log.0, root, 0]);
            }
        }
    }

    async fn write_along(&mut self, conn: &PgConn) -> DbResult<()> {
        for (statement, row) in self.along.drain(..) {
            conn.execute(statement, &row).await?;
        }
        Ok(())
    }

    /// Writes and commits in one round trip. When a statement fails, the commit after it rolls
    /// back.
    async fn commit(self, conn: &PgConn, heads: &Heads) -> DbResult<()> {
        if self.log.is_empty() {
            return conn.batch("COMMIT").await;
        }
        for statement in [sql::PUT_HEADS, sql::FOLLOW_ALL, sql::FILES_ALL] {
            conn.prepare(statement).await?;
        }
        let insert = conn.prepare(sql::INSERT_ALL).await?;
        let mention = conn.prepare(sql::MENTIONS_ALL).await?;
        let moved = heads.moved();
        let column = |pick: fn(&(LogKey, HeadRow)) -> i64| moved.iter().map(pick).collect::<Vec<i64>>();
        let put = values![column(|m| m.0.0), column(|m| m.1.seq), column(|m| m.1.n), column(|m| m.1.at)];
        let columns: [&(dyn ToSql + Sync); 11] = [
            &self.log,
            &self.seq,
            &self.id,
            &self.sender,
            &self.n,
            &self.thread,
            &self.nonce,
            &self.hash,
            &self.at,
            &self.body,
            &self.topic,
        ];
        let [who, log, seq, n] = &self.mentions;
        let mentioned = async {
            if !who.is_empty() {
                let columns: [&(dyn ToSql + Sync); 5] = [who, log, seq, n, &self.mention_threads];
                conn.raw().execute(&mention, &columns).await?;
            }
            Ok(())
        };
        let files = self.files.clone().map(Value::from);
        let filed = async {
            if !self.files[0].is_empty() {
                conn.execute(sql::FILES_ALL, &files).await?;
            }
            Ok(())
        };
        let follows = self.follows.clone().map(Value::from);
        let followed = async {
            if !self.follows[0].is_empty() {
                conn.execute(sql::FOLLOW_ALL, &follows).await?;
            }
            Ok(())
        };
        let (inserted, put, (mentioned, filed), followed, committed) = join5(
            conn.raw().execute(&insert, &columns),
            conn.execute(sql::PUT_HEADS, &put),
            join(mentioned, filed),
            followed,
            conn.batch("COMMIT"),
        )
        .await;
        inserted.map_err(DbError::from)?;
        put?;
        [mentioned, filed, followed, committed].into_iter().collect()
    }
}

fn push(columns: &mut [Vec<i64>; 4], values: [i64; 4]) {
    for (column, value) in columns.iter_mut().zip(values) {
        column.push(value);
    }
}
