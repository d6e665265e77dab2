//! Archives of an organisation: all that it holds as a zip of JSON lines, documented in
//! `docs/ARCHIVE.md`, and back again.
//!
//! As `imports` does, this domain reads and writes the tables of others in bulk, in one place.
//!
//! **Invariants:** an archive holds ids, never keys; nothing of it is written before all of it was
//! checked; what breaks off is finished by importing the same archive again; memory is bounded by
//! the number of people, conversations and files, not by messages or bytes.

mod export;
mod ids;
mod import;
mod line;
mod manifest;
mod open;
mod pack;
mod refs;
mod section;
mod sections;
pub mod shelf;
mod sql;
pub mod takeout;

pub use export::{Exported, export};
pub use import::{Imported, Options, import};
pub use manifest::{FilesSaid, Manifest, OrgSaid, SectionSaid};

/// Every statement of this domain, for the test that prepares each on both databases.
pub fn statements() -> Vec<(&'static str, weft_storage::Sql)> {
    let sections = sections::ALL.iter().flat_map(|s| {
        let who = match s.scope {
            section::Scope::PlacesOf { who } => Some((s.name, who)),
            _ => None,
        };
        [(s.name, s.read), (s.name, s.write)].into_iter().chain(who)
    });
    sections.chain(sql::ALL.iter().copied()).collect()
}
