//! What an import noted of a message, so that a later one can tell what changed there from what
//! changed here. It stands in `request_hash`, where a message that was sent here has the hash of
//! its request (of another length).

use weft_kernel::Micros;

use crate::model::{Post, Said};

const TEXT: usize = 16;
const REACTIONS: usize = 8;
const LENGTH: usize = TEXT + REACTIONS + 8 + 1;

#[derive(Debug, Clone, Copy)]
pub(super) struct Stamp {
    /// What the source said.
    pub(super) said: Said,
    /// Whether the source had it pinned.
    pub(super) pinned: bool,
    /// The `edited_at` that the import gave our row; 0 for none. Another one there means that
    /// somebody edited the message here.
    pub(super) edited_at: Micros,
}

impl Stamp {
    /// For a row that says what `post` says, and was given `edited_at`.
    pub(super) fn of(post: &Post, edited_at: Option<Micros>) -> Stamp {
        Stamp { said: post.said, pinned: post.pinned.is_some(), edited_at: edited_at.unwrap_or_default() }
    }

    /// Whether the source says the same in `post`.
    pub(super) fn agrees(&self, post: &Post) -> bool {
        self.said == post.said && self.pinned == post.pinned.is_some()
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(LENGTH);
        bytes.extend(self.said.text);
        bytes.extend(self.said.reactions);
        bytes.extend(self.edited_at.to_le_bytes());
        bytes.push(self.pinned.into());
        bytes
    }

    /// None for what is no stamp.
    pub(super) fn read(bytes: &[u8]) -> Option<Stamp> {
        if bytes.len() != LENGTH {
            return None;
        }
        let (text, rest) = bytes.split_first_chunk::<TEXT>()?;
        let (reactions, rest) = rest.split_first_chunk::<REACTIONS>()?;
        let (edited_at, pinned) = rest.split_first_chunk::<8>()?;
        Some(Stamp {
            said: Said { text: *text, reactions: *reactions },
            pinned: pinned == [1],
            edited_at: i64::from_le_bytes(*edited_at),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_as_it_was_written() {
        let said = Said::of(["a", "bc"], vec![("+1", "U1")]);
        let stamp = Stamp { said, pinned: true, edited_at: 1_700_000_000_000_001 };
        let read = Stamp::read(&stamp.bytes()).expect("a stamp");
        assert_eq!((read.said, read.pinned, read.edited_at), (said, true, stamp.edited_at));
        assert!(Stamp::read(&[0; 16]).is_none(), "the hash of a request is none");
        assert_ne!(said, Said::of(["ab", "c"], vec![("+1", "U1")]));
    }
}
