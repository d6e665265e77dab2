//! Connected people who listen, and a steady beat to send at.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use tokio::{
    sync::{Mutex, mpsc},
    task::JoinHandle,
};

use crate::{
    Outcome, micros,
    wire::{Reader, Writer, number_after},
};

/// Pings this often; servers close sockets that are silent for longer than a minute.
const PING_EVERY: Duration = Duration::from_secs(15);

/// What to do with each frame: the listener's index and the payload.
pub(crate) type Ear = dyn Fn(usize, &[u8]) + Send + Sync;

/// Connected people, each read by a task of its own. Dropped, everybody leaves.
pub(crate) struct Crowd {
    writers: Vec<Arc<Mutex<Writer>>>,
    tasks: Vec<JoinHandle<()>>,
    lost: Arc<AtomicU64>,
}

impl Crowd {
    /// Starts to listen on every connection.
    pub(crate) fn listen(connections: Vec<(Reader, Writer)>, ear: Arc<Ear>) -> Crowd {
        let lost = Arc::new(AtomicU64::new(0));
        let mut crowd = Crowd { writers: Vec::new(), tasks: Vec::new(), lost };
        for (index, (mut reader, writer)) in connections.into_iter().enumerate() {
            let (ear, lost) = (ear.clone(), crowd.lost.clone());
            crowd.writers.push(Arc::new(Mutex::new(writer)));
            crowd.tasks.push(tokio::spawn(async move {
                // However it ended, this one is lost.
                let _ = reader.listen(|frame| ear(index, frame)).await;
                lost.fetch_add(1, Ordering::Relaxed);
            }));
        }
        crowd.tasks.push(tokio::spawn(ping(crowd.writers.clone())));
        crowd
    }

    /// Sends a frame as one of them.
    pub(crate) async fn send(&self, index: usize, text: &str) -> Outcome<()> {
        self.writers[index].lock().await.send(text).await
    }

    /// Connections that ended although nobody left.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn ping(writers: Vec<Arc<Mutex<Writer>>>) {
    loop {
        tokio::time::sleep(PING_EVERY).await;
        for writer in &writers {
            // A connection that is gone shows on its reading side.
            let _ = writer.lock().await.send(r#"{"t":"ping"}"#).await;
        }
    }
}

/// A steady beat: the moments at which messages are due. A thread keeps it, because the timers of
/// the runtime tick in whole milliseconds.
pub(crate) fn beat(rate: f64, seconds: f64) -> mpsc::UnboundedReceiver<u64> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let count = (rate * seconds).round() as u64;
    thread::spawn(move || {
        let start = micros();
        for index in 0..count {
            let due = start + (index as f64 * 1e6 / rate) as u64;
            thread::sleep(Duration::from_micros(due.saturating_sub(micros())));
            if sender.send(due).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The id of the send that this frame acknowledges. Such frames are short, whatever the order of
/// their fields; longer ones are not looked through.
pub(crate) fn acknowledged(frame: &[u8]) -> Option<u64> {
    const LONGEST: usize = 256;
    let short = Some(frame).filter(|frame| frame.len() <= LONGEST)?;
    crate::wire::find(short, br#""t":"ack""#)?;
    number_after(short, r#""id":"#)
}

/// Waits until `done`, or gives up after `limit`; says whether it came true.
pub(crate) async fn settle(limit: Duration, done: impl Fn() -> bool) -> bool {
    let started = std::time::Instant::now();
    while !done() {
        if started.elapsed() > limit {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    true
}
