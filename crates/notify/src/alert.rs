//! What other parts of the server have to say to somebody's devices at once, whether or not they
//! are in front of a client.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use weft_kernel::{Fault, PrincipalKey};
use weft_log::outbox;
use weft_storage::{Tx, params};

use crate::{
    Notify, sql,
    tell::{Errand, SEND, Send},
};

/// Something to show, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// What is opened: a path of the client, such as `/o/org_…/c/cnv_…`.
    pub path: String,
    /// What shows the same tag is replaced.
    pub tag: String,
    /// It stays until somebody answers it.
    pub insist: bool,
    /// How long it is worth showing, in seconds.
    pub ttl_s: u32,
    /// In English.
    pub en: AlertWords,
    /// In Chinese.
    pub zh: AlertWords,
}

/// What an alert says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertWords {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// Title and text in one where the reader or the org lets nothing of the content leave the server.
    pub hidden: String,
}

impl Alert {
    pub(crate) fn ttl(&self) -> Duration {
        Duration::from_secs(u64::from(self.ttl_s))
    }
}

impl Notify {
    /// Takes `alert` to the devices of `principal`, soon and at least once; answers how many those
    /// are, since whoever has none must be reached in another way.
    ///
    /// # Errors
    /// Any database fault.
    pub async fn alert(&self, principal: PrincipalKey, alert: &Alert) -> Result<usize, Fault> {
        let mut tx = self.db.begin().await?;
        let devices = self.alert_in(&mut tx, principal, alert).await?;
        tx.commit().await?;
        self.ring();
        Ok(devices)
    }

    /// The same, if `tx` is committed; [`Notify::ring`] then sends it without waiting for the next look.
    ///
    /// # Errors
    /// Any database fault.
    pub async fn alert_in(
        &self,
        tx: &mut Tx,
        principal: PrincipalKey,
        alert: &Alert,
    ) -> Result<usize, Fault> {
        let now = self.env.now();
        let devices = tx.query(sql::DEVICES_OF, params![principal, now]).await?;
        for row in &devices {
            let errand = Errand::Alert { principal, alert: alert.clone() };
            outbox::add(tx, SEND, &Send { device: row.get(0)?, since: now, errand }, now).await?;
        }
        Ok(devices.len())
    }

    /// There may be something to send.
    pub fn ring(&self) {
        self.outgoing.notify_one();
    }

    /// Whether `principal` has a device that can be told.
    ///
    /// # Errors
    /// Any database fault.
    pub async fn has_device(&self, principal: PrincipalKey) -> Result<bool, Fault> {
        Ok(self.db.query_opt(sql::DEVICES_OF, params![principal, self.env.now()]).await?.is_some())
    }
}
