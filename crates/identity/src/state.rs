//! What the handlers share, and what happens after a commit.

use std::sync::Arc;

use tokio::sync::Notify;
use weft_http::RateLimiter;
use weft_kernel::{Env, Fault, Micros};
use weft_log::{Cut, Frame, Publisher};
use weft_storage::{Db, Tx};

use crate::{
    auth::cache::Cache,
    mail::MailConfig,
    password::Hasher,
    people::{
        OnJoin,
        join::{self, Pending},
    },
};

/// One second, in microseconds.
pub(crate) const SECOND: Micros = 1_000_000;
/// One day, in microseconds.
pub(crate) const DAY: Micros = 24 * 3600 * SECOND;

/// Attempts that cost us or help a guesser, limited per account and per address.
pub(crate) struct Limits {
    /// Wrong passwords of one e-mail address.
    pub(crate) account: RateLimiter<String>,
    /// Wrong passwords and secrets from one address; wide, since an office shares one.
    pub(crate) address: RateLimiter<String>,
    /// Mails asked for by strangers, per recipient.
    pub(crate) mail: RateLimiter<String>,
}

impl Limits {
    fn new() -> Self {
        Limits {
            account: RateLimiter::new(10, 30 * SECOND),
            address: RateLimiter::new(60, 2 * SECOND),
            mail: RateLimiter::new(3, 600 * SECOND),
        }
    }
}

/// What every handler holds, behind [`crate::Identity`].
pub struct Inner {
    pub(crate) db: Db,
    pub(crate) env: Env,
    pub(crate) publisher: Arc<dyn Publisher>,
    pub(crate) on_join: Arc<dyn OnJoin>,
    pub(crate) mail: Option<MailConfig>,
    pub(crate) mail_due: Notify,
    pub(crate) public_url: Option<String>,
    pub(crate) hasher: Hasher,
    pub(crate) cache: Cache,
    pub(crate) limits: Limits,
}

impl Inner {
    pub(crate) fn new(deps: crate::Deps) -> Self {
        Inner {
            db: deps.db,
            env: deps.env,
            publisher: deps.publisher,
            on_join: deps.on_join,
            mail: deps.mail,
            mail_due: Notify::new(),
            public_url: deps.public_url.map(|url| url.trim_end_matches('/').to_owned()),
            hasher: Hasher::new(),
            cache: Cache::default(),
            limits: Limits::new(),
        }
    }

    pub(crate) fn now(&self) -> Micros {
        self.env.now()
    }

    /// Commits, then lets the world know.
    ///
    /// # Errors
    /// Any database fault; then nothing happened.
    pub(crate) async fn finish(&self, tx: Tx, effects: Effects) -> Result<(), Fault> {
        tx.commit().await?;
        for (whose, _) in &effects.cuts {
            self.cache.forget(*whose);
        }
        for frame in effects.frames {
            self.publisher.publish(frame);
        }
        for (whose, code) in effects.cuts {
            self.publisher.cut(whose, code);
        }
        if effects.mail {
            self.mail_due.notify_one();
        }
        for pending in &effects.joined {
            join::settle(&self.db, &*self.on_join, pending).await;
        }
        Ok(())
    }
}

/// What follows from a transaction once it is committed.
#[derive(Default)]
pub(crate) struct Effects {
    pub(crate) frames: Vec<Frame>,
    pub(crate) cuts: Vec<(Cut, &'static str)>,
    pub(crate) joined: Vec<Pending>,
    pub(crate) mail: bool,
}

impl Effects {
    /// Ends sockets, and what is remembered of the credential.
    pub(crate) fn cut(&mut self, whose: Cut, code: &'static str) {
        self.cuts.push((whose, code));
    }
}
