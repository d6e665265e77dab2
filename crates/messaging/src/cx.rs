//! What every part of messaging needs, and what it does around a transaction.

use std::sync::Arc;

use tokio::sync::Notify;
use weft_http::{Caller, RateLimiter};
use weft_kernel::{Env, Fault, PrincipalKey, id::PrincipalId};
use weft_log::Publisher;
use weft_storage::{Db, Tx};

use crate::{
    Guard, People, Room, Seat,
    append::Appender,
    attachments::Attachments,
    attention::Attention,
    marks::Marker,
    previews::Links,
    receipts::Receipts,
    rights,
    saved::Notices,
    standing,
    sync::{Directory, Recent},
    teller::Teller,
    urgent::{Bells, Steps},
};

/// How often a stale proof is renewed before its caller is told to try again.
const LOOKS: usize = 8;

/// Cheap to clone; handed to every handler.
#[derive(Clone)]
pub struct Cx {
    /// The database.
    pub db: Db,
    /// Time, randomness, ids.
    pub env: Env,
    /// Who may do what.
    pub guard: Arc<Guard>,
    /// Principal keys and ids.
    pub people: Arc<People>,
    /// Where committed events go.
    pub publisher: Arc<dyn Publisher>,
    /// The queue that messages go through.
    pub appender: Appender,
    /// The queue that read marks go through.
    pub marker: Marker,
    /// Counts who has acknowledged what.
    pub acks: Teller,
    /// What people want to be told of.
    pub attention: Attention,
    /// Counts votes.
    pub polls: Teller,
    /// Who has read what.
    pub receipts: Arc<Receipts>,
    /// People and orgs.
    pub directory: Arc<dyn Directory>,
    /// Files.
    pub attachments: Arc<dyn Attachments>,
    /// Ways to people outside the app.
    pub steps: Arc<dyn Steps>,
    /// Rung when an urgent message has something to do.
    pub(crate) urgent: Arc<Bells>,
    /// What links lead to.
    pub links: Arc<dyn Links>,
    /// A message with links was written here.
    pub linked: Arc<Notify>,
    /// What returning clients asked for lately.
    pub recent: Arc<Recent>,
    /// How often each may react.
    pub reacting: Arc<RateLimiter<PrincipalKey>>,
    /// Told of reminders.
    pub notices: Arc<dyn Notices>,
    /// Wakes whoever looks for what is due.
    pub(crate) due: Arc<Notify>,
    /// The server's epoch.
    pub epoch: Arc<str>,
}

impl Cx {
    /// Those of `ids` whom the caller may know of, in no particular order: everybody of the org,
    /// for a guest only whom the directory shows them.
    ///
    /// # Errors
    /// Any database fault.
    pub async fn known_to(
        &self,
        caller: &Caller,
        ids: &[PrincipalId],
    ) -> Result<Vec<(PrincipalId, PrincipalKey)>, Fault> {
        if ids.is_empty() || !caller.is_guest() {
            return Ok(self.people.keys(caller.org, ids).await?);
        }
        self.directory.visible(caller, ids).await
    }

    /// Runs `work`, and again while it finds its proof stale: [`Cx::confirm`] has made it look
    /// again. Where many come and go at once, that may take a few looks.
    ///
    /// # Errors
    /// What `work` answers.
    pub async fn while_stale<T, F>(&self, work: impl Fn() -> F) -> Result<T, Fault>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        for _ in 1..LOOKS {
            match work().await {
                Err(fault) if fault.code_str() == "stale_permission" => {}
                done => return done,
            }
        }
        work().await
    }

    /// Confirms in `tx`, where the room's head is locked, that what was known when the caller was
    /// let through still holds for them.
    ///
    /// # Errors
    /// `stale_permission` when it does not: what was remembered is forgotten, so that the next
    /// look reads the database. Or any database fault.
    pub async fn confirm(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        room: &Room,
        seat: Option<&Seat>,
    ) -> Result<(), Fault> {
        match rights::proof(room, caller).confirm(tx).await {
            Err(fault) if fault.code_str() == "stale_permission" => {}
            done => return done,
        }
        self.guard.forget(room.log);
        rights::own_proof(caller).confirm(tx).await?;
        standing::unchanged(tx, room, caller.principal, seat).await
    }
}
