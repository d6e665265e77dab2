//! The service as the server composes it.

use std::{ops::Deref, sync::Arc};

use utoipa_axum::router::OpenApiRouter;
use weft_http::Module;
use weft_kernel::{Env, Fault};
use weft_log::{ControlKind, Cut, Publisher};
use weft_storage::Db;

use crate::{
    account, auth, invite,
    mail::MailConfig,
    org, people,
    people::OnJoin,
    state::{DAY, Inner},
};

/// What identity needs from the server.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Time and randomness.
    pub env: Env,
    /// Where committed events go.
    pub publisher: Arc<dyn Publisher>,
    /// What else happens when someone becomes an active member.
    pub on_join: Arc<dyn OnJoin>,
    /// How mail is sent; none: links are shown to be copied.
    pub mail: Option<MailConfig>,
    /// Where people reach this server (`https://chat.example.com`), for links. Without it a link
    /// is built from the request of the admin who asked for it.
    pub public_url: Option<String>,
}

/// Accounts, orgs and people. Cheap to clone.
#[derive(Clone)]
pub struct Identity(Arc<Inner>);

impl Deref for Identity {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Identity {
    /// The service over `deps`.
    pub fn new(deps: Deps) -> Self {
        Identity(Arc::new(Inner::new(deps)))
    }

    /// The routes.
    pub fn module(&self) -> Module {
        let router = OpenApiRouter::new()
            .merge(account::routes())
            .merge(auth::routes())
            .merge(org::routes())
            .merge(people::routes())
            .merge(invite::routes())
            .with_state(self.clone());
        Module { name: "identity", router }
    }

    /// The token for the setup page, when this server has no org yet; made anew at each start
    /// (only its hash is stored), to be printed in the server's log.
    ///
    /// # Errors
    /// Any database fault.
    pub async fn setup_token(&self) -> Result<Option<String>, Fault> {
        account::setup::fresh_token(&self.db, &self.env).await
    }

    /// Forgets what a revocation elsewhere has ended. Call it for every control event.
    pub fn on_control(&self, kind: ControlKind, subject: i64) {
        match kind {
            ControlKind::Session => self.cache.forget(Cut::Session(subject)),
            ControlKind::Token => self.cache.forget(Cut::Token(subject)),
            ControlKind::Principal => self.cache.forget(Cut::Principal(weft_kernel::PrincipalKey(subject))),
            ControlKind::Account => self.cache.forget(Cut::Account(weft_kernel::AccountKey(subject))),
            ControlKind::Conversation | ControlKind::Log | ControlKind::Reindex => {}
        }
    }

    /// Removes what has run out: links at once; sessions when no browser can still have their cookie;
    /// tokens, invitations and failed jobs after a month, in which someone may want to look at them.
    /// To be called now and then.
    ///
    /// # Errors
    /// Any database fault.
    pub async fn tidy(&self) -> Result<(), Fault> {
        let (now, month_ago) = (self.now(), self.now() - 30 * DAY);
        for (statement, before) in [
            (auth::sql::DELETE_ENDED, now - auth::ENDED_KEPT),
            (account::sql::DELETE_ENDED_LINKS, now),
            (auth::sql::DELETE_ENDED_TOKENS, month_ago),
            (invite::sql::DELETE_ENDED, month_ago),
            (weft_log::outbox::DELETE_FAILED, month_ago),
        ] {
            self.db.execute(statement, weft_storage::params![before]).await?;
        }
        Ok(())
    }

    /// Works off the outbox (mail; what is left undone of new members; statuses that end) until dropped.
    pub async fn run_outbox(&self) {
        tokio::join!(crate::mail::worker::run(self), people::join::retry(self), people::ending::run(self));
    }
}
