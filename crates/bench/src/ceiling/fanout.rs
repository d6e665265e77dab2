//! Ready-made frames to many sockets of the loopback.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::{Outcome, stats::per_second};

/// Frames in one write of the coalescing variant.
pub(super) const COALESCED: usize = 16;
/// Bytes of a frame: the least that a short message with its envelope takes.
pub(super) const SHORT: usize = 300;
/// Bytes of a frame as Weft sends them for the messages of `weft bench fanout`.
pub(super) const REAL: usize = 640;

/// Deliveries per second of frames of `size` bytes, `together` of them in each write.
pub(super) async fn run(members: usize, together: usize, size: usize, seconds: u64) -> Outcome<u64> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(|e| e.to_string())?;
    let address = listener.local_addr().map_err(|e| e.to_string())?;
    let received = Arc::new(AtomicU64::new(0));
    let mut sockets = Vec::with_capacity(members);
    let mut readers = Vec::with_capacity(members);
    for _ in 0..members {
        let (client, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
        readers.push(tokio::spawn(read(client.map_err(|e| e.to_string())?, received.clone())));
        sockets.push(accepted.map_err(|e| e.to_string())?.0);
    }
    let frames = vec![b'x'; size * together];
    let started = Instant::now();
    let until = started + Duration::from_secs(seconds);
    // Message by message over all sockets, as a room's messages come.
    while Instant::now() < until {
        for socket in &mut sockets {
            socket.write_all(&frames).await.map_err(|e| e.to_string())?;
        }
    }
    drop(sockets);
    for reader in readers {
        reader.await.map_err(|e| e.to_string())??;
    }
    Ok(per_second(received.load(Ordering::Relaxed) / size as u64, started.elapsed()))
}

async fn read(mut socket: TcpStream, received: Arc<AtomicU64>) -> Outcome<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let count = socket.read(&mut buffer).await.map_err(|e| e.to_string())?;
        if count == 0 {
            return Ok(());
        }
        received.fetch_add(count as u64, Ordering::Relaxed);
    }
}
