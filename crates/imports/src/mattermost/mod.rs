//! Mattermost's bulk export: JSON objects line by line, alone or as the one `.jsonl` of a zip.
//!
//! Its messages come in the order of their ids, which is none of time, and the conversations
//! mixed. So they are read once, checked, and kept in the [`Spool`] until they are asked for.

mod shape;
mod survey;

use std::{
    fs::File,
    io::{BufReader, Read},
    path::{Path, PathBuf},
};

use weft_kernel::{Fault, id::ConversationId};

use crate::{
    archive::{Archive, Layout, broken},
    lines::each_line,
    markup::Dialect,
    model::{Directory, Sink, Source, Survey},
    report::Tally,
    spool::Spool,
    spooled,
    vault::Vault,
};

const LAYOUT: Layout = Layout {
    what: "Mattermost export",
    read: ".jsonl",
    anchor: ".jsonl",
    day_by_day: false,
    files: Some("data/"),
};
/// Markdown as we write it, but for `~channel`.
const DIALECT: Dialect = Dialect { channel: '~', single: false };

/// An opened export.
pub(crate) struct Mattermost {
    input: Input,
    spool: Spool,
    /// Per conversation, the team whose channels its messages name.
    teams: Vec<Option<String>>,
    /// What the survey left out, to be told once.
    unread: Tally,
}

enum Input {
    Zip(Box<Archive>, String),
    Plain(PathBuf),
}

impl Input {
    fn open(path: &Path) -> Result<Input, Fault> {
        let unreadable = |e: std::io::Error| broken(format!("The file cannot be opened: {e}."));
        let mut start = Vec::new();
        File::open(path).map_err(unreadable)?.take(2).read_to_end(&mut start).map_err(unreadable)?;
        if start != *b"PK" {
            return Ok(Input::Plain(path.to_owned()));
        }
        let archive = Archive::open(path, LAYOUT)?;
        let mut names: Vec<String> =
            archive.names().filter(|name| !name.contains('/')).map(str::to_owned).collect();
        match (names.pop(), names.is_empty()) {
            (Some(name), true) => Ok(Input::Zip(Box::new(archive), name)),
            _ => Err(broken("The archive holds several .jsonl files. A Mattermost export has one.")),
        }
    }

    fn each_line(&mut self, each: impl FnMut(u64, &str) -> Result<(), Fault>) -> Result<(), Fault> {
        match self {
            Input::Zip(archive, name) => each_line(name, archive.entry(name)?, each),
            Input::Plain(path) => {
                let file =
                    File::open(path).map_err(|e| broken(format!("The file cannot be opened: {e}.")))?;
                each_line("The file", BufReader::with_capacity(1 << 16, file), each)
            }
        }
    }
}

impl Mattermost {
    /// Opens the file; what it holds is kept at `spool` meanwhile.
    ///
    /// # Errors
    /// `invalid` with code `import_archive`.
    pub(crate) fn open(path: &Path, spool: &Path) -> Result<Mattermost, Fault> {
        let input = Input::open(path)?;
        let spool = Spool::new("mattermost", spool)?;
        Ok(Mattermost { input, spool, teams: Vec::new(), unread: Tally::default() })
    }
}

impl Source for Mattermost {
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
        let team = self.teams[space].clone();
        let channel = |name: &str| -> Option<ConversationId> {
            directory.spaces.get(&survey::channel_id(team.as_deref()?, name)).copied()
        };
        let archive = match &self.input {
            Input::Zip(archive, _) => Some(archive),
            Input::Plain(_) => None,
        };
        let files = |path: &str| attached(archive?, path);
        let names = spooled::Names { channel: &channel, file: &files };
        spooled::deliver(&mut self.spool, space, DIALECT, directory, names, sink, tally)
    }

    fn vault(&self) -> Option<Vault> {
        match &self.input {
            Input::Zip(archive, _) => archive.vault(),
            Input::Plain(_) => None,
        }
    }
}

/// Where in the archive the file lies that a post names. Its path is one below `data/`; some tools
/// write that too.
fn attached(archive: &Archive, path: &str) -> Option<String> {
    let entries = [format!("data/{path}"), path.to_owned()];
    entries.into_iter().find(|entry| archive.files().contains_key(entry))
}
