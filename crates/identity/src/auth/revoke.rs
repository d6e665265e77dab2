//! Ending access, so that it ends everywhere: rows, remembered callers, permission proofs, sockets.

use serde::Serialize;
use weft_kernel::{AccountKey, LogKey, Micros, PrincipalKey, id::PrincipalId};
use weft_log::{ControlKind, Cut, Frame, LogName, control, head};
use weft_storage::{DbResult, Tx, params};

use super::sql;
use crate::state::Effects;

/// Which of an account's credentials stay.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Keep {
    /// One session (0: none) and the tokens.
    Session(i64),
    /// Nothing.
    Nothing,
}

/// The event of a principal's log that says: what you may do has changed, look again.
#[derive(Serialize)]
struct AccessEvent {
    k: &'static str,
}

/// Makes every permission proof of a principal stale; their log tells of it.
pub(crate) async fn stale_proofs(
    tx: &mut Tx,
    effects: &mut Effects,
    log: LogKey,
    id: PrincipalId,
    now: Micros,
) -> DbResult<()> {
    let head = head::advance_acl(tx, log, now).await?;
    effects.frames.push(Frame::event(log, LogName::Principal(id), head.seq, &AccessEvent { k: "access" }));
    Ok(())
}

/// Ends an account's sessions, and its tokens unless they are kept.
///
/// Takes the control head and the heads of the account's principals; call it before any other
/// head is taken in `tx`.
pub(crate) async fn account(
    tx: &mut Tx,
    effects: &mut Effects,
    account: AccountKey,
    keep: Keep,
    now: Micros,
) -> DbResult<()> {
    let rows = tx.query(sql::PRINCIPALS_OF, params![account]).await?;
    let mut logs = vec![LogKey::CONTROL];
    for row in &rows {
        logs.push(row.get(2)?);
    }
    head::lock(tx, &logs).await?;
    let kept = match keep {
        Keep::Session(session) => session,
        Keep::Nothing => 0,
    };
    let ended = tx.query(sql::DELETE_SESSIONS, params![account, kept]).await?;
    for row in &rows {
        stale_proofs(tx, effects, row.get(2)?, row.get(1)?, now).await?;
    }
    if let Keep::Nothing = keep {
        tx.execute(sql::DELETE_ACCOUNT_TOKENS, params![account]).await?;
        control::announce(tx, ControlKind::Account, account.0, now).await?;
        effects.cut(Cut::Account(account), "signed_out");
        return Ok(());
    }
    for row in &ended {
        let session: i64 = row.get(0)?;
        control::announce(tx, ControlKind::Session, session, now).await?;
        effects.cut(Cut::Session(session), "signed_out");
    }
    Ok(())
}

/// Ends what a principal may do in its org: tokens, sockets, proofs. Its head and the control
/// head must be locked.
pub(crate) async fn principal(
    tx: &mut Tx,
    effects: &mut Effects,
    (principal, id, log): (PrincipalKey, PrincipalId, LogKey),
    code: &'static str,
    now: Micros,
) -> DbResult<()> {
    if code == "deactivated" {
        tx.execute(sql::DELETE_PRINCIPAL_TOKENS, params![principal]).await?;
    }
    stale_proofs(tx, effects, log, id, now).await?;
    control::announce(tx, ControlKind::Principal, principal.0, now).await?;
    effects.cut(Cut::Principal(principal), code);
    Ok(())
}
