//! What the links in messages lead to: fetched by the server, read, and kept for a while.
//!
//! **Invariants:** an address is called by `Outbound` only; of a page only its head is read; no
//! client ever loads anything from the page's site: pictures are decoded here and made small;
//! what was found is never changed, so that what a message shows stays.

mod card;
mod charset;
mod fetch;
mod page;
mod pictures;
mod serve;
pub(crate) mod sql;

use std::sync::Arc;

use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex as AsyncMutex;
use weft_kernel::{
    Fault, Micros, OrgKey,
    id::{LinkId, OrgId},
};
use weft_outbound::{Outbound, Url, web_address};
use weft_storage::{Envelope, params};

pub(crate) use serve::{Picture, picture};

use crate::{Files, settings};
use fetch::Found;

/// How long what was found is taken for new messages, too.
const FRESH: Micros = 24 * 3_600 * 1_000_000;
/// How long it is remembered that there is nothing to show.
const NOTHING: Micros = 3_600 * 1_000_000;
/// How long a failure that may pass is remembered.
const FAILED: Micros = 5 * 60 * 1_000_000;
/// What is out of date and shown nowhere is kept this long, for a message that is about to show it.
pub(crate) const LINGER: Micros = 3_600 * 1_000_000;

type Key = (OrgKey, [u8; 32]);

/// What this part needs of the server.
pub(crate) struct Links {
    outbound: Outbound,
    /// The server's own name: its pages show nothing to a stranger.
    own_host: Option<String>,
    /// Addresses that are looked at right now, so that none is looked at twice at once.
    looking: Mutex<FxHashMap<Key, Arc<AsyncMutex<()>>>>,
}

impl Links {
    pub(crate) fn new(outbound: Outbound, public_url: Option<&str>) -> Links {
        let own_host = public_url.and_then(|url| web_address(url).ok()?.host_str().map(str::to_owned));
        Links { outbound, own_host, looking: Mutex::default() }
    }
}

impl Files {
    /// The key of what can be shown of an address; none when that is nothing, or when the org wants
    /// no previews.
    ///
    /// # Errors
    /// Any fault of the database or the store.
    pub async fn look(&self, org: OrgKey, address: &str) -> Result<Option<i64>, Fault> {
        if !settings::load(&self.0.db, org).await?.link_previews {
            return Ok(None);
        }
        let Ok(mut url) = web_address(address) else { return Ok(None) };
        url.set_fragment(None);
        if self.0.links.own_host.is_some() && url.host_str() == self.0.links.own_host.as_deref() {
            return Ok(None);
        }
        let key = (org, Sha256::digest(url.as_str().as_bytes()).into());
        if let Some(known) = self.known(&key).await? {
            return Ok(known);
        }
        let turn = self.0.links.looking.lock().entry(key).or_default().clone();
        let _turn = turn.lock().await;
        let found = match self.known(&key).await? {
            Some(known) => Ok(known),
            None => self.fetch(&key, address, &url).await,
        };
        self.0.links.looking.lock().remove(&key);
        found
    }

    /// What is remembered of an address.
    async fn known(&self, (org, hash): &Key) -> Result<Option<Option<i64>>, Fault> {
        let row = self.0.db.query_opt(sql::KNOWN, params![*org, &hash[..], self.0.env.now()]).await?;
        let Some(row) = row else { return Ok(None) };
        let shown: bool = row.get(1)?;
        Ok(Some(if shown { Some(row.get(0)?) } else { None }))
    }

    async fn fetch(&self, (org, hash): &Key, address: &str, url: &Url) -> Result<Option<i64>, Fault> {
        let found = fetch::fetch(self, address, url).await;
        let (found, keep) = match found {
            Ok(Some(found)) => (Some(found), FRESH),
            Ok(None) => (None, NOTHING),
            Err(fetch::Passing) => (None, FAILED),
        };
        let id: LinkId = self.0.env.id();
        let until = self.0.env.now() + keep;
        let Some(found) = found else {
            let row = params![id, *org, &hash[..], None::<Vec<u8>>, 0_i64, until];
            self.0.db.execute(sql::ADD, row).await?;
            return Ok(None);
        };
        let org_id: OrgId = self.0.db.query_one(sql::ORG, params![*org]).await?.get(0)?;
        let addresses = self.keep(org_id, id, &found).await?;
        let body = Envelope.seal(&serde_json::to_vec(&found.card).map_err(Fault::internal)?);
        let mut tx = self.0.db.begin().await?;
        let row = params![id, *org, &hash[..], Some(body), found.pictures(), until];
        let link: i64 = tx.query_one(sql::ADD, row).await?.get(0)?;
        for address in addresses {
            tx.execute(crate::sql::NO_WASTE, params![address]).await?;
        }
        tx.commit().await?;
        Ok(Some(link))
    }

    /// Writes the pictures, which are waste until the row is there.
    async fn keep(&self, org: OrgId, id: LinkId, found: &Found) -> Result<Vec<String>, Fault> {
        let mut addresses = Vec::new();
        for (picture, bytes) in [(Picture::Icon, &found.icon), (Picture::Image, &found.image)] {
            if let Some(bytes) = bytes {
                let address = self.0.keys.picture(org, id, picture.name());
                crate::upload::pend(self, &address).await?;
                self.0.store.put(&address, bytes).await?;
                addresses.push(address);
            }
        }
        Ok(addresses)
    }

    /// Forgets what is out of date and shown nowhere; its pictures are waste then.
    pub(crate) async fn tidy_links(&self) -> Result<(), Fault> {
        loop {
            let now = self.0.env.now();
            let rows = self.0.db.query(sql::OUT_OF_DATE, params![now - LINGER]).await?;
            for row in &rows {
                let (link, id, org): (i64, LinkId, OrgId) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let mut tx = self.0.db.begin().await?;
                if tx.execute(sql::FORGET, params![link]).await? == 1 {
                    for picture in Picture::of(row.get(3)?) {
                        let address = self.0.keys.picture(org, id, picture.name());
                        tx.execute(crate::sql::WASTE, params![address, now]).await?;
                    }
                }
                tx.commit().await?;
            }
            if rows.is_empty() {
                return Ok(());
            }
        }
    }
}
