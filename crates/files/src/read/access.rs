//! Who reads: a caller who may, or whoever holds a link that was signed for one a moment ago.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use weft_http::{API, Caller, Reject};
use weft_kernel::{Fault, Micros, id::FileId};
use weft_storage::params;

use crate::{Files, Stored, sql};

/// How long a signed link opens a file.
const LINK: Micros = 60 * 1_000_000;

/// The part of a query that says who reads.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(crate) struct Reader {
    /// When the link ends, of `POST /files/{id}/link`.
    exp: Option<Micros>,
    /// Its signature.
    sig: Option<String>,
}

/// A link that opens a file for a minute, for players and pages without the caller's cookie.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FileLink)]
pub(crate) struct Link {
    /// The path of the content; append `&download=true` to save it.
    url: String,
    /// When it ends.
    expires_at: Micros,
}

/// Signs a link to a file that `caller` may read.
pub(crate) async fn link(files: &Files, caller: &Caller, id: FileId) -> Result<Link, Fault> {
    let found = files.find(caller, id).await?;
    let until = files.0.env.now() + LINK;
    let signature = files.0.keys.sign(found.file.id, until);
    Ok(Link { url: format!("{API}/files/{id}/content?exp={until}&sig={signature}"), expires_at: until })
}

impl Reader {
    /// Whether it is a signed link that asks.
    pub(crate) fn is_link(&self) -> bool {
        self.sig.is_some()
    }

    /// The file, if whoever asks may read it.
    ///
    /// # Errors
    /// `unauthenticated`, `not_found`, or `link_expired`.
    pub(crate) async fn file(
        &self,
        files: &Files,
        caller: Result<Caller, Reject>,
        id: FileId,
    ) -> Result<Stored, Fault> {
        let (Some(until), Some(signature)) = (self.exp, &self.sig) else {
            return files.find(&caller.map_err(|Reject(fault)| fault)?, id).await;
        };
        let now = files.0.env.now();
        if !files.0.keys.signed(id, until, signature) || until > now + LINK {
            return Err(Fault::not_found("file"));
        }
        if until < now {
            return Err(Fault::new(weft_kernel::FaultKind::Gone, "This link has ended. Ask for a new one.")
                .code("link_expired"));
        }
        let row = files.0.db.query_opt(sql::BY_ID, params![id]).await?;
        Ok(Stored::read(&row.ok_or_else(|| Fault::not_found("file"))?)?)
    }
}
