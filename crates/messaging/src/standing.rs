//! Looking again under the lock. A stale proof says only that something about a conversation's
//! members changed, usually someone else; where many come and go at once, throwing the caller's
//! work away each time would starve them. So what the proof stood for is read once more in the
//! transaction, where it cannot change until the commit.

use weft_kernel::{Fault, LogKey, PrincipalKey};
use weft_log::Proof;
use weft_storage::{DbResult, Tx, params, statements};

use crate::{
    events::{ROLE_OWNER, ROLE_PUBLISHER},
    guard::{Room, Seat},
};

statements! {
    /// Whether a conversation is archived, someone's present role in it, and whether messages that
    /// vanish were sent there.
    STANDING = "SELECT c.archived_at IS NOT NULL, m.role, c.vanished = 1 FROM conversations c
                LEFT JOIN members m ON m.log = c.log AND m.principal = $2 AND m.left_seq IS NULL WHERE c.log = $1";
}

async fn read(tx: &mut Tx, log: LogKey, who: PrincipalKey) -> DbResult<(bool, Option<i64>)> {
    let row = tx.query_one(STANDING, params![log, who]).await?;
    Ok((row.get(0)?, row.get(1)?))
}

/// Whether `room` and `seat` still say the truth about `who`; the room's head must be locked.
///
/// # Errors
/// [`Proof::stale`] when they do not, or any database fault.
pub(crate) async fn unchanged(
    tx: &mut Tx,
    room: &Room,
    who: PrincipalKey,
    seat: Option<&Seat>,
) -> Result<(), Fault> {
    let (archived, role) = read(tx, room.log, who).await?;
    let stands = role.map(|role| (role == ROLE_OWNER, role == ROLE_PUBLISHER));
    let same = archived == room.archived && stands == seat.map(|seat| (seat.owner, seat.publisher));
    if same { Ok(()) } else { Err(Proof::stale()) }
}

/// For who is a member now: whether messages that vanish were sent there.
///
/// # Errors
/// Any database error.
pub(crate) async fn of_reader(tx: &mut Tx, log: LogKey, who: PrincipalKey) -> DbResult<Option<bool>> {
    let row = tx.query_one(STANDING, params![log, who]).await?;
    row.get::<Option<i64>>(1)?.map(|_| row.get(2)).transpose()
}
