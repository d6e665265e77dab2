//! Rocket.Chat's CSV archive: `users.csv`, `channels.csv`, a folder of messages per channel, and
//! `directmessages`. No row has a heading; one that looks like it is passed over.
//!
//! Files of a folder and rows of a file come in no order, and direct conversations mixed. So they
//! are read once, checked, and kept in the [`Spool`] until they are asked for.

mod rows;
mod survey;

use std::path::Path;

use weft_kernel::Fault;

use crate::{
    archive::{Archive, Layout},
    markup::Dialect,
    model::{Directory, Sink, Source, Survey},
    report::Tally,
    spool::Spool,
    spooled,
};

const LAYOUT: Layout = Layout {
    what: "Rocket.Chat CSV archive",
    read: ".csv",
    anchor: "users.csv",
    day_by_day: false,
    files: None,
};
/// Nearly Markdown: `*bold*`, `~struck~`, `#channel`.
const DIALECT: Dialect = Dialect { channel: '#', single: true };

/// An opened archive.
pub(crate) struct RocketChat {
    archive: Archive,
    spool: Spool,
    /// What the survey left out, to be told once.
    unread: Tally,
}

impl RocketChat {
    /// Opens the file; what it holds is kept at `spool` meanwhile.
    ///
    /// # Errors
    /// `invalid` with code `import_archive`.
    pub(crate) fn open(path: &Path, spool: &Path) -> Result<RocketChat, Fault> {
        let archive = Archive::open(path, LAYOUT)?;
        Ok(RocketChat { archive, spool: Spool::new("rocketchat", spool)?, unread: Tally::default() })
    }
}

impl Source for RocketChat {
    fn survey(&mut self) -> Result<Survey, Fault> {
        survey::run(self)
    }

    fn posts(
        &mut self,
        space: usize,
        directory: &Directory,
        sink: &mut dyn Sink,
        tally: &mut Tally,
    ) -> Result<(), Fault> {
        tally.add(&std::mem::take(&mut self.unread));
        let channel = |name: &str| directory.spaces.get(name).copied();
        let names = spooled::Names { channel: &channel, file: &|_| None };
        spooled::deliver(&mut self.spool, space, DIALECT, directory, names, sink, tally)
    }
}
