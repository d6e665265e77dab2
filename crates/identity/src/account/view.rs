//! What an account sees of itself.

use serde::Serialize;
use utoipa::ToSchema;
use weft_kernel::{AccountKey, id::AccountId};
use weft_storage::{Db, DbResult, params};

use super::sql;

/// Server-wide credentials of a person.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Account)]
pub(crate) struct AccountView {
    /// `acc_…`
    #[schema(value_type = String)]
    pub(crate) id: AccountId,
    /// As typed.
    pub(crate) email: String,
    /// `en` or `zh-CN`.
    pub(crate) locale: String,
    /// IANA zone.
    pub(crate) timezone: String,
}

/// The account of a key.
pub(crate) async fn load(db: &Db, account: AccountKey) -> DbResult<AccountView> {
    let row = db.query_one(sql::VIEW, params![account]).await?;
    Ok(AccountView { id: row.get(0)?, email: row.get(1)?, locale: row.get(2)?, timezone: row.get(3)? })
}
