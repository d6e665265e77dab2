//! The text of documents, so that it can be searched for and shown.
//!
//! **Invariants:** no byte of a document is parsed in the server's own process, but by a process of
//! its own that has limits of memory, time and files, and that is asked for one document only;
//! whatever becomes of it, what is noted is either a text or a reason, and the document is not read
//! again; a text lives and dies with its file.

mod ask;
mod format;
mod job;
mod keep;
mod reader;

pub(crate) use ask::program;
pub(crate) use format::Format;
pub(crate) use job::leave;
pub use keep::{DocumentText, of_message};
pub(crate) use keep::{FileText, of_file};
pub use reader::main as read_document;

/// Bytes of a document that is looked into; of a plain text, that much is read.
const INPUT: u64 = 64 << 20;
/// Bytes of a plain text that are read.
const PLAIN: u64 = 2 << 20;
/// Bytes of text that are kept.
const KEPT: usize = 1 << 20;

/// Why a document has no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// It needs a password.
    Encrypted,
    /// It is not what it says it is, or broken off.
    Damaged,
    /// It is larger, or unpacks to more, than is looked into.
    TooLarge,
    /// Reading it took more time or memory than it may.
    TooComplex,
    /// Nobody here reads such files.
    Unsupported,
    /// It holds no text: pictures of pages, say.
    NoText,
    /// Its bytes could not be had, however often they were asked for.
    Unavailable,
}

impl Reason {
    const ALL: [Reason; 7] = [
        Reason::Encrypted,
        Reason::Damaged,
        Reason::TooLarge,
        Reason::TooComplex,
        Reason::Unsupported,
        Reason::NoText,
        Reason::Unavailable,
    ];

    /// As it is stored and sent.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Reason::Encrypted => "encrypted",
            Reason::Damaged => "damaged",
            Reason::TooLarge => "too_large",
            Reason::TooComplex => "too_complex",
            Reason::Unsupported => "unsupported",
            Reason::NoText => "no_text",
            Reason::Unavailable => "unavailable",
        }
    }

    fn from_name(name: &str) -> Option<Reason> {
        Reason::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// What was read.
#[derive(Debug, PartialEq, Eq)]
struct Read {
    text: String,
    /// There is more than is kept.
    cut: bool,
}
