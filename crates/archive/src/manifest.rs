//! What an archive says of itself.

use serde::{Deserialize, Serialize};
use weft_kernel::{Fault, Micros};

/// The entry's name.
pub(crate) const ENTRY: &str = "manifest.json";
/// What tells an archive of ours from another zip.
pub(crate) const FORMAT: &str = "weft-archive";
/// The version of the format. A change that an older Weft cannot read raises it.
pub(crate) const VERSION: u32 = 1;

/// `manifest.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `weft-archive`.
    pub format: String,
    /// Of the format.
    pub version: u32,
    /// When the archive was begun.
    pub created_at: Micros,
    /// The organisation.
    pub org: OrgSaid,
    /// The files of JSON lines.
    pub sections: Vec<SectionSaid>,
    /// How many files' bytes there are, and how many bytes those are.
    pub files: FilesSaid,
    /// How many messages are left out because they vanish; in their place stands what is left of
    /// one that has.
    #[serde(default, skip_serializing_if = "is_none")]
    pub vanishing: u64,
}

/// Without any, archives are as they were before there were such messages.
fn is_none(count: &u64) -> bool {
    *count == 0
}

/// Whose archive it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrgSaid {
    /// `org_…`
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A file of JSON lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionSaid {
    /// The section's name; its entry is `<name>.jsonl`.
    pub name: String,
    /// How many lines it has.
    pub rows: u64,
    /// How many bytes.
    pub bytes: u64,
    /// SHA-256 of those, in hex.
    pub sha256: String,
}

/// The bytes of files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesSaid {
    /// How many files.
    pub count: u64,
    /// How many bytes.
    pub bytes: u64,
}

/// The fault of an archive that cannot be taken.
pub(crate) fn broken(detail: impl Into<String>) -> Fault {
    Fault::invalid("file", detail.into()).code("import_archive")
}
