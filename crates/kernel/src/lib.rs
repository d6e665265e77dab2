//! The vocabulary of Weft: ids, time, randomness, faults. No I/O.
//!
//! **Invariant:** nothing here reads a clock, a socket, a file or a table; what needs time or
//! randomness takes an [`Env`].

pub mod chars;
pub mod emoji;
pub mod env;
pub mod fault;
pub mod id;
pub mod keys;
pub mod names;
mod search_key;

pub use env::{Clock, Entropy, Env, FakeClock, Micros, SystemClock, SystemEntropy};
pub use fault::{Fault, FaultKind, Result};
pub use id::{Id, IdError, TypedId};
pub use keys::{AccountKey, FileKey, LogKey, OrgKey, PrincipalKey, TopicKey};
