//! Slack's export: a zip of `users.json`, the lists of conversations, and a folder of days per
//! conversation.
//!
//! The archive is read twice: once to check all of it, once to carry it over. Both passes hold
//! one day in memory at a time.

mod blocks;
mod convert;
mod mrkdwn;
mod shape;
mod survey;
mod uploads;

use std::path::Path;

use rustc_hash::FxHashMap;
use weft_kernel::{Fault, Micros};

use crate::vault::Vault;
use crate::{
    archive::{Archive, Layout},
    json,
    model::{Directory, Known, Sink, Source, Survey},
    report::Tally,
};
use shape::Message;
use uploads::Uploads;

const LAYOUT: Layout = Layout {
    what: "Slack export",
    read: ".json",
    anchor: "users.json",
    day_by_day: true,
    files: Some("__uploads/"),
};

/// Messages handed to the engine at once.
const BATCH: usize = 2_000;

/// An opened export.
pub(crate) struct Slack {
    archive: Archive,
    uploads: Uploads,
    /// Per conversation of the survey: its day files, oldest first.
    days: Vec<Vec<String>>,
    /// Per conversation: pinned messages by their `ts`, who pinned them and when.
    pins: Vec<FxHashMap<String, (String, Micros)>>,
    /// Entries that were not carried over, to be told once.
    unread: Tally,
}

impl Slack {
    /// Opens the file and checks what its directory claims.
    ///
    /// # Errors
    /// `invalid` with code `import_archive`.
    pub(crate) fn open(path: &Path) -> Result<Slack, Fault> {
        let archive = Archive::open(path, LAYOUT)?;
        let uploads = Uploads::of(&archive);
        Ok(Slack { archive, uploads, days: Vec::new(), pins: Vec::new(), unread: Tally::default() })
    }

    /// The messages of one day, in order.
    fn day(&mut self, entry: &str) -> Result<Vec<(Micros, Message)>, Fault> {
        let mut day = Vec::new();
        json::each_element(entry, self.archive.entry(entry)?, |message: Message| {
            day.push((convert::time(entry, &message.ts)?, message));
            Ok(())
        })?;
        day.sort_by_key(|(at, _)| *at);
        Ok(day)
    }
}

impl Source for Slack {
    fn survey(&mut self) -> Result<Survey, Fault> {
        survey::run(self)
    }

    fn vault(&self) -> Option<Vault> {
        self.archive.vault()
    }

    fn posts(
        &mut self,
        space: usize,
        directory: &Directory,
        sink: &mut dyn Sink,
        tally: &mut Tally,
    ) -> Result<(), Fault> {
        tally.add(&std::mem::take(&mut self.unread));
        let pins = std::mem::take(&mut self.pins[space]);
        let mut batch = Vec::with_capacity(BATCH);
        for entry in std::mem::take(&mut self.days[space]) {
            for (_, message) in self.day(&entry)? {
                let pin = pins.get(&message.ts).and_then(|pin| pinned(pin, directory));
                let Some(mut post) = convert::post(&entry, message, directory, &self.uploads, tally)? else {
                    continue;
                };
                post.pinned = pin.map(|(who, at)| (who.key, if at > 0 { at } else { post.at }));
                batch.push(post);
                if batch.len() >= BATCH {
                    sink.take(std::mem::replace(&mut batch, Vec::with_capacity(BATCH)))?;
                }
            }
        }
        if batch.is_empty() { Ok(()) } else { sink.take(batch) }
    }
}

fn pinned(pin: &(String, Micros), directory: &Directory) -> Option<(Known, Micros)> {
    directory.people.get(&pin.0).map(|who| (*who, pin.1))
}
