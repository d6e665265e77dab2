//! A poor network in userspace: a TCP proxy that adds latency, lets some of what passes wait as
//! lost packets do until they are sent again, and cuts every connection when it is told to.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{mpsc, watch},
    time::{Instant, sleep_until},
};

/// What a network does to what passes.
#[derive(Debug, Clone, Copy)]
pub struct Poor {
    /// There and back.
    pub rtt: Duration,
    /// How many of a hundred packets are lost.
    pub loss: u64,
}

/// A packet that is lost is sent again after this: the least that TCP waits.
const RETRANSMISSION: Duration = Duration::from_millis(200);
/// What one packet carries.
const PACKET: usize = 1_400;
/// Packets under way in one direction.
const WINDOW: usize = 64;

/// A proxy before a server. Dropped, it takes no further connections.
pub struct SlowProxy {
    base: String,
    cut: watch::Sender<u64>,
    task: tokio::task::JoinHandle<()>,
}

impl SlowProxy {
    /// Stands before the server at `base` (`http://127.0.0.1:…`).
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn before(base: &str, poor: Poor) -> SlowProxy {
        let target = base.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (cut, cuts) = watch::channel(0);
        // The same losses in every run.
        let dice = Arc::new(AtomicU64::new(0x9e37_79b9_7f4a_7c15));
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&target).await else { continue };
                let mut cuts = cuts.clone();
                cuts.mark_unchanged();
                let dice = dice.clone();
                tokio::spawn(async move {
                    let (from_client, to_client) = client.into_split();
                    let (from_server, to_server) = server.into_split();
                    tokio::select! {
                        _ = cuts.changed() => {}
                        () = pass(from_client, to_server, poor, dice.clone()) => {}
                        () = pass(from_server, to_client, poor, dice) => {}
                    }
                });
            }
        });
        SlowProxy { base: format!("http://{address}"), cut, task }
    }

    /// Where it listens: `http://127.0.0.1:…`.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Cuts every connection; what is under way is lost.
    pub fn cut(&self) {
        self.cut.send_modify(|times| *times += 1);
    }
}

impl Drop for SlowProxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lost(dice: &AtomicU64, loss: u64) -> bool {
    let step =
        |x: u64| Some(x.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
    let now = dice.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).unwrap_or_default();
    (now >> 33) % 100 < loss
}

/// Passes bytes on in their order: each packet takes half the round trip, a lost one longer, and
/// what is behind it waits for it.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, poor: Poor, dice: Arc<AtomicU64>) {
    let (queue, mut packets) = mpsc::channel::<(Instant, Vec<u8>)>(WINDOW);
    let read = async move {
        let mut packet = [0; PACKET];
        while let Ok(length @ 1..) = from.read(&mut packet).await {
            let mut arrives = Instant::now() + poor.rtt / 2;
            while lost(&dice, poor.loss) {
                arrives += RETRANSMISSION + poor.rtt;
            }
            if queue.send((arrives, packet[..length].to_vec())).await.is_err() {
                return;
            }
        }
    };
    let write = async move {
        while let Some((arrives, packet)) = packets.recv().await {
            sleep_until(arrives).await;
            if to.write_all(&packet).await.is_err() {
                return;
            }
        }
    };
    tokio::join!(read, write);
}
