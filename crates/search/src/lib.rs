//! Search: one full-text index per org, derived from the log, and what is asked of it.
//!
//! **Invariants:** the index proposes, the database decides: a hit is shown only after the message
//! was read, found to fit the query, and found to be readable by the caller at that moment. What
//! somebody may read is never taken from the index.

pub mod index;
pub mod port;
pub mod query;
pub mod rights;
mod routes;
mod search;
pub mod snippet;
pub mod text;
pub mod wire;

pub use port::{Content, Document, Said, Shown};

use std::{path::PathBuf, sync::Arc};

use index::Shelf;
use tokio::sync::Semaphore;
use weft_http::Module;
use weft_kernel::{Env, Fault, LogKey, OrgKey};
use weft_storage::{Db, Sql};

/// Searches that wait for their turn; above it callers are told to come back.
const WAITING: usize = 256;

/// What search needs of the rest of the server.
pub struct Deps {
    /// The database.
    pub db: Db,
    /// Time.
    pub env: Env,
    /// The folder of the indexes.
    pub folder: PathBuf,
    /// The server's epoch: an index of another one is built anew.
    pub epoch: Arc<str>,
    /// Messages, people and conversations.
    pub content: Arc<dyn Content>,
}

/// How much an index holds.
#[derive(Debug, Clone, Copy)]
pub struct IndexSize {
    /// Messages.
    pub messages: u64,
    /// Bytes of its files.
    pub bytes: u64,
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Search(Arc<Inner>);

struct Inner {
    db: Db,
    env: Env,
    content: Arc<dyn Content>,
    shelf: Arc<Shelf>,
    /// Searches that run at once: as many as there are processors.
    turns: Semaphore,
    /// Places to run or to wait for it.
    queue: Semaphore,
}

impl Search {
    /// Search over the indexes in a folder. Nothing is followed before [`Search::run`].
    pub fn new(deps: Deps) -> Search {
        let Deps { db, env, folder, epoch, content } = deps;
        let shelf = Shelf::new(db.clone(), env.clone(), epoch, content.clone(), folder);
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        Search(Arc::new(Inner {
            db,
            env,
            content,
            shelf: Arc::new(shelf),
            turns: Semaphore::new(processors),
            queue: Semaphore::new(processors + WAITING),
        }))
    }

    /// The routes.
    pub fn module(&self) -> Module {
        Module { name: "search", router: routes::router().with_state(self.clone()) }
    }

    /// Brings every index up to date and keeps it so, until the process ends.
    pub async fn run(self) {
        match self.hold() {
            Ok(true) => {}
            Ok(false) => tracing::warn!("another process writes the search indexes of this data folder"),
            Err(error) => tracing::warn!(%error, "the folder of the search indexes cannot be used"),
        }
        self.0.shelf.clone().listen().await;
    }

    /// Something was committed to `log`; cheap.
    pub fn changed(&self, log: LogKey) {
        self.0.shelf.changed(log);
    }

    /// Documents of `org` were read, or read anew; cheap.
    pub fn documents(&self, org: OrgKey) {
        self.0.shelf.ask(org, |todo| todo.documents = true);
    }

    /// Takes the folder of the indexes for this process, which then writes them. False when another
    /// process has it: a running server.
    ///
    /// # Errors
    /// When the folder cannot be made or locked.
    pub fn hold(&self) -> std::io::Result<bool> {
        self.0.shelf.hold()
    }

    /// Builds the index of `org` anew and waits until it is done; `told` hears how far it is.
    pub async fn rebuilt(&self, org: OrgKey, told: impl Fn(index::IndexState)) {
        self.rebuild(org);
        while self.state(org).state != index::IndexState::READY.state {
            told(self.state(org));
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// Has the index of `org` built anew; searches meanwhile find what is there.
    pub fn rebuild(&self, org: OrgKey) {
        self.0.shelf.slot(org).set_state(index::IndexState::building(0, 0));
        self.0.shelf.ask(org, |todo| todo.anew = true);
    }

    /// How much the index of `org` holds.
    ///
    /// # Errors
    /// `search_unavailable` when it cannot be read.
    pub async fn size(&self, org: OrgKey) -> Result<IndexSize, Fault> {
        let index = self.0.shelf.open(&self.0.shelf.slot(org)).await.map_err(search::unusable)?;
        Ok(IndexSize { messages: index.searcher().num_docs(), bytes: index.size() })
    }

    /// How far the index of `org` is.
    pub fn state(&self, org: OrgKey) -> index::IndexState {
        self.0.shelf.slot(org).state()
    }
}

/// Every statement of this crate, for the test that prepares each on both databases.
pub const STATEMENTS: &[&[(&str, Sql)]] = &[index::rows::ALL, query::resolve::ALL, rights::ALL, search::ALL];
