//! The people of an org: the directory, profiles, roles, placeholders.

pub mod batch;
pub(crate) mod change;
pub(crate) mod directory;
pub(crate) mod ending;
pub mod join;
pub(crate) mod manage;
pub mod person;
pub(crate) mod sql;

pub use batch::{NewPrincipal, PrincipalRef, insert_principals};
pub use directory::{find, visible};
pub use join::{Joined, NoJoin, OnJoin};
pub use person::{Person, PersonState, Principal, PrincipalKind, PrincipalState, UserStatus};

use utoipa_axum::{router::OpenApiRouter, routes};
use weft_kernel::PrincipalKey;
use weft_storage::{Db, DbResult, params};

use crate::Identity;

pub(crate) fn routes() -> OpenApiRouter<Identity> {
    OpenApiRouter::new()
        .routes(routes!(directory::list))
        .routes(routes!(directory::get, manage::update))
        .routes(routes!(manage::deactivate))
        .routes(routes!(manage::reactivate))
}

/// People by key, in no order; absent ones are left out.
///
/// # Errors
/// Any database error.
pub async fn by_keys(db: &Db, keys: &[PrincipalKey]) -> DbResult<Vec<Person>> {
    let keys: Vec<i64> = keys.iter().map(|k| k.0).collect();
    db.query(sql::BY_KEYS, params![keys]).await?.iter().map(Person::read).collect()
}
