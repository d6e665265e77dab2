//! The threads that build indexes: few, and of low priority, so that whoever talks goes first.
//!
//! Cutting Chinese into words and merging segments keeps a processor busy for tens of milliseconds
//! at a time. On two cores that is time in which no message is delivered, unless the system knows
//! which of the two can wait.

use std::{
    sync::{Arc, mpsc},
    thread,
};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::store::{IndexError, guarded};

/// What the system adds to the niceness of these threads, and of those that Tantivy starts on
/// them, which inherit it.
#[cfg(target_os = "linux")]
const NICENESS: i32 = 10;

type Job = Box<dyn FnOnce() + Send>;

/// Runs work on its threads, one piece after the other on each.
pub struct Background {
    jobs: mpsc::Sender<Job>,
}

impl Background {
    /// Starts as many of `threads` as the system allows; they end when this is dropped.
    pub fn start(threads: usize) -> Background {
        let (jobs, waiting) = mpsc::channel::<Job>();
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..threads {
            let waiting = waiting.clone();
            let thread = thread::Builder::new().name("weft-indexer".into());
            if let Err(error) = thread.spawn(move || work(&waiting)) {
                tracing::error!(%error, "a thread that builds search indexes does not start");
            }
        }
        Background { jobs }
    }

    /// Runs work over an index.
    ///
    /// # Errors
    /// What `work` answers; `Damaged` when it panicked; `Disk` when no thread could be started.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, IndexError> + Send + 'static,
    ) -> Result<T, IndexError> {
        let (done, answer) = oneshot::channel();
        // A job that is not taken drops `done`.
        let _ = self.jobs.send(Box::new(move || drop(done.send(guarded(work)))));
        answer.await.unwrap_or_else(|_| Err(IndexError::Disk("it has no threads".into())))
    }
}

fn work(waiting: &Mutex<mpsc::Receiver<Job>>) {
    step_back();
    loop {
        let job = waiting.lock().recv();
        match job {
            Ok(job) => job(),
            Err(mpsc::RecvError) => return,
        }
    }
}

/// On Linux the priority is a thread's own; elsewhere it would be the whole process's.
fn step_back() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, NICENESS) {
        tracing::debug!(%error, "indexing keeps the priority of everything else");
    }
}
