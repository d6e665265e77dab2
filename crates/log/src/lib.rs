//! The log mechanism that conversations, principals and orgs share: head rows, dense sequence
//! numbers, permission versions, the control log, and the frames that tell of events.
//!
//! **Invariants:** a `seq` is taken only by updating the log's head row in the transaction that
//! writes what it stands for; several heads are locked in ascending key order; a frame is
//! published only after its transaction has committed, and is serialised once.

pub mod control;
pub mod frame;
pub mod head;
pub mod outbox;
pub mod proof;

pub use control::{ControlEvent, ControlKind};
pub use frame::{Cut, EventFrame, Frame, LogName, Publisher};
pub use head::{Head, LogKind};
pub use proof::Proof;
