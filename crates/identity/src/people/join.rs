//! What else happens when someone becomes an active member: another domain's work, done in the
//! same transaction.

use async_trait::async_trait;
use weft_http::Role;
use weft_kernel::{Fault, LogKey, PrincipalKey, id::PrincipalId};
use weft_storage::Tx;

use crate::org::OrgRef;

/// Work to do once the transaction is committed (publishing frames, subscribing sockets).
pub type AfterCommit = Box<dyn FnOnce() + Send>;

/// Who became active.
#[derive(Debug, Clone)]
pub struct Joined {
    /// Where.
    pub org: OrgRef,
    /// Internal key.
    pub principal: PrincipalKey,
    /// Public id.
    pub id: PrincipalId,
    /// Their log.
    pub log: LogKey,
    /// What they may do; guests join nothing by themselves.
    pub role: Role,
    /// Whether nobody was active in the org before.
    pub first: bool,
    /// `en` or `zh-CN`: for the names of what is made for the first one.
    pub locale: String,
}

/// Implemented by messaging (default channels), given to identity by the server.
#[async_trait]
pub trait OnJoin: Send + Sync {
    /// Called inside the transaction that makes someone active, which holds the org's head: take
    /// heads of conversations and of the principal here, and never take an org's head while
    /// holding one of those elsewhere.
    ///
    /// # Errors
    /// Any fault: then they do not become active.
    async fn joined(&self, tx: &mut Tx, joined: &Joined) -> Result<Option<AfterCommit>, Fault>;
}

/// Nothing else happens.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoJoin;

#[async_trait]
impl OnJoin for NoJoin {
    async fn joined(&self, _: &mut Tx, _: &Joined) -> Result<Option<AfterCommit>, Fault> {
        Ok(None)
    }
}
