//! Frames in the bytes of the WebSocket protocol (RFC 6455), made once for every socket.

use std::{collections::VecDeque, io::IoSlice, ops::Deref};

use bytes::{Buf, Bytes};
use tungstenite::protocol::frame::{
    FrameHeader,
    coding::{Data, OpCode},
};

/// Frames are put together up to about this many bytes: enough for one write, little enough for
/// the bounds of a queue.
const CHUNK_BYTES: usize = 64 * 1024;
/// The longest header of a frame without a mask.
const HEADER: usize = 10;

/// Text frames, one after the other, each with its header. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    bytes: Bytes,
    pub(crate) frames: usize,
}

impl Chunk {
    /// Encodes `texts` in their order.
    pub(crate) fn of<T: Deref<Target = str>>(texts: &[T]) -> Chunk {
        let length: usize = texts.iter().map(|text| text.len() + HEADER).sum();
        let mut bytes = Vec::with_capacity(length);
        for text in texts {
            let text: &str = text;
            let header = FrameHeader { opcode: OpCode::Data(Data::Text), ..FrameHeader::default() };
            // Writing to memory does not fail.
            let _ = header.format(text.len() as u64, &mut bytes);
            bytes.extend_from_slice(text.as_bytes());
        }
        Chunk { bytes: bytes.into(), frames: texts.len() }
    }

    /// Encodes `texts` in their order, as few chunks as are fit to be queued.
    pub(crate) fn all<T: Deref<Target = str>>(texts: &[T]) -> Vec<Chunk> {
        let mut chunks = Vec::new();
        let (mut from, mut bytes) = (0, 0);
        for (at, text) in texts.iter().enumerate() {
            let length = text.len();
            if bytes > 0 && bytes + length > CHUNK_BYTES {
                chunks.push(Chunk::of(&texts[from..at]));
                (from, bytes) = (at, 0);
            }
            bytes += length;
        }
        chunks.push(Chunk::of(&texts[from..]));
        chunks
    }
}

/// Chunks on their way to one socket.
#[derive(Debug, Default)]
pub(crate) struct Chunks {
    queue: VecDeque<Chunk>,
    frames: usize,
    bytes: usize,
}

impl Chunks {
    pub(crate) fn push(&mut self, chunk: Chunk) {
        self.frames += chunk.frames;
        self.bytes += chunk.remaining();
        self.queue.push_back(chunk);
    }

    /// Frames that are not written yet, with the one under way.
    pub(crate) fn frames(&self) -> usize {
        self.frames
    }
}

impl Buf for Chunk {
    fn remaining(&self) -> usize {
        self.bytes.len()
    }

    fn chunk(&self) -> &[u8] {
        &self.bytes
    }

    fn advance(&mut self, count: usize) {
        self.bytes.advance(count);
    }
}

impl Buf for Chunks {
    fn remaining(&self) -> usize {
        self.bytes
    }

    fn chunk(&self) -> &[u8] {
        self.queue.front().map_or(&[], |chunk| &chunk.bytes)
    }

    fn chunks_vectored<'a>(&'a self, slices: &mut [IoSlice<'a>]) -> usize {
        let both = slices.iter_mut().zip(&self.queue);
        both.map(|(slice, chunk)| *slice = IoSlice::new(&chunk.bytes)).count()
    }

    fn advance(&mut self, mut count: usize) {
        self.bytes = self.bytes.saturating_sub(count);
        while let Some(first) = self.queue.front_mut() {
            if count < first.bytes.len() {
                return first.bytes.advance(count);
            }
            count -= first.bytes.len();
            self.frames -= first.frames;
            self.queue.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_carry_the_shortest_header_that_holds_their_length() {
        let long = "x".repeat(70_000);
        let bytes = |text: &str| Chunk::of(&[text]).bytes;
        assert_eq!(&bytes("hi")[..], b"\x81\x02hi");
        assert_eq!(bytes(&long[..126])[..4], [0x81, 126, 0, 126]);
        assert_eq!(bytes(&long)[..10], [0x81, 127, 0, 0, 0, 0, 0, 1, 0x11, 0x70]);
        assert_eq!(&Chunk::of(&["a", "b"]).bytes[..], b"\x81\x01a\x81\x01b");
    }

    #[test]
    fn a_large_batch_becomes_several_chunks_in_order() {
        let texts: Vec<String> = (0..5).map(|n| n.to_string().repeat(CHUNK_BYTES / 2)).collect();
        let chunks = Chunk::all(&texts);
        assert_eq!(chunks.iter().map(|chunk| chunk.frames).collect::<Vec<_>>(), [2, 2, 1]);
        let together: Vec<u8> = chunks.iter().flat_map(|chunk| chunk.bytes.to_vec()).collect();
        assert_eq!(together, Chunk::of(&texts).bytes);
        assert_eq!(Chunk::all(&["x".repeat(CHUNK_BYTES * 3)]).len(), 1);
    }

    #[test]
    fn chunks_are_written_from_wherever_the_last_write_ended() {
        let mut chunks = Chunks::default();
        let all = [Chunk::of(&["one", "two"]), Chunk::of(&["three"])];
        all.iter().for_each(|chunk| chunks.push(chunk.clone()));
        let whole: Vec<u8> = all.iter().flat_map(|chunk| chunk.bytes.to_vec()).collect();
        let mut written = Vec::new();
        for step in [1, 8, 2, 1, 5] {
            let mut slices = [IoSlice::new(&[]); 4];
            let count = chunks.chunks_vectored(&mut slices);
            let waiting: Vec<u8> = slices[..count].iter().flat_map(|slice| slice.to_vec()).collect();
            assert_eq!(waiting, whole[written.len()..]);
            written.extend_from_slice(&waiting[..step]);
            chunks.advance(step);
        }
        assert_eq!((chunks.remaining(), chunks.frames()), (0, 0));
    }
}
