//! What an import did, and what it could not carry over.

use std::collections::BTreeMap;

use serde::Serialize;

/// Names of conversations listed in a report at most; the rest is only counted.
const MAX_RENAMED: usize = 100;

/// Counts, by reason, what a source did not carry over or changed on the way.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Left out.
    pub skipped: BTreeMap<String, u64>,
    /// Carried over in another form.
    pub adapted: BTreeMap<String, u64>,
    /// Files that stay links.
    pub files: u64,
}

impl Tally {
    /// Counts something left out.
    pub fn skip(&mut self, reason: impl Into<String>) {
        *self.skipped.entry(reason.into()).or_default() += 1;
    }

    /// Counts something carried over in another form.
    pub fn adapt(&mut self, reason: impl Into<String>) {
        *self.adapted.entry(reason.into()).or_default() += 1;
    }

    /// Adds what another part counted.
    pub fn add(&mut self, other: &Tally) {
        for (reason, count) in &other.skipped {
            *self.skipped.entry(reason.clone()).or_default() += count;
        }
        for (reason, count) in &other.adapted {
            *self.adapted.entry(reason.clone()).or_default() += count;
        }
        self.files += other.files;
    }
}

/// What was here before the run, from an earlier import of the same source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Already {
    /// People.
    pub users: u64,
    /// Conversations.
    pub conversations: u64,
    /// Messages.
    pub messages: u64,
}

/// What the source says otherwise of messages that came in earlier.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Messages with another text; the earlier one is kept.
    pub edited: u64,
    /// Messages that were deleted there.
    pub deleted: u64,
    /// Reactions given and taken back.
    pub reactions: u64,
    /// Messages pinned and unpinned.
    pub pins: u64,
    /// Files that were links and came in with their bytes.
    pub files: u64,
    /// Messages that were changed there and here: left as they are here.
    pub conflicts: u64,
}

/// A conversation whose name was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Renamed {
    /// Its name in the source.
    pub from: String,
    /// Its name here.
    pub to: String,
}

/// The result of a run. A dry run gives the same as the run would.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Where the data came from.
    pub source: String,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// People added.
    pub users: u64,
    /// People who were here and were recognised by their e-mail address.
    pub matched: u64,
    /// Conversations added.
    pub conversations: u64,
    /// Direct conversations and groups whose people have one here, which goes on with them.
    pub merged: u64,
    /// Messages added, replies included.
    pub messages: u64,
    /// Threads that got their first reply.
    pub threads: u64,
    /// Replies added.
    pub replies: u64,
    /// Reactions added.
    pub reactions: u64,
    /// Memberships added.
    pub memberships: u64,
    /// Files that came in with their bytes.
    pub files_kept: u64,
    /// How many bytes those are, with the ones of `changed.files`.
    pub file_bytes: u64,
    /// Files that stay links or names.
    pub files: u64,
    /// What was here before.
    pub already: Already,
    /// What of it has changed.
    pub changed: Changed,
    /// Things left out.
    pub skipped: u64,
    /// The same by reason.
    pub skipped_by: BTreeMap<String, u64>,
    /// Things carried over in another form, by reason.
    pub adapted_by: BTreeMap<String, u64>,
    /// Conversations whose name was taken (the first hundred).
    pub renamed: Vec<Renamed>,
}

impl Report {
    /// Notes a conversation whose name was taken.
    pub fn note_renamed(&mut self, from: &str, to: &str) {
        *self.adapted_by.entry("name_taken".into()).or_default() += 1;
        if self.renamed.len() < MAX_RENAMED {
            self.renamed.push(Renamed { from: from.to_owned(), to: to.to_owned() });
        }
    }

    /// Counts something carried over in another form.
    pub fn adapt(&mut self, reason: &str) {
        *self.adapted_by.entry(reason.to_owned()).or_default() += 1;
    }

    /// Takes in what the source counted.
    pub fn close(&mut self, tally: Tally) {
        for (reason, count) in tally.skipped {
            *self.skipped_by.entry(reason).or_default() += count;
        }
        for (reason, count) in tally.adapted {
            *self.adapted_by.entry(reason).or_default() += count;
        }
        self.files += tally.files;
        self.skipped = self.skipped_by.values().sum();
    }
}
