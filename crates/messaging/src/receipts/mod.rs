//! Who has read what: counted from read marks, never kept for each recipient.
//!
//! A message of the main flow is read by whoever's read mark has reached its `seq`, a reply by
//! whoever's mark in the thread has reached its `n`. It is for the members who are active people,
//! were there when it was sent, and did not write it.
//!
//! **Invariants:** only who wrote a message learns who has read it, as far as the org's policy
//! goes; a message costs nothing here until its author looks at it; what is told live is counted
//! in memory from the marks as they rise, so that any number of readers is one frame a second.

mod board;
mod list;
mod live;
mod routes;
pub mod sql;

pub use live::Receipts;
pub use routes::router;

use weft_kernel::LogKey;

/// Where a read mark counts: a conversation's main flow (root 0), or the thread under a root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Lane {
    /// The conversation.
    pub(crate) log: LogKey,
    /// The `seq` of the thread's root; 0 for the main flow.
    pub(crate) root: i64,
}

impl Lane {
    /// The main flow of a conversation.
    pub(crate) fn main(log: LogKey) -> Lane {
        Lane { log, root: 0 }
    }

    /// The thread under `root`, or the main flow.
    pub(crate) fn of(log: LogKey, root: Option<i64>) -> Lane {
        Lane { log, root: root.unwrap_or(0) }
    }

    /// What a mark in this lane must reach to have read a message.
    fn reach(self, seq: i64, n: i64) -> i64 {
        if self.root == 0 { seq } else { n }
    }
}
