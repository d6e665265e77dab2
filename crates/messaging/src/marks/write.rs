//! One transaction for many marks, on either database.
//!
//! On SQLite it runs on the writer's thread in one go: the append queue waits for the same
//! thread, and must not wait for our round trips.

use weft_kernel::{Fault, LogKey, Micros, PrincipalKey};
use weft_log::{Proof, head, proof};
use weft_storage::{Backend, Db, DbResult, Value, params, sqlite::Conn, values};

use super::sql;
use crate::{receipts::Lane, standing};

/// A conversation read up to a place, as its reader asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    /// That its reader is a member.
    pub(super) proof: Proof,
    /// The reader.
    pub(super) principal: PrincipalKey,
    /// The last event read.
    pub(super) seq: i64,
    /// The ordinal that stands for it.
    pub(super) n: i64,
}

/// A message, which its author has read: in the main flow, or under a root.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wrote {
    pub(super) log: LogKey,
    pub(super) who: PrincipalKey,
    pub(super) root: Option<i64>,
    pub(super) seq: i64,
    pub(super) n: i64,
}

/// The event in the reader's own log, or why there is none; it concerns one mark alone.
pub(super) type Outcome = Result<i64, Fault>;

/// Writes all of it; an error means that nothing was written.
pub(super) async fn write(
    db: &Db,
    marks: Vec<Mark>,
    wrote: Vec<Wrote>,
    now: Micros,
) -> Result<Vec<Outcome>, Fault> {
    match db.backend() {
        Backend::Sqlite(sqlite) => Ok(sqlite.write(move |conn| on_sqlite(conn, &marks, &wrote, now)).await?),
        Backend::Postgres(_) => on_postgres(db, &marks, &wrote, now).await,
    }
}

fn on_sqlite(conn: &mut Conn, marks: &[Mark], wrote: &[Wrote], now: Micros) -> DbResult<Vec<Outcome>> {
    let outcomes = marks.iter().map(|mark| one(conn, mark, now)).collect::<DbResult<_>>()?;
    for wrote in wrote {
        let (sql, row) = wrote.statement();
        conn.execute(sql, &row)?;
    }
    Ok(outcomes)
}

fn one(conn: &mut Conn, mark: &Mark, now: Micros) -> DbResult<Outcome> {
    let versions = conn.query(proof::VERSIONS, &values![vec![mark.proof.principal_log.0]])?;
    let version = versions.first().map(|row| row.get::<i64>(1)).transpose()?;
    let standing = conn.query(standing::STANDING, &values![mark.proof.log, mark.principal])?;
    let role = standing.first().map(|row| row.get::<Option<i64>>(1)).transpose()?.flatten();
    if version != Some(mark.proof.principal_version) || role.is_none() {
        return Ok(Err(Proof::stale()));
    }
    let heads = conn.query(head::ADVANCE, &values![mark.proof.principal_log, 1_i64, now])?;
    let Some(head) = heads.first() else { return Ok(Err(Proof::stale())) };
    let own_seq = head.get(0)?;
    conn.execute(sql::READ, &mark.row(own_seq))?;
    Ok(Ok(own_seq))
}

async fn on_postgres(db: &Db, marks: &[Mark], wrote: &[Wrote], now: Micros) -> Result<Vec<Outcome>, Fault> {
    let mut tx = db.begin().await?;
    let mut outcomes: Vec<Outcome> = marks.iter().map(|_| Err(Proof::stale())).collect();
    // Heads first, in ascending order; then members, in theirs: nothing waits in a circle.
    let mut order: Vec<usize> = (0..marks.len()).collect();
    order.sort_unstable_by_key(|i| marks[*i].proof.principal_log);
    for i in order {
        let mark = &marks[i];
        let Proof { log, principal_log, principal_version, .. } = mark.proof;
        let own = Proof { log: principal_log, log_version: principal_version, ..mark.proof };
        match own.confirm(&mut tx).await {
            Err(fault) if fault.code_str() == "stale_permission" => continue,
            Err(fault) => return Err(fault),
            Ok(()) if !standing::is_member(&mut tx, log, mark.principal).await? => continue,
            Ok(()) => outcomes[i] = Ok(head::advance(&mut tx, principal_log, now).await?.seq),
        }
    }
    let mut order: Vec<usize> = (0..marks.len()).collect();
    order.sort_unstable_by_key(|i| (marks[*i].proof.log, marks[*i].principal));
    for i in order {
        if let Ok(own_seq) = outcomes[i] {
            tx.execute(sql::READ, marks[i].row(own_seq)).await?;
        }
    }
    for wrote in wrote {
        let (sql, row) = wrote.statement();
        tx.execute(sql, row).await?;
    }
    tx.commit().await?;
    Ok(outcomes)
}

impl Mark {
    fn row(&self, own_seq: i64) -> Vec<Value> {
        params![self.proof.log, self.principal, self.seq, self.n, own_seq]
    }
}

impl Wrote {
    /// Where its author's mark has risen, and how far.
    pub(super) fn risen(&self) -> (Lane, PrincipalKey, i64) {
        (Lane::of(self.log, self.root), self.who, if self.root.is_some() { self.n } else { self.seq })
    }

    fn statement(&self) -> (weft_storage::Sql, Vec<Value>) {
        match self.root {
            None => (sql::WROTE, params![self.log, self.who, self.seq, self.n]),
            Some(root) => (sql::WROTE_IN_THREAD, params![self.log, self.who, root, self.n]),
        }
    }
}
