//! Files through the real binary: taken in, refused, sent, read, and gone when nothing refers to
//! them.

mod bad;
mod bucket;
mod kit;
mod reading;
mod sending;
