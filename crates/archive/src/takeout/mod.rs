//! What a person takes along: the conversations that they may read, as a zip that is written while
//! it is downloaded. `docs/ARCHIVE.md` documents it.
//!
//! **Invariants:** it holds what its person could read in a client at that moment, and no more;
//! memory is bounded by the number of people, conversations and files; what breaks off is no whole zip.

mod page;
mod port;
mod routes;
mod write;

pub use port::{Entry, Own, Room};

use std::{collections::HashSet, sync::Arc};

use parking_lot::Mutex;
use tokio::sync::{Semaphore, mpsc};
use weft_http::{Caller, Module};
use weft_kernel::{Env, Fault, PrincipalKey, id::FileId};

use crate::pack::Pack;

/// Exports that are written at once: each holds a thread.
const AT_ONCE: usize = 4;
/// How soon one that found no place may ask again, in seconds.
const AGAIN: u32 = 30;
/// Characters of a file's name that are kept.
const NAME: usize = 100;

struct Inner {
    own: Arc<dyn Own>,
    env: Env,
    running: Mutex<HashSet<PrincipalKey>>,
    places: Arc<Semaphore>,
}

/// Exports of people's own conversations. Cheap to clone.
#[derive(Clone)]
pub struct Takeout(Arc<Inner>);

/// One that runs; another of the same person is refused until it is dropped.
struct Running(Takeout, PrincipalKey);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.0.running.lock().remove(&self.1);
    }
}

impl Takeout {
    /// Exports of what `own` gives.
    pub fn new(own: Arc<dyn Own>, env: Env) -> Takeout {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        Takeout(Arc::new(Inner { own, env, running: Mutex::default(), places }))
    }

    /// The routes.
    pub fn module(&self) -> Module {
        Module { name: "takeout", router: routes::router().with_state(self.clone()) }
    }

    fn begin(&self, who: PrincipalKey) -> Result<Running, Fault> {
        if !self.0.running.lock().insert(who) {
            let busy =
                "An export of yours is being downloaded. Wait until it is done, or stop that download.";
            return Err(Fault::conflict("export_running", busy));
        }
        Ok(Running(self.clone(), who))
    }

    /// Begins an export; its bytes come as they are written.
    fn start(
        &self,
        caller: Caller,
        with_files: bool,
    ) -> Result<mpsc::Receiver<std::io::Result<bytes::Bytes>>, Fault> {
        let running = self.begin(caller.principal)?;
        let place = self.0.places.clone().try_acquire_owned().map_err(|_| Fault::rate_limited(AGAIN))?;
        let (pack, bytes) = Pack::stream();
        tokio::spawn(async move {
            let _held = (place, &running);
            let inner = &running.0.0;
            let writer = write::Writer {
                own: &*inner.own,
                caller: &caller,
                pack,
                with_files,
                names: page::Names::default(),
                files: std::collections::BTreeMap::new(),
                vanishing: 0,
            };
            if let Err(fault) = writer.all(inner.env.now()).await {
                tracing::info!(%fault, "an export of somebody's own conversations broke off");
            }
        });
        Ok(bytes)
    }
}

/// The entry of a file: its id keeps it apart, its name tells what it is.
fn entry_of_file(id: FileId, name: &str) -> String {
    let unsafe_in_names = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let name: String = name.chars().take(NAME).map(|c| if unsafe_in_names(c) { '_' } else { c }).collect();
    format!("files/{id}-{}", name.trim_end_matches(['.', ' ']))
}
