//! What every part of this domain needs, and the port through which messages refer to files.

use std::{path::PathBuf, sync::Arc};

use parking_lot::Mutex;
use rustc_hash::FxHashSet;
use tokio::sync::{Notify, Semaphore};
use weft_http::Caller;
use weft_kernel::{Env, Fault, Micros, id::FileId};
use weft_log::Publisher;
use weft_outbound::Outbound;
use weft_storage::{Db, params};

use crate::{Office, Scanner, Store, Stored, address::Keys, links::Links, sql};

/// Pictures that are decoded at once: each may take the memory of `limits::IMAGE_MEMORY`.
const DECODERS: usize = 2;
/// How long a file that is about to be referred to is kept for it.
pub(crate) const HOLD: Micros = 10 * 60 * 1_000_000;

/// What the domain needs.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Time, randomness, ids.
    pub env: Env,
    /// Where files lie.
    pub store: Store,
    /// Where uploads lie until they are whole; best on the same disk as a folder of files.
    pub staging: PathBuf,
    /// How the pages are fetched that links lead to.
    pub outbound: Outbound,
    /// Where people reach this server.
    pub public_url: Option<String>,
    /// Who looks at uploads before anybody may read them.
    pub scanner: Option<Scanner>,
    /// Who lays Office documents out.
    pub office: Option<Office>,
    /// Where events of orgs' logs go.
    pub publisher: Arc<dyn Publisher>,
}

/// The domain. Cheap to clone.
#[derive(Clone)]
pub struct Files(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) db: Db,
    pub(crate) env: Env,
    pub(crate) store: Store,
    pub(crate) staging: PathBuf,
    pub(crate) keys: Keys,
    pub(crate) decoders: Semaphore,
    pub(crate) links: Links,
    pub(crate) scanner: Option<Scanner>,
    pub(crate) office: Option<Office>,
    pub(crate) publisher: Arc<dyn Publisher>,
    /// Uploads that a request is writing to.
    pub(crate) busy: Mutex<FxHashSet<FileId>>,
    /// There may be documents that nobody has read.
    pub(crate) unread: Notify,
    /// Somebody waits for a document's layout.
    pub(crate) to_lay_out: Notify,
}

impl Files {
    /// Starts the domain, and removes what an earlier process left in the staging folder.
    ///
    /// # Errors
    /// Any database fault; `storage_unavailable` when the staging folder cannot be used.
    pub async fn start(deps: Deps) -> Result<Files, Fault> {
        let Deps { db, env, store, staging, outbound, public_url, scanner, office, publisher } = deps;
        tokio::fs::create_dir_all(&staging).await.map_err(crate::store::unwritable)?;
        let keys = Keys::load(&db, &env).await?;
        let decoders = Semaphore::new(DECODERS);
        let links = Links::new(outbound, public_url.as_deref());
        let busy = Mutex::default();
        let inner = Inner {
            db,
            env,
            store,
            staging,
            keys,
            decoders,
            links,
            scanner,
            office,
            publisher,
            busy,
            unread: Notify::new(),
            to_lay_out: Notify::new(),
        };
        Ok(Files(Arc::new(inner)))
    }

    /// A file that `caller` may read.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn find(&self, caller: &Caller, id: FileId) -> Result<Stored, Fault> {
        let params = params![caller.org, id, caller.principal, i64::from(caller.is_guest())];
        let row = self.0.db.query_opt(sql::FIND, params).await?;
        Ok(Stored::read(&row.ok_or_else(|| Fault::not_found("file"))?)?)
    }

    /// Files that `caller` is about to refer to in a message, in the order of `ids`. They are kept
    /// for it meanwhile.
    ///
    /// # Errors
    /// `not_found` when one of them is none that they may read.
    pub async fn claim(&self, caller: &Caller, ids: &[FileId]) -> Result<Vec<Stored>, Fault> {
        let mut found = Vec::with_capacity(ids.len());
        for id in ids {
            found.push(self.find(caller, *id).await?);
        }
        let keys: Vec<i64> = found.iter().map(|file| file.key.0).collect();
        if !keys.is_empty() {
            let passing =
                self.0.db.query_opt(sql::VANISHING, params![keys.clone(), caller.principal]).await?;
            if passing.is_some() {
                let stays = "A file of a message that vanishes cannot be sent on.";
                return Err(Fault::conflict("vanishing", stays));
            }
            let count = keys.len() as u64;
            let held = self.0.db.execute(sql::HOLD, params![keys, self.0.env.now() + HOLD]).await?;
            if held != count {
                return Err(Fault::not_found("file"));
            }
        }
        Ok(found)
    }
}
