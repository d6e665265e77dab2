//! A WebSocket client made for load: it finds frames in a buffer and parses nothing else.

use std::time::Duration;

use bytes::{Buf, BytesMut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    time::timeout,
};

use crate::{Outcome, Person};

const READ_BUFFER: usize = 8 * 1024;
/// Longer frames than any that a server sends: the stream is broken.
const MAX_FRAME: usize = 64 * 1024 * 1024;
const HANDSHAKE: Duration = Duration::from_secs(60);

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
    let first = *needle.first()?;
    let mut from = 0;
    while let Some(at) = haystack.get(from..)?.iter().position(|&byte| byte == first) {
        if haystack[from + at..].starts_with(needle) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

/// The first number that follows a `mark` in a frame.
pub(crate) fn number_after(frame: &[u8], mark: &str) -> Option<u64> {
    let mut rest = frame;
    while let Some(at) = find(rest, mark.as_bytes()) {
        rest = &rest[at + mark.len()..];
        let end = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        if end > 0 {
            return std::str::from_utf8(&rest[..end]).ok()?.parse().ok();
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
}
