//! Listens to the control log: what another process did that this one's memory must hear of.

use std::{sync::Arc, time::Duration};

use weft_gateway::Hub;
use weft_identity::Identity;
use weft_kernel::{AccountKey, LogKey, OrgKey, PrincipalKey};
use weft_log::{ControlEvent, ControlKind, Cut, Publisher, control};
use weft_messaging::Cx;
use weft_notify::Notify;
use weft_search::Search;
use weft_storage::DbResult;

use crate::guests::Guests;

/// How often; permissions are known to be current within this.
const EVERY: Duration = Duration::from_millis(300);

pub(crate) struct Listener {
    pub(crate) cx: Cx,
    pub(crate) hub: Arc<Hub>,
    pub(crate) identity: Identity,
    pub(crate) guests: Arc<Guests>,
    pub(crate) search: Search,
    pub(crate) notify: Notify,
}

impl Listener {
    /// Runs until the process ends.
    pub(crate) async fn run(self) {
        let mut seen: Option<i64> = None;
        let mut tick = tokio::time::interval(EVERY);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            match self.look(seen).await {
                Ok(now) => seen = Some(now),
                Err(error) => {
                    tracing::warn!(%error, "permissions cannot be confirmed; nothing is delivered after two seconds")
                }
            }
        }
    }

    async fn look(&self, seen: Option<i64>) -> DbResult<i64> {
        let head = control::head_seq(&self.cx.db).await?;
        let Some(mut seen) = seen else {
            self.hub.confirm();
            return Ok(head);
        };
        while seen < head {
            let events = control::after(&self.cx.db, seen).await?;
            let Some(last) = events.last() else { break };
            let last = last.seq;
            for event in events {
                self.apply(event).await?;
            }
            seen = last;
        }
        // Only now is everything known that was revoked before this look.
        self.hub.confirm();
        Ok(seen.max(head))
    }

    async fn apply(&self, event: ControlEvent) -> DbResult<()> {
        let Some(kind) = event.kind else { return Ok(()) };
        let subject = event.subject;
        self.identity.on_control(kind, subject);
        match kind {
            ControlKind::Session => self.hub.cut(Cut::Session(subject), "signed_out"),
            ControlKind::Token => self.hub.cut(Cut::Token(subject), "signed_out"),
            ControlKind::Account => self.hub.cut(Cut::Account(AccountKey(subject)), "signed_out"),
            // Whether they may come back, and as what, is found when they reconnect.
            ControlKind::Principal => self.hub.cut(Cut::Principal(PrincipalKey(subject)), "draining"),
            ControlKind::Conversation => self.conversation(LogKey(subject)).await?,
            ControlKind::Log => self.grown(LogKey(subject)).await?,
            ControlKind::Reindex => self.search.rebuild(OrgKey(subject)),
        }
        Ok(())
    }

    /// Who is in a conversation has changed: sockets of those who left stop hearing it, those who
    /// came begin to.
    async fn conversation(&self, log: LogKey) -> DbResult<()> {
        self.cx.guard.forget(log);
        self.search.changed(log);
        let online = self.hub.online();
        if online.is_empty() {
            return Ok(());
        }
        let members = weft_messaging::cards::members_among(&self.cx.db, log, &online).await?;
        for principal in online {
            let listens = self.hub.listens(principal, log);
            match members.contains(&principal) {
                true if !listens => self.hub.subscribe(principal, log),
                false if listens => self.hub.unsubscribe(principal, log),
                _ => {}
            }
        }
        self.grown(log).await
    }

    async fn grown(&self, log: LogKey) -> DbResult<()> {
        self.search.changed(log);
        self.notify.changed(log);
        let guests = !self.hub.guests(log).is_empty();
        if !guests && !self.hub.has_listeners(log) {
            return Ok(());
        }
        if let Some((name, head)) = weft_messaging::sync::name_and_head(&self.cx.db, log).await? {
            self.hub.tell_head(log, name, head);
            if guests {
                // How far it was before is not said: each looks from where they are.
                self.guests.grown(log, 0, head);
            }
        }
        Ok(())
    }
}
