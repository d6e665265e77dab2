//! Answering by mail, and ending mails from a mail.
//!
//! **Invariants:** a token, signed here, says whose a mail is and where it goes; what its sender
//! writes must come from that account's own address; what is posted is posted once, however often a
//! relay delivers it; whoever wrote a mail in somebody's name hears nothing of it; an automatic
//! answer is answered by nothing.

mod address;
mod inbound;
mod page;
pub mod port;
mod read;
mod routes;
mod sql;
mod token;
pub mod words;

pub use address::ReplyAddress;
pub use port::{Attachment, Desk, Posting};
pub use read::reply::MARKER;

use std::{ops::Deref, sync::Arc};

use weft_http::{Module, RateLimiter};
use weft_kernel::{Env, LogKey, PrincipalKey};
use weft_storage::{Db, DbResult, Sql};

use token::Keys;

/// One second, in microseconds.
const SECOND: i64 = 1_000_000;

/// What this needs of the server.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Time and randomness.
    pub env: Env,
    /// Whether mails are sent here.
    pub mails: bool,
    /// Where answers go; none: mails are not answered.
    pub reply: Option<ReplyAddress>,
    /// What a relay shows that hands mails over; none: none may.
    pub secret: Option<String>,
    /// Where people reach this server.
    pub base: String,
    /// Where answers are posted.
    pub desk: Arc<dyn Desk>,
}

/// What every part of this crate holds.
pub struct Inner {
    db: Db,
    env: Env,
    mails: bool,
    reply: Option<ReplyAddress>,
    secret: Option<String>,
    base: String,
    desk: Arc<dyn Desk>,
    keys: Keys,
    /// Answers that somebody posts.
    posting: RateLimiter<PrincipalKey>,
    /// Mails that tell somebody that theirs was not posted.
    telling: RateLimiter<PrincipalKey>,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Letters(Arc<Inner>);

impl Deref for Letters {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Letters {
    /// Over `deps`.
    ///
    /// # Errors
    /// Any database error.
    pub async fn start(deps: Deps) -> DbResult<Letters> {
        let Deps { db, env, mails, reply, secret, base, desk } = deps;
        let keys = Keys::load(&db, &env).await?;
        Ok(Letters(Arc::new(Inner {
            db,
            env,
            mails,
            reply,
            secret,
            base: base.trim_end_matches('/').to_owned(),
            desk,
            keys,
            // Thirty at once, then one every five seconds; three, then one every ten minutes.
            posting: RateLimiter::new(30, 5 * SECOND),
            telling: RateLimiter::new(3, 600 * SECOND),
        })))
    }

    /// The routes.
    pub fn module(&self) -> Module {
        Module { name: "letters", router: routes::router().with_state(self.clone()) }
    }

    /// Whether mails can be answered.
    pub fn answered(&self) -> bool {
        self.reply.is_some() && self.secret.is_some()
    }

    /// Where `who` answers by mail what was written in a conversation, or in the thread of `root`
    /// (0: the main flow); none where mails are not answered. Good for two weeks.
    pub fn answer_address(&self, who: PrincipalKey, log: LogKey, root: i64) -> Option<String> {
        let reply = self.reply.as_ref().filter(|_| self.answered())?;
        let token = self.keys.answer(who, log, root, self.env.now())?;
        Some(reply.with(&token))
    }

    /// Where `who` ends mails with one click.
    pub fn end_address(&self, who: PrincipalKey) -> String {
        format!("{}{}/mail/unsubscribe/{}", self.base, weft_http::API, self.keys.end(who))
    }

    /// The local part of an id for the mail of a number to `who`, by which it is known as ours.
    pub fn mail_id(&self, who: PrincipalKey, number: i64) -> String {
        format!("{}{}", read::OWN_ID, self.keys.mail_id(who, number))
    }
}

/// Every statement of this crate, for the test that prepares each on both databases.
pub const STATEMENTS: &[&[(&str, Sql)]] = &[sql::ALL];
