//! The WebSocket protocol on one stream. What comes in is read by `tungstenite` (masks, fragments,
//! limits, UTF-8, pings); what goes out are bytes that were made once for every socket, so they
//! are written past it.
//!
//! **Invariant:** only whole frames are written: a write that was given up ends the connection.

use std::{
    future::poll_fn,
    io::{self, ErrorKind},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::{Buf, Bytes};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf},
    time::timeout,
};
use tungstenite::{
    Error, Message, Utf8Bytes,
    error::ProtocolError,
    protocol::{
        CloseFrame, Role, WebSocketConfig, WebSocketContext,
        frame::{Frame, coding::CloseCode},
    },
};
use weft_http::limits;

/// tungstenite's default of 128 KiB for each socket would cost ten thousand idle ones 1.3 GB.
const READ_BUFFER: usize = 1024;
/// How long a connection that was closed in order may take to hang up.
const LINGER: Duration = Duration::from_secs(1);
/// What is still read of it, so that the last words are not lost to a reset.
const LINGER_BYTES: u64 = 4 * limits::FRAME as u64;

/// What came in.
#[derive(Debug, PartialEq)]
pub(crate) enum Heard {
    /// A text message.
    Text(Utf8Bytes),
    /// A ping or pong of the protocol; [`Wire::answer`] may hold what it asked for.
    Sign,
    /// The peer closes; [`Wire::answer`] holds the reply.
    Close,
    /// What ends the connection, with the code to say so.
    Refused(CloseCode, &'static str),
    /// The connection is gone.
    Gone,
}

/// A stream that speaks the protocol.
pub(crate) struct Wire<S> {
    stream: S,
    context: WebSocketContext,
    /// What the protocol itself answers.
    answer: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Wire<S> {
    /// A server's side, after the handshake.
    pub(crate) fn new(stream: S) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .max_message_size(Some(limits::FRAME))
            .max_frame_size(Some(limits::FRAME));
        Wire { stream, context: WebSocketContext::new(Role::Server, Some(config)), answer: Vec::new() }
    }

    /// The next message. Loses nothing when it is given up.
    pub(crate) async fn recv(&mut self) -> Heard {
        poll_fn(|cx| self.poll_recv(cx)).await
    }

    fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Heard> {
        let Wire { stream, context, answer } = self;
        let mut port = Port { stream, cx, answer };
        let read = context.read(&mut port);
        if let Ok(Message::Ping(_) | Message::Close(_)) = read {
            // Puts the answer that was thought of into `answer`; says that a closed one is closed.
            let _ = context.flush(&mut port);
        }
        Poll::Ready(match read {
            Err(Error::Io(error)) if error.kind() == ErrorKind::WouldBlock => return Poll::Pending,
            Ok(Message::Text(text)) => Heard::Text(text),
            Ok(Message::Ping(_) | Message::Pong(_)) => Heard::Sign,
            Ok(Message::Close(_)) => Heard::Close,
            Ok(Message::Binary(_) | Message::Frame(_)) => {
                Heard::Refused(CloseCode::Unsupported, "send text frames")
            }
            Err(error) => refused(&error),
        })
    }

    /// What the protocol has to answer to what was heard, if anything.
    pub(crate) fn answer(&mut self) -> Option<Bytes> {
        if self.answer.is_empty() { None } else { Some(std::mem::take(&mut self.answer).into()) }
    }

    /// Writes whole frames.
    pub(crate) async fn write(&mut self, mut frames: impl Buf) -> io::Result<()> {
        // The usual case, and the cheaper call.
        if frames.chunk().len() == frames.remaining() {
            return self.stream.write_all(frames.chunk()).await;
        }
        self.stream.write_all_buf(&mut frames).await
    }

    /// Hangs up, in a way that lets the peer read to the end.
    pub(crate) async fn hang_up(mut self) {
        let rest = async {
            self.stream.shutdown().await?;
            tokio::io::copy(&mut self.stream.take(LINGER_BYTES), &mut tokio::io::sink()).await
        };
        // Whoever does not follow is cut off.
        let _ = timeout(LINGER, rest).await;
    }
}

/// A close frame.
pub(crate) fn close(code: CloseCode, reason: &'static str) -> Bytes {
    let mut bytes = Vec::with_capacity(reason.len() + 4);
    let frame = Frame::close(Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) }));
    // Writing to memory does not fail.
    let _ = frame.format(&mut bytes);
    bytes.into()
}

fn refused(error: &Error) -> Heard {
    match error {
        Error::Capacity(_) => Heard::Refused(CloseCode::Size, "too long"),
        Error::Utf8(_) => Heard::Refused(CloseCode::Invalid, "not UTF-8"),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => Heard::Gone,
        Error::Protocol(_) => Heard::Refused(CloseCode::Protocol, "not the WebSocket protocol"),
        _ => Heard::Gone,
    }
}

/// The stream as `tungstenite` sees it: reads what is there, and writes into memory.
struct Port<'a, 'b, S> {
    stream: &'a mut S,
    cx: &'a mut Context<'b>,
    answer: &'a mut Vec<u8>,
}

impl<S: AsyncRead + Unpin> io::Read for Port<'_, '_, S> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut room = ReadBuf::new(into);
        match Pin::new(&mut *self.stream).poll_read(self.cx, &mut room) {
            Poll::Ready(done) => done.map(|()| room.filled().len()),
            Poll::Pending => Err(ErrorKind::WouldBlock.into()),
        }
    }
}

impl<S> io::Write for Port<'_, '_, S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.answer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
