//! Texts as search sees them: folded characters, the terms of the index, and where a query's words
//! stand in a text.
//!
//! **Invariant:** whatever [`find`] finds in a text, the terms of [`terms`] let the index find: the
//! index may offer too much (every hit is looked at again), never too little.

pub mod chars;
pub mod find;
pub mod segments;
pub mod terms;

pub use chars::Hay;
pub use find::{Clause, ClauseKind, Found};
pub use terms::Terms;
