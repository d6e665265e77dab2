//! Mails that gather what somebody missed: one for whoever has something waiting, after the time
//! that they choose.
//!
//! **Invariants:** whoever has something that waits has one job, whatever the number of messages;
//! what a mail holds is read when it is written, so that nothing is in it that was read, taken back
//! or is not theirs to see by then; up to where somebody was told is noted in the transaction that
//! hands the mail over, so that they are told of nothing twice.

mod gather;
mod job;
mod note;
mod sql;

pub(crate) use job::run;
pub(crate) use note::note;
pub(crate) use sql::ALL;

use async_trait::async_trait;
use weft_kernel::{
    Fault, LogKey, Micros, PrincipalKey,
    id::{ConversationId, OrgId},
};
use weft_storage::{DbResult, Tx, params};

use crate::{Notify, news::News};

/// The kind of the jobs, one for each person.
const DIGEST: &str = "digest";
/// Messages that one mail shows.
const SHOWN: usize = 20;
/// Up to how many are counted.
const COUNTED: usize = 100;
/// What is older is nobody's news any more.
const SINCE: Micros = 7 * 24 * 3_600_000_000;
/// How long up to where somebody was told is remembered; longer than [`SINCE`].
const REMEMBERED: Micros = 30 * 24 * 3_600_000_000;

/// What is needed of the rest of the server to tell people by mail.
#[async_trait]
pub trait Digests: Send + Sync {
    /// Whether mails are sent here.
    fn offered(&self) -> bool;

    /// Whom `news` is for, whether or not they are to be disturbed now.
    ///
    /// # Errors
    /// Any database fault.
    async fn concerned(&self, news: &News) -> Result<Vec<PrincipalKey>, Fault>;

    /// Whether `news` is for `who`, and they may see it.
    ///
    /// # Errors
    /// Any database fault.
    async fn concerns(&self, news: &News, who: PrincipalKey) -> Result<bool, Fault>;

    /// Sends `digest` when `tx` commits.
    ///
    /// # Errors
    /// Any database fault.
    async fn send(&self, tx: &mut Tx, digest: &Digest) -> Result<(), Fault>;

    /// A transaction in which something was sent has committed.
    fn sent(&self);
}

/// What somebody missed, for a mail.
#[derive(Debug, Clone)]
pub struct Digest {
    /// For whom.
    pub to: PrincipalKey,
    /// Their address.
    pub email: String,
    /// Their language.
    pub locale: String,
    /// Where they are: an IANA zone.
    pub timezone: String,
    /// Which of their mails it is, counted from 0.
    pub number: i64,
    /// Their org.
    pub org: OrgId,
    /// Its name.
    pub org_name: String,
    /// Whether the org lets a mail hold what messages say.
    pub texts: bool,
    /// What was missed, by places; the place with the oldest message first.
    pub places: Vec<Place>,
    /// Messages that are not shown.
    pub more: usize,
    /// Even more were not counted.
    pub uncounted: bool,
}

/// A conversation or a thread with what was missed there, oldest first.
#[derive(Debug, Clone)]
pub struct Place {
    /// Its conversation's log.
    pub log: LogKey,
    /// The thread's root; 0: the main flow.
    pub root: i64,
    /// The conversation.
    pub conversation: ConversationId,
    /// What the reader calls it; of a direct conversation, the other one.
    pub name: String,
    /// Between two people.
    pub direct: bool,
    /// Few post there and all read; its threads are open.
    pub board: bool,
    /// Where it begins for whoever follows a link.
    pub path: String,
    /// The messages.
    pub lines: Vec<Line>,
}

/// A message that was missed.
#[derive(Debug, Clone)]
pub struct Line {
    /// Who wrote it.
    pub sender: String,
    /// When.
    pub at: Micros,
    /// What it says, with its line breaks.
    pub text: String,
    /// Its page on this server.
    pub path: String,
}

/// Forgets up to where people were told of what is old.
pub(crate) async fn tidy(notify: &Notify) -> DbResult<()> {
    notify.db.execute(sql::FORGET_TOLD, params![notify.env.now() - REMEMBERED]).await.map(drop)
}
