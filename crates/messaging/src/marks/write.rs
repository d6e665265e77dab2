//! One transaction for many marks, on either database.
//!
//! On SQLite it runs on the writer's thread in one go: the append queue waits for the same
//! thread, and must not wait for our round trips.

use weft_kernel::{Fault, LogKey, Micros, PrincipalKey};
use weft_log::{Proof, head, proof};
use weft_storage::{Backend, Db, DbResult, Value, params, sqlite::Conn, values};

use super::sql;
use crate::{receipts::Lane, standing, vanish};

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
    /// Between two people: what it has read may vanish.
    pub(super) direct: bool,
}

/// The event in the reader's own log, or why there is none; it concerns one mark alone.
pub(super) type Outcome = Result<i64, Fault>;

/// What became of marks.
pub(super) struct Written {
    pub(super) outcomes: Vec<Outcome>,
    /// The countdown of a message that vanishes has begun.
    pub(super) begun: bool,
}

/// Writes all of it; an error means that nothing was written.
pub(super) async fn write(
    db: &Db,
    marks: Vec<Mark>,
    wrote: Vec<Wrote>,
    now: Micros,
) -> Result<Written, Fault> {
    match db.backend() {
        Backend::Sqlite(sqlite) => Ok(sqlite.write(move |conn| on_sqlite(conn, &marks, &wrote, now)).await?),
        Backend::Postgres(_) => on_postgres(db, &marks, &wrote, now).await,
    }
}

fn on_sqlite(conn: &mut Conn, marks: &[Mark], wrote: &[Wrote], now: Micros) -> DbResult<Written> {
    let mut fading = spoken_in(wrote);
    let mut outcomes = Vec::with_capacity(marks.len());
    for mark in marks {
        outcomes.push(one(conn, mark, &mut fading, now)?);
    }
    for wrote in wrote {
        let (sql, row) = wrote.statement();
        conn.execute(sql, &row)?;
    }
    Ok(Written { outcomes, begun: vanish::begin_on_sqlite(conn, fading, now)? })
}

/// The conversations between two people in which somebody spoke.
fn spoken_in(wrote: &[Wrote]) -> Vec<i64> {
    wrote.iter().filter(|wrote| wrote.direct).map(|wrote| wrote.log.0).collect()
}

/// Takes one mark; `fading` gains its conversation where messages vanish.
fn one(conn: &mut Conn, mark: &Mark, fading: &mut Vec<i64>, now: Micros) -> DbResult<Outcome> {
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
    if standing.first().map(|row| row.get(2)).transpose()? == Some(true) {
        fading.push(mark.proof.log.0);
    }
    Ok(Ok(own_seq))
}

async fn on_postgres(db: &Db, marks: &[Mark], wrote: &[Wrote], now: Micros) -> Result<Written, Fault> {
    let mut tx = db.begin().await?;
    let mut outcomes: Vec<Outcome> = marks.iter().map(|_| Err(Proof::stale())).collect();
    let mut fading = spoken_in(wrote);
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
            Ok(()) => {}
        }
        let Some(vanished) = standing::of_reader(&mut tx, log, mark.principal).await? else { continue };
        if vanished {
            fading.push(log.0);
        }
        outcomes[i] = Ok(head::advance(&mut tx, principal_log, now).await?.seq);
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
    let begun = vanish::begin(&mut tx, fading, now).await?;
    tx.commit().await?;
    Ok(Written { outcomes, begun })
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
