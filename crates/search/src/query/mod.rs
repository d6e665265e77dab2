//! What is asked: the language, what its names and dates mean, and the question put to the index.

pub mod dates;
pub mod parse;
pub mod plan;
pub mod resolve;

pub use parse::{Filter, FilterKey, Parsed, Warning, parse};
