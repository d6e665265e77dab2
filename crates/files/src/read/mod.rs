//! Giving files out.

mod access;
mod content;
mod list;
mod preview;
mod range;
mod thumb;

pub(crate) use access::{Link, Reader, link};
pub(crate) use content::{Ask, content, guard, layout, set};
pub(crate) use list::{ListQuery, Posted, list};
pub(crate) use preview::preview;
pub(crate) use thumb::thumb;
