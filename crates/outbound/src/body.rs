//! Reading an answer: as many bytes as were asked for, counted after unpacking.

use std::io::Write;

use bytes::Bytes;
use flate2::write::GzDecoder;
use http::{HeaderMap, header};
use reqwest::Response;

use crate::error::{OutboundError, understand};

/// Most bytes of an answer's headers.
const HEADERS: usize = 64 * 1024;

/// Refuses headers beyond measure.
pub(crate) fn bounded(headers: &HeaderMap) -> Result<(), OutboundError> {
    let size: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if size > HEADERS { Err(OutboundError::TooLarge) } else { Ok(()) }
}

/// The body, and whether it is longer than `max`.
pub(crate) async fn read(mut response: Response, max: usize) -> Result<(Bytes, bool), OutboundError> {
    let mut sink = Sink::of(response.headers(), max)?;
    // Packed bytes are bounded, too: some unpack to nothing.
    let mut packed = 0;
    while let Some(chunk) = response.chunk().await.map_err(|e| understand(&e))? {
        packed += chunk.len();
        if !sink.take(&chunk)? {
            return Ok((sink.finish()?, true));
        }
        if packed > max.saturating_add(HEADERS) {
            return Ok((sink.finish()?, true));
        }
    }
    Ok((sink.finish()?, false))
}

/// A buffer that takes no more than `max` bytes.
struct Bounded {
    bytes: Vec<u8>,
    max: usize,
    full: bool,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let fits = bytes.len().min(self.max - self.bytes.len());
        self.bytes.extend_from_slice(&bytes[..fits]);
        if fits < bytes.len() {
            self.full = true;
            return Err(std::io::Error::from(std::io::ErrorKind::WriteZero));
        }
        Ok(fits)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

enum Sink {
    Plain(Bounded),
    Gzip(Box<GzDecoder<Bounded>>),
}

impl Sink {
    fn of(headers: &HeaderMap, max: usize) -> Result<Sink, OutboundError> {
        let bounded = Bounded { bytes: Vec::new(), max, full: false };
        let mut codings = headers.get_all(header::CONTENT_ENCODING).iter();
        let coding = codings.next().map_or(Ok("identity"), |value| value.to_str());
        if codings.next().is_some() {
            return Err(OutboundError::Unreadable);
        }
        match coding.map_err(|_| OutboundError::Unreadable)?.trim().to_ascii_lowercase().as_str() {
            "" | "identity" => Ok(Sink::Plain(bounded)),
            "gzip" | "x-gzip" => Ok(Sink::Gzip(Box::new(GzDecoder::new(bounded)))),
            // Only gzip was offered.
            _ => Err(OutboundError::Unreadable),
        }
    }

    /// Takes bytes; false when there is no room for all of them.
    fn take(&mut self, chunk: &[u8]) -> Result<bool, OutboundError> {
        let (wrote, full) = match self {
            Sink::Plain(to) => (to.write_all(chunk), to.full),
            Sink::Gzip(to) => (to.write_all(chunk).and_then(|()| to.flush()), to.get_ref().full),
        };
        match wrote {
            Ok(()) => Ok(true),
            Err(_) if full => Ok(false),
            // Something after the end of what was packed; nobody needs it.
            Err(error) if error.kind() == std::io::ErrorKind::WriteZero => Ok(true),
            Err(_) => Err(OutboundError::Unreadable),
        }
    }

    fn finish(self) -> Result<Bytes, OutboundError> {
        let bounded = match self {
            Sink::Plain(bounded) => bounded,
            Sink::Gzip(mut decoder) => {
                std::mem::replace(decoder.get_mut(), Bounded { bytes: Vec::new(), max: 0, full: true })
            }
        };
        Ok(bounded.bytes.into())
    }
}
