//! A WebSocket client made for load: it finds frames in a buffer and parses nothing else.

use std::{
    cell::RefCell,
    future::poll_fn,
    ops::ControlFlow,
    pin::Pin,
    task::{Poll, ready},
    time::Duration,
};

use bytes::{Buf, BytesMut};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    time::timeout,
};

use crate::{Outcome, Person};

const READ_BUFFER: usize = 8 * 1024;
/// What a listener takes with one read.
const LISTEN_BUFFER: usize = 128 * 1024;
/// Longer frames than any that a server sends: the stream is broken.
const MAX_FRAME: usize = 64 * 1024 * 1024;
const HANDSHAKE: Duration = Duration::from_secs(60);

thread_local! {
    /// Where the listeners of a thread read to, one after the other: it stays in the processor's
    /// cache, as a buffer for each of a thousand connections would not.
    static SHARED: RefCell<Vec<u8>> = RefCell::new(vec![0; LISTEN_BUFFER]);
}

/// The receiving side.
pub(crate) struct Reader {
    half: OwnedReadHalf,
    buffer: BytesMut,
    /// Bytes received in all.
    pub(crate) received: u64,
}

/// The sending side.
pub(crate) struct Writer {
    half: OwnedWriteHalf,
    buffer: Vec<u8>,
}

/// Connects as `person`; the server's hello is the first frame.
pub(crate) async fn connect(address: &str, person: &Person) -> Outcome<(Reader, Writer)> {
    let stream = TcpStream::connect(address).await.map_err(|e| format!("{address}: {e}"))?;
    stream.set_nodelay(true).map_err(|e| e.to_string())?;
    let (read, write) = stream.into_split();
    let mut writer = Writer { half: write, buffer: Vec::new() };
    let request = format!(
        "GET /api/v1/gateway HTTP/1.1\r\nHost: {address}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: d2VmdC1iZW5jaC1rZXktMA==\r\n\
         Authorization: Bearer {}\r\n\r\n",
        person.token
    );
    writer.half.write_all(request.as_bytes()).await.map_err(|e| e.to_string())?;
    let mut reader = Reader { half: read, buffer: BytesMut::with_capacity(READ_BUFFER), received: 0 };
    timeout(HANDSHAKE, reader.handshake()).await.map_err(|_| "the handshake took too long")??;
    Ok((reader, writer))
}

impl Reader {
    async fn handshake(&mut self) -> Outcome<()> {
        loop {
            if let Some(end) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
                self.buffer.advance(end + 4);
                let upgraded = head.starts_with("HTTP/1.1 101");
                return if upgraded { Ok(()) } else { Err(format!("the gateway refused: {head}")) };
            }
            self.fill().await?;
        }
    }

    async fn fill(&mut self) -> Outcome<()> {
        self.buffer.reserve(READ_BUFFER);
        let count = self.half.read_buf(&mut self.buffer).await.map_err(|e| e.to_string())?;
        self.received += count as u64;
        if count == 0 { Err("the server closed the connection".to_owned()) } else { Ok(()) }
    }

    /// The next frame's payload, whatever its kind.
    pub(crate) async fn next(&mut self) -> Outcome<BytesMut> {
        loop {
            if let Some((head, length)) = header(&self.buffer)? {
                if self.buffer.len() >= head + length {
                    self.buffer.advance(head);
                    return Ok(self.buffer.split_to(length));
                }
                self.buffer.reserve(head + length - self.buffer.len());
            }
            self.fill().await?;
        }
    }

    /// Hands every frame's payload to `ear`, until the connection ends.
    pub(crate) async fn listen(&mut self, mut ear: impl FnMut(&[u8])) -> Outcome<()> {
        // What came with the last answer.
        let used = each(&self.buffer, &mut ear)?;
        self.buffer.advance(used);
        poll_fn(|cx| {
            SHARED.with_borrow_mut(|shared| {
                loop {
                    if let ControlFlow::Break(ended) = ready!(self.poll_listen(cx, shared, &mut ear)) {
                        return Poll::Ready(ended);
                    }
                }
            })
        })
        .await
    }

    /// One read into `shared`, behind what is left of the last one.
    fn poll_listen(
        &mut self,
        cx: &mut std::task::Context<'_>,
        shared: &mut Vec<u8>,
        ear: &mut impl FnMut(&[u8]),
    ) -> Poll<ControlFlow<Outcome<()>>> {
        let left = self.buffer.len();
        if shared.len() < left + LISTEN_BUFFER {
            shared.resize(left + LISTEN_BUFFER, 0);
        }
        let mut room = ReadBuf::new(&mut shared[left..]);
        if let Err(error) = ready!(Pin::new(&mut self.half).poll_read(cx, &mut room)) {
            return Poll::Ready(ControlFlow::Break(Err(error.to_string())));
        }
        let count = room.filled().len();
        if count == 0 {
            return Poll::Ready(ControlFlow::Break(Err("the server closed the connection".to_owned())));
        }
        self.received += count as u64;
        shared[..left].copy_from_slice(&self.buffer);
        let all = &shared[..left + count];
        Poll::Ready(match each(all, ear) {
            Ok(used) => {
                self.buffer.clear();
                self.buffer.extend_from_slice(&all[used..]);
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(Err(error)),
        })
    }

    /// Reads on to the first frame that contains `text`.
    pub(crate) async fn until(&mut self, text: &str) -> Outcome<BytesMut> {
        loop {
            let frame = self.next().await?;
            if find(&frame, text.as_bytes()).is_some() {
                return Ok(frame);
            }
        }
    }
}

/// Hands the payload of each whole frame in `bytes` to `ear`; returns how long they are together.
fn each(bytes: &[u8], ear: &mut impl FnMut(&[u8])) -> Outcome<usize> {
    let mut used = 0;
    while let Some((head, length)) = header(&bytes[used..])? {
        let Some(payload) = bytes[used..].get(head..head + length) else { break };
        ear(payload);
        used += head + length;
    }
    Ok(used)
}

/// The length of the header and of the payload of the frame that `buffer` starts with.
fn header(buffer: &[u8]) -> Outcome<Option<(usize, usize)>> {
    let (Some(&kind), Some(&short)) = (buffer.first(), buffer.get(1)) else { return Ok(None) };
    if kind & 0x0f == 8 {
        return Err(format!("the server closed: {}", String::from_utf8_lossy(&buffer[2..])));
    }
    let found = match short & 0x7f {
        126 => buffer.get(2..4).map(|b| (4, usize::from(u16::from_be_bytes([b[0], b[1]])))),
        127 => buffer.get(2..10).map(|b| {
            let long = u64::from_be_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]);
            (10, usize::try_from(long).unwrap_or(usize::MAX))
        }),
        length => Some((2, usize::from(length))),
    };
    match found {
        Some((_, length)) if length > MAX_FRAME => Err("a frame beyond reason".to_owned()),
        found => Ok(found),
    }
}

impl Writer {
    /// Sends a text frame. The mask is zero: this is no browser, and masking is not what is measured.
    pub(crate) async fn send(&mut self, text: &str) -> Outcome<()> {
        self.buffer.clear();
        self.buffer.push(0x81);
        match text.len() {
            length @ 0..126 => self.buffer.push(0x80 | length as u8),
            length @ 126..65_536 => {
                self.buffer.push(0x80 | 126);
                self.buffer.extend_from_slice(&(length as u16).to_be_bytes());
            }
            length => {
                self.buffer.push(0x80 | 127);
                self.buffer.extend_from_slice(&(length as u64).to_be_bytes());
            }
        }
        self.buffer.extend_from_slice(&[0; 4]);
        self.buffer.extend_from_slice(text.as_bytes());
        self.half.write_all(&self.buffer).await.map_err(|e| format!("sending: {e}"))
    }
}

/// Where `needle` is in `haystack`.
pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(haystack, needle)
}

/// The number that `bytes` start with, and what follows it.
pub(crate) fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    let (digits, rest) = bytes.split_at(end);
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

/// The first number that follows a `mark` in a frame.
pub(crate) fn number_after(frame: &[u8], mark: &str) -> Option<u64> {
    let mut rest = frame;
    while let Some(at) = find(rest, mark.as_bytes()) {
        rest = &rest[at + mark.len()..];
        if let Some((found, _)) = number(rest) {
            return Some(found);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_and_numbers_are_found() {
        assert_eq!(header(&[0x81, 5]), Ok(Some((2, 5))));
        assert_eq!(header(&[0x81, 126, 1]), Ok(None));
        assert_eq!(header(&[0x81, 126, 1, 0]), Ok(Some((4, 256))));
        assert!(header(&[0x88, 2, 3, 232]).is_err());
        assert_eq!(number_after(b"{\"text\":\"at 1234 x\"}", "at "), Some(1234));
        assert_eq!(number_after(b"{\"id\":\"a\",\"id\":7}", "\"id\":"), Some(7));
        assert_eq!(number_after(b"nothing", "at "), None);
    }

    #[test]
    fn whole_frames_are_heard_and_the_rest_is_kept() {
        let mut heard = Vec::new();
        let used = each(b"\x81\x02ab\x81\x01c\x81\x05de", &mut |frame: &[u8]| heard.push(frame.to_vec()));
        assert_eq!((used, heard), (Ok(7), vec![b"ab".to_vec(), b"c".to_vec()]));
    }
}
