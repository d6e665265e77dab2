//! What is needed of other domains; the server fills it.

use async_trait::async_trait;
use weft_kernel::{Fault, LogKey, PrincipalKey, id::MessageId};

/// What came with a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// As its sender calls it; may be anything.
    pub name: String,
    /// What they take it for.
    pub mime: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// An answer that is to be posted.
#[derive(Debug, Clone)]
pub struct Posting {
    /// Whose it is.
    pub who: PrincipalKey,
    /// Where it goes.
    pub log: LogKey,
    /// The thread's root; 0: the main flow.
    pub root: i64,
    /// The same whenever the mail is delivered again.
    pub nonce: String,
    /// What it says; may be empty beside attachments.
    pub text: String,
    /// What came with it.
    pub attachments: Vec<Attachment>,
    /// Attachments that were left out already.
    pub left_out: usize,
    /// The language of its writer.
    pub locale: String,
}

/// Where answers are posted, and what else follows from mails.
#[async_trait]
pub trait Desk: Send + Sync {
    /// Posts an answer with the rights that its writer has now; done again, it finds what it made.
    ///
    /// # Errors
    /// Why it may not be posted, by its code; or any fault that may pass by itself.
    async fn post(&self, posting: Posting) -> Result<MessageId, Fault>;

    /// Sends somebody a mail: subject and text.
    ///
    /// # Errors
    /// Any database fault.
    async fn tell(&self, who: PrincipalKey, subject: String, text: String) -> Result<(), Fault>;

    /// Tells somebody nothing by mail any more.
    ///
    /// # Errors
    /// Any database fault.
    async fn end(&self, who: PrincipalKey) -> Result<(), Fault>;
}
