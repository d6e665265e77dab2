//! Changing a principal: lock, look, write, tell.

use weft_kernel::{
    AccountKey, Fault, LogKey, Micros, PrincipalKey,
    id::PrincipalId,
    names::{self, fold},
};
use weft_log::head;
use weft_storage::{DbResult, Tx, params};

use super::{NewPrincipal, Person, PersonState, PrincipalRef, batch::insert_principals, sql};
use crate::{org::OrgRef, state::Effects};

/// A principal of an org, with its row and the heads of its org and log (and of control when
/// `revokes`) locked.
pub(crate) async fn lock(
    tx: &mut Tx,
    org: &OrgRef,
    id: PrincipalId,
    revokes: bool,
) -> Result<Option<Person>, Fault> {
    let seen = tx.query_opt(sql::BY_IDS, params![vec![id.uuid()], org.key, 0_i64]).await?;
    let Some(seen) = seen.as_ref().map(Person::read).transpose()? else { return Ok(None) };
    let mut logs = vec![org.log, seen.log];
    if revokes {
        logs.push(LogKey::CONTROL);
    }
    head::lock(tx, &logs).await?;
    let row = tx.query_opt(sql::BY_IDS_LOCKED, params![id, org.key]).await?;
    Ok(row.as_ref().map(Person::read).transpose()?)
}

/// Writes a person's profile as it now is and tells the org.
pub(crate) async fn save_profile(
    tx: &mut Tx,
    effects: &mut Effects,
    org: &OrgRef,
    person: &mut Person,
    now: Micros,
) -> Result<(), Fault> {
    person.changed_seq = head::advance(tx, org.log, now).await?.seq;
    person.name_key = fold(&person.name);
    person.search_key = names::search_key(&person.name);
    let values = params![
        person.key,
        person.name.as_str(),
        person.name_key.as_str(),
        person.search_key.as_str(),
        person.title.as_str(),
        person.status_json()?,
        person.timezone.clone(),
        person.avatar.clone(),
        person.changed_seq,
        person.dnd_json()?
    ];
    tx.execute(sql::UPDATE_PROFILE, values).await?;
    effects.frames.push(person.frame(org.log, org.id, now));
    Ok(())
}

/// Writes what a person may do and tells the org.
pub(crate) async fn save_role(
    tx: &mut Tx,
    effects: &mut Effects,
    org: &OrgRef,
    person: &mut Person,
    now: Micros,
) -> Result<(), Fault> {
    person.changed_seq = head::advance(tx, org.log, now).await?.seq;
    let values =
        params![person.key, person.role as i64, person.kind as i64, person.state as i64, person.changed_seq];
    tx.execute(sql::UPDATE_ROLE, values).await?;
    effects.frames.push(person.frame(org.log, org.id, now));
    Ok(())
}

/// Adds one person, tells the org, and lets them join what members join.
pub(crate) async fn add(
    tx: &mut Tx,
    env: &weft_kernel::Env,
    effects: &mut Effects,
    org: &OrgRef,
    person: NewPrincipal,
) -> Result<PrincipalRef, Fault> {
    let made = insert_principals(tx, env, org, std::slice::from_ref(&person)).await?;
    let made = *made.first().ok_or_else(|| Fault::internal("no principal was made"))?;
    if let Some(person) = by_key(tx, made.key).await? {
        effects.frames.push(person.frame(org.log, org.id, env.now()));
    }
    Ok(made)
}

/// One person, inside a transaction.
pub(crate) async fn by_key(tx: &mut Tx, key: PrincipalKey) -> DbResult<Option<Person>> {
    let row = tx.query_opt(sql::BY_KEYS, params![vec![key.0]]).await?;
    row.as_ref().map(Person::read).transpose()
}

/// The principal of an account in an org, and its state.
pub(crate) async fn of_account(
    tx: &mut Tx,
    org: &OrgRef,
    account: AccountKey,
) -> DbResult<Option<(PrincipalKey, i64)>> {
    let row = tx.query_opt(sql::OF_ACCOUNT, params![org.key, account]).await?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Refuses to take away the last active owner. The org's head must be locked, so that two
/// owners cannot remove each other at once.
pub(crate) async fn keep_an_owner(tx: &mut Tx, org: &OrgRef, person: &Person) -> Result<(), Fault> {
    if person.role != weft_http::Role::Owner || person.state != PersonState::Active {
        return Ok(());
    }
    let others: i64 = tx.query_one(sql::OTHER_OWNERS, params![org.key, person.key]).await?.get(0)?;
    if others == 0 {
        return Err(Fault::conflict(
            "last_owner",
            "This is the organisation's last owner. Make someone else an owner first.",
        ));
    }
    Ok(())
}
