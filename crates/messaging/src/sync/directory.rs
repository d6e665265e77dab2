//! The port through which messaging tells of people and orgs, which belong to another domain.

use async_trait::async_trait;
use serde_json::Value;
use weft_http::Caller;
use weft_kernel::{Fault, PrincipalKey, id::PrincipalId};

/// What a client must know of its org before it can show anything.
#[derive(Debug)]
pub struct Opening {
    /// The caller's own principal.
    pub me: Value,
    /// The org.
    pub org: Value,
    /// The people asked for, as far as the caller may see them.
    pub people: Vec<Value>,
    /// The caller's settings.
    pub settings: Value,
}

/// People and orgs, as the caller may see them.
#[async_trait]
pub trait Directory: Send + Sync {
    /// For the bootstrap.
    ///
    /// # Errors
    /// Any fault.
    async fn opening(&self, caller: &Caller, people: &[PrincipalKey]) -> Result<Opening, Fault>;

    /// Items of the org's log after `after` (`{type: "principal" | "org", …}`), at most `limit`
    /// and in order; `None` when there are more than that.
    ///
    /// # Errors
    /// Any fault.
    async fn changes(&self, caller: &Caller, after: i64, limit: u32) -> Result<Option<Vec<Value>>, Fault>;

    /// Those of `ids` whom the caller may know of.
    ///
    /// # Errors
    /// Any fault.
    async fn visible(
        &self,
        caller: &Caller,
        ids: &[PrincipalId],
    ) -> Result<Vec<(PrincipalId, PrincipalKey)>, Fault>;

    /// The caller's settings.
    ///
    /// # Errors
    /// Any fault.
    async fn settings(&self, caller: &Caller) -> Result<Value, Fault>;
}
