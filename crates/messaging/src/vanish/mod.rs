//! Messages that vanish once they were read, in conversations between two people.
//!
//! **Invariants:** how long a message lasts stands in its own body and never changes; its row in
//! `vanishing` is written with it, and gone in the transaction that leaves the tombstone, so
//! whoever finds no row has nothing to do. A countdown begins in the transaction of the read mark
//! that passes the message. Where no message that vanishes was ever sent, a read mark does nothing
//! more than before: the flag is read with the row that says whether its reader is a member. A
//! tombstone of one keeps nothing of what was said, not even a hash.

mod begin;
mod due;
mod routes;
pub mod sql;
mod switch;

pub(crate) use begin::{begin, begin_on_sqlite};
pub(crate) use due::{forget, look, next};
pub use routes::router;

use weft_http::{OrgPolicy, limits};
use weft_kernel::{Fault, LogKey, Micros, OrgKey, PrincipalKey};
use weft_storage::{Db, DbResult, Sql, Value, params};

use crate::{
    append::{Alongside, Appended},
    cx::Cx,
    guard::Seat,
    wire::{self, Kind, StoredBody, Vanish},
};

/// Microseconds of a second.
const SECOND: Micros = 1_000_000;
/// A message that nobody reads goes after so long all the same.
const UNREAD: Micros = 14 * 24 * 3_600 * SECOND;

/// A message that vanishes, as it is written with it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Vanishing {
    /// How long after it was read, in seconds.
    pub(crate) after: i64,
    /// The place of its thread's root, 0 in the main flow.
    thread: i64,
}

impl Alongside for Vanishing {
    fn statements(
        &self,
        log: LogKey,
        sender: PrincipalKey,
        place: &Appended,
    ) -> DbResult<Vec<(Sql, Vec<Value>)>> {
        let row = params![log, place.seq, sender, place.n, self.thread, self.after, place.at + UNREAD];
        Ok(vec![(sql::ADD, row), (sql::MARK, params![log])])
    }

    fn show(&self, message: &mut wire::Message) {
        message.vanish = Some(Vanish { after: self.after, at: None });
    }
}

/// The fault of what is not done with a message that vanishes.
pub(crate) fn refused(why: &'static str) -> Fault {
    Fault::conflict("vanishing", why)
}

/// Refuses to carry on what vanishes.
///
/// # Errors
/// `conflict` with code `vanishing`.
pub(crate) fn stays(body: &StoredBody, otherwise: &'static str) -> Result<(), Fault> {
    if body.vanish.is_none() { Ok(()) } else { Err(refused(otherwise)) }
}

/// Whether messages may vanish in an org.
async fn allowed(db: &Db, org: OrgKey) -> Result<bool, Fault> {
    let row = db.query_one(sql::POLICY, params![org]).await?;
    Ok(OrgPolicy::from_stored(&row.get::<String>(0)?).vanishing.allowed)
}

fn not_allowed() -> Fault {
    Fault::forbidden("Your organisation does not let messages vanish. Send it as one that stays.")
        .code("vanishing_off")
}

/// Refuses a time that is none of a message.
fn check(after: i64) -> Result<(), Fault> {
    if (limits::VANISH_MIN_S..=limits::VANISH_MAX_S).contains(&after) {
        return Ok(());
    }
    Err(Fault::invalid("vanish", "Messages vanish between 5 seconds and 7 days after they were read."))
}

/// Refuses conversations that are not between two people. Those of a direct one never change.
fn of_two(seat: &Seat) -> Result<(), Fault> {
    if seat.room.kind == Kind::Direct && seat.room.member_count == 2 {
        return Ok(());
    }
    Err(Fault::conflict("not_of_two", "Messages vanish only in conversations between two people."))
}

/// How a new message of the seat's holder lasts: as it says itself (0: it stays), otherwise as its
/// conversation is set. Where the org lets nothing vanish, what is set does not apply.
///
/// # Errors
/// `invalid`, `not_of_two`, `vanishing_off`, or any database fault.
pub(crate) async fn of_request(
    cx: &Cx,
    seat: &Seat,
    named: Option<i64>,
    thread: Option<i64>,
) -> Result<Option<Vanishing>, Fault> {
    let Some(after) = named.or(seat.room.vanish_after).filter(|after| *after != 0) else { return Ok(None) };
    if named.is_some() {
        check(after)?;
        of_two(seat)?;
    }
    match allowed(&cx.db, seat.room.org).await? {
        true => Ok(Some(Vanishing { after, thread: thread.unwrap_or(0) })),
        false if named.is_none() => Ok(None),
        false => Err(not_allowed()),
    }
}
