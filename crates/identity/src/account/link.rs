//! Single-use links that prove a mailbox: password reset, change of address.

use weft_kernel::{AccountKey, Env, Fault, FaultKind, Micros};
use weft_storage::{DbResult, Tx, params};

use super::sql;
use crate::secret;

/// What a link is for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose {
    /// A new password.
    Reset,
    /// A new address; the payload is the address.
    Email,
}

impl Purpose {
    pub(crate) fn stored(self) -> &'static str {
        match self {
            Purpose::Reset => "reset",
            Purpose::Email => "email",
        }
    }

    fn life(self) -> Micros {
        match self {
            Purpose::Reset => 3600 * crate::state::SECOND,
            Purpose::Email => crate::state::DAY,
        }
    }
}

/// A new link, which ends earlier ones of its kind; returns its secret.
pub(crate) async fn create(
    tx: &mut Tx,
    env: &Env,
    account: AccountKey,
    purpose: Purpose,
    payload: &str,
) -> DbResult<String> {
    let (now, text) = (env.now(), secret::generate(env));
    drop_all(tx, account, purpose, now).await?;
    let values = params![secret::stored(&text), account, purpose.stored(), payload, now + purpose.life()];
    tx.execute(sql::INSERT_LINK, values).await?;
    Ok(text)
}

/// Ends an account's links of a kind.
pub(crate) async fn drop_all(
    tx: &mut Tx,
    account: AccountKey,
    purpose: Purpose,
    now: Micros,
) -> DbResult<()> {
    tx.execute(sql::DELETE_LINKS, params![account, purpose.stored(), now]).await?;
    Ok(())
}

/// Spends a link: its account and payload, once.
///
/// # Errors
/// `410 token_spent`.
pub(crate) async fn spend(
    tx: &mut Tx,
    token: &str,
    purpose: Purpose,
    now: Micros,
) -> Result<(AccountKey, String), Fault> {
    let hash = secret::hash(token).ok_or_else(spent)?;
    let row = tx.query_opt(sql::SPEND_LINK, params![hash.as_slice(), purpose.stored()]).await?;
    let row = row.ok_or_else(spent)?;
    if row.get::<Micros>(2)? <= now {
        return Err(spent());
    }
    Ok((row.get(0)?, row.get(1)?))
}

/// The fault of a link that is used, expired or unknown.
pub(crate) fn spent() -> Fault {
    Fault::new(FaultKind::Gone, "This link was used or has expired. Ask for a new one.").code("token_spent")
}
