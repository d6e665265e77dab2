//! Telling people of what is new where they are: on their devices, by the services that reach them,
//! and by mail.
//!
//! **Invariants:** everything here follows from the log, after the commit; nothing is written for a
//! recipient of a message before it is decided that a device of theirs is told; what leaves the
//! server is encrypted for the device, and says no more than org and reader allow; who may not read
//! a message at the moment when a device would be told is not told.

pub mod alert;
mod clear;
mod devices;
mod follow;
pub mod missed;
pub mod news;
mod people;
pub mod port;
pub mod provider;
mod sql;
mod tell;

pub use alert::{Alert, AlertWords};
pub use missed::{Digest, Digests};
pub use port::{Candidate, Content, Defaults, Preferences, Reasons, Said};

use std::{ops::Deref, sync::Arc};

use provider::{Post, Provider, Signer, UnifiedPush, WebPush};
use tokio::sync::Notify as Bell;
use weft_gateway::Hub;
use weft_http::{Module, RateLimiter};
use weft_kernel::{AccountKey, Env, Fault, LogKey};
use weft_outbound::Outbound;
use weft_storage::{Db, DbResult, Sql};

/// What is needed of the rest of the server.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Time, randomness, ids.
    pub env: Env,
    /// Who is there.
    pub hub: Arc<Hub>,
    /// The way to push services.
    pub outbound: Outbound,
    /// What messages say.
    pub content: Arc<dyn Content>,
    /// What each wants to be told of.
    pub preferences: Arc<dyn Preferences>,
    /// Telling people by mail.
    pub digests: Arc<dyn Digests>,
    /// Whom push services may write to: `mailto:…` or `https://…`.
    pub contact: String,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Notify(Arc<Inner>);

/// What every part of this crate holds.
pub struct Inner {
    db: Db,
    env: Env,
    hub: Arc<Hub>,
    content: Arc<dyn Content>,
    preferences: Arc<dyn Preferences>,
    digests: Arc<dyn Digests>,
    signer: Arc<Signer>,
    providers: Vec<Box<dyn Provider>>,
    heard: follow::Heard,
    /// Rung when there is something to decide.
    due: Bell,
    /// Rung when there is something to send.
    outgoing: Bell,
    registering: RateLimiter<AccountKey>,
    testing: RateLimiter<AccountKey>,
}

impl Deref for Notify {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Notify {
    /// Over `deps`. Nothing is followed before [`Notify::run`].
    ///
    /// # Errors
    /// Any database fault.
    pub async fn start(deps: Deps) -> Result<Notify, Fault> {
        let Deps { db, env, hub, outbound, content, preferences, digests, contact } = deps;
        let signer = Arc::new(Signer::load(&db, contact).await?);
        let post = Post { outbound, signer: signer.clone(), env: env.clone() };
        Ok(Notify(Arc::new(Inner {
            db,
            env,
            hub,
            content,
            preferences,
            digests,
            signer,
            providers: vec![Box::new(WebPush(post.clone())), Box::new(UnifiedPush(post))],
            heard: follow::Heard::default(),
            due: Bell::new(),
            outgoing: Bell::new(),
            registering: RateLimiter::new(20, 30_000_000),
            testing: RateLimiter::new(5, 10_000_000),
        })))
    }

    /// The routes.
    pub fn module(&self) -> Module {
        Module { name: "notify", router: devices::router().with_state(self.clone()) }
    }

    /// Something was committed to `log`; cheap.
    pub fn changed(&self, log: LogKey) {
        self.heard.changed(log);
    }

    /// Follows the logs and tells people, until the process ends.
    pub async fn run(self) {
        tokio::join!(follow::run(&self), tell::run(&self), missed::run(&self));
    }

    /// Forgets what has run out. To be called now and then.
    ///
    /// # Errors
    /// Any database error.
    pub async fn tidy(&self) -> DbResult<()> {
        clear::tidy(self).await?;
        missed::tidy(self).await
    }
}

/// Every statement of this crate, for the test that prepares each on both databases.
pub const STATEMENTS: &[&[(&str, Sql)]] = &[sql::ALL, missed::ALL];
