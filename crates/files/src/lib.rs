//! Files: taken in piece by piece, looked at, kept, and given only to those who may read a message
//! that refers to them.
//!
//! **Invariants:** bytes become a file only after they were sniffed and measured; a type
//! is what the bytes are, not what a name says; nothing that a browser could run is ever served as
//! such; an object is noted as waste before it is written and until its file exists, so that a crash
//! leaves nothing behind; who may read a file is asked of the database at every read.

mod address;
mod details;
mod documents;
pub mod emoji;
mod files;
mod gc;
mod layouts;
mod links;
mod look;
mod names;
mod poster;
mod read;
mod routes;
mod scan;
mod settings;
mod sql;
pub mod stickers;
mod store;
mod upload;

pub use details::{Details, File, Kind, Preview, Stored};
pub use documents::{DocumentText, of_message as texts_of_message, read_document};
pub use files::{Deps, Files};
pub use layouts::{Office, Task, lay_out};
pub use names::{clean_name, disposition};
pub use routes::module;
pub use scan::Scanner;
pub use store::Store;
pub use upload::{Brought, Restored, Room};

/// Every statement of this domain, for the test that prepares each on both databases.
pub const STATEMENTS: &[&[(&str, weft_storage::Sql)]] =
    &[emoji::sql::ALL, links::sql::ALL, sql::ALL, stickers::sql::ALL];
