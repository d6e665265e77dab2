//! Invitations: a secret link into an org, perhaps mailed, perhaps to take over a placeholder.

mod accept;
mod manage;
pub(crate) mod sql;

use utoipa_axum::{router::OpenApiRouter, routes};
use weft_http::Role;
use weft_kernel::{Fault, FaultKind, Micros, PrincipalKey};
use weft_storage::{Db, DbResult, Row, params};

use crate::{Identity, org::OrgRef, secret};

pub(crate) fn routes() -> OpenApiRouter<Identity> {
    OpenApiRouter::new()
        .routes(routes!(manage::list, manage::create))
        .routes(routes!(manage::revoke))
        .routes(routes!(accept::look))
        .routes(routes!(accept::accept))
}

/// An invitation that can be used.
#[derive(Debug, Clone)]
struct Open {
    key: i64,
    email: Option<String>,
    role: Role,
    claims: Option<PrincipalKey>,
    org: OrgRef,
    org_name: String,
}

impl Open {
    fn read(row: &Row) -> DbResult<Open> {
        Ok(Open {
            key: row.get(0)?,
            email: row.get(1)?,
            role: Role::from_stored(row.get(2)?).unwrap_or(Role::Guest),
            claims: row.get(3)?,
            org: OrgRef { key: row.get(4)?, id: row.get(5)?, log: row.get(6)? },
            org_name: row.get(7)?,
        })
    }
}

fn spent() -> Fault {
    Fault::new(FaultKind::Gone, "This invitation was used, taken back or has expired. Ask for a new one.")
        .code("invitation_spent")
}

/// The usable invitation of a secret.
///
/// # Errors
/// `410 invitation_spent`.
async fn open(db: &Db, token: &str, now: Micros) -> Result<Open, Fault> {
    let hash = secret::hash(token).ok_or_else(spent)?;
    let row = db.query_opt(sql::BY_SECRET, params![hash.as_slice(), now]).await?;
    Ok(Open::read(&row.ok_or_else(spent)?)?)
}
