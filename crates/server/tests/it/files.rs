//! Files through the real binary: taken in, refused, sent, read, and gone when nothing refers to
//! them.

mod bad;
mod bucket;
pub(crate) mod kit;
mod reading;
mod scanned;
mod sending;
