//! Files as slackdump packs them with an export: `__uploads/<file id>/<name>`.

use rustc_hash::FxHashMap;

use super::{LAYOUT, shape::File};
use crate::archive::Archive;

/// The archive's files, by the id that messages know them by.
#[derive(Default)]
pub(super) struct Uploads(FxHashMap<String, Vec<String>>);

impl Uploads {
    pub(super) fn of(archive: &Archive) -> Uploads {
        let mut uploads = Uploads::default();
        for path in archive.files().keys() {
            let below = LAYOUT.files.and_then(|folder| path.strip_prefix(folder));
            if let Some((id, _)) = below.and_then(|below| below.split_once('/')) {
                uploads.0.entry(id.to_owned()).or_default().push(path.clone());
            }
        }
        uploads.0.values_mut().for_each(|paths| paths.sort_unstable());
        uploads
    }

    /// Where a file's bytes are: the entry of its name, should its folder hold several.
    pub(super) fn find(&self, file: &File) -> Option<&str> {
        let paths = self.0.get(&file.id)?;
        let named = paths.iter().find(|path| path.rsplit('/').next() == Some(file.name.as_str()));
        named.or(paths.first()).map(String::as_str)
    }
}
