//! What the links in a message lead to, shown under it.
//!
//! **Invariants:** a send never waits for it: a message with links leaves a job of the outbox, and
//! what the job finds is the message's present state, told as any other change; an address is called
//! by [`Links`] only, never here; what its author took away does not come back by an edit; a link in
//! code is none.

mod card;
mod job;
mod remove;
mod routes;
pub mod sql;

pub use job::run;
pub use routes::router;

pub use card::{LinkCard, LinkImage, LinkPreview};

pub(crate) use card::{cards, may_have_links};
pub(crate) use job::{Linked, keep_only};

use async_trait::async_trait;
use sha2::{Digest, Sha256};
use weft_kernel::{Fault, OrgKey};

/// The kind of the job that finds out what a message's links lead to.
pub(crate) const JOB: &str = "message_links";

/// What is known of addresses, which another domain knows. Its table `links` is read here.
#[async_trait]
pub trait Links: Send + Sync {
    /// The key of what can be shown of an address in this org; none when that is nothing, or when
    /// the org wants no previews.
    ///
    /// # Errors
    /// Only what another try may mend.
    async fn look(&self, org: OrgKey, address: &str) -> Result<Option<i64>, Fault>;
}

/// For commands, which show nothing.
#[derive(Debug)]
pub struct NoLinks;

#[async_trait]
impl Links for NoLinks {
    async fn look(&self, _: OrgKey, _: &str) -> Result<Option<i64>, Fault> {
        Ok(None)
    }
}

/// Tells the addresses of one message apart.
pub(crate) fn mark(address: &str) -> i64 {
    let hash: [u8; 32] = Sha256::digest(address.as_bytes()).into();
    let [a, b, c, d, e, f, g, h, ..] = hash;
    i64::from_be_bytes([a, b, c, d, e, f, g, h])
}
