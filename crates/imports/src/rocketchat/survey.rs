//! Reads every row, checks it, and keeps the messages.

use rustc_hash::{FxHashMap, FxHashSet};
use weft_kernel::Fault;

use super::{
    RocketChat,
    rows::{Row, each_row},
};
use crate::{
    archive::{broken, shown},
    model::{Person, PersonKind, Space, SpaceKind, Survey},
    spool::{Raw, Spool},
    spooled::time,
};

const USERS: &str = "users.csv";
const CHANNELS: &str = "channels.csv";
/// The folder of direct conversations.
const DIRECT: &str = "directmessages";
/// Longest name of a person or a channel, in bytes.
const MAX_NAME: usize = 256;

struct Reader<'a> {
    spool: &'a mut Spool,
    people: Vec<Person>,
    known: FxHashSet<String>,
    spaces: Vec<Space>,
    by_id: FxHashMap<String, usize>,
}

pub(super) fn run(source: &mut RocketChat) -> Result<Survey, Fault> {
    let RocketChat { archive, spool, unread } = source;
    let (people, spaces) = (Vec::new(), Vec::new());
    let mut reader =
        Reader { spool, people, known: FxHashSet::default(), spaces, by_id: FxHashMap::default() };
    each_row(USERS, archive.entry(USERS)?, |row| reader.user(&row))?;
    if archive.has(CHANNELS) {
        each_row(CHANNELS, archive.entry(CHANNELS)?, |row| reader.channel(&row))?;
    }
    let mut files: Vec<String> = archive.names().map(str::to_owned).collect();
    files.sort_unstable();
    for name in files {
        match name.split_once('/') {
            None if name == USERS || name == CHANNELS => {}
            None => unread.skip("entry:unknown"),
            Some((DIRECT, _)) => each_row(&name, archive.entry(&name)?, |row| reader.direct(&row))?,
            Some((folder, _)) => {
                let space = reader.by_id.get(&folder.to_lowercase()).copied().ok_or_else(|| {
                    let folder = shown(folder);
                    broken(format!(
                        "The folder “{folder}” is no channel of {CHANNELS}: the archive is incomplete."
                    ))
                })?;
                each_row(&name, archive.entry(&name)?, |row| reader.message(&row, space))?;
            }
        }
    }
    for _ in 0..archive.others {
        unread.skip("entry:not_csv");
    }
    reader.finish()
}

impl Reader<'_> {
    /// `username,email,name`
    fn user(&mut self, row: &Row) -> Result<(), Fault> {
        if row.first && row.field(0).eq_ignore_ascii_case("username") {
            return Ok(());
        }
        let username = username(row, 0)?;
        if !self.known.insert(username.clone()) {
            return Err(broken(format!("{}: the user “{}” occurs twice.", row.place, shown(&username))));
        }
        let name = if row.field(2).is_empty() { row.field(0) } else { row.field(2) };
        let email = Some(row.field(1).to_owned()).filter(|email| email.contains('@'));
        self.people.push(Person { email, ..Person::new(username, PersonKind::Member, name.to_owned()) });
        Ok(())
    }

    /// `name,creator,public or private,members with ; between`
    fn channel(&mut self, row: &Row) -> Result<(), Fault> {
        if row.first && row.field(0).eq_ignore_ascii_case("name") {
            return Ok(());
        }
        let name = row.field(0);
        if name.is_empty() || name.len() > MAX_NAME {
            return Err(broken(format!("{}: a channel has no usable name.", row.place)));
        }
        let id = name.to_lowercase();
        if id == DIRECT || self.by_id.contains_key(&id) {
            return Err(broken(format!("{}: the channel “{}” occurs twice.", row.place, shown(name))));
        }
        let kind = match row.field(2).to_lowercase().as_str() {
            "private" => SpaceKind::PrivateChannel,
            "public" | "" => SpaceKind::Channel,
            other => {
                let other = shown(other);
                return Err(broken(format!("{}: “{other}” is neither public nor private.", row.place)));
            }
        };
        let creator = Some(row.field(1).to_lowercase()).filter(|creator| !creator.is_empty());
        let members = row.field(3).split(';').map(|member| member.trim().to_lowercase());
        let mut members: Vec<String> =
            members.chain(creator.clone()).filter(|member| !member.is_empty()).collect();
        members.sort_unstable();
        members.dedup();
        for member in &members {
            if member.len() > MAX_NAME {
                return Err(broken(format!("{}: a member has no usable name.", row.place)));
            }
            self.stranger(member);
        }
        self.by_id.insert(id.clone(), self.spaces.len());
        self.spaces.push(Space { creator, members, ..Space::new(id, kind, name.to_owned()) });
        Ok(())
    }

    /// `user,milliseconds,text`
    fn message(&mut self, row: &Row, space: usize) -> Result<(), Fault> {
        match is_heading(row, 1) {
            true => Ok(()),
            false => self.keep(row, space, [0, 1, 2]),
        }
    }

    /// `from,to,milliseconds,text`
    fn direct(&mut self, row: &Row) -> Result<(), Fault> {
        if is_heading(row, 2) {
            return Ok(());
        }
        let mut members = vec![username(row, 0)?, username(row, 1)?];
        members.sort_unstable();
        members.dedup();
        members.iter().for_each(|member| self.stranger(member));
        let id = format!("direct:{}", members.join(","));
        let next = self.spaces.len();
        let space = *self.by_id.entry(id.clone()).or_insert(next);
        if space == next {
            self.spaces.push(Space { members, ..Space::new(id, SpaceKind::Direct, String::new()) });
        }
        self.keep(row, space, [0, 2, 3])
    }

    fn keep(&mut self, row: &Row, space: usize, [user, at, text]: [usize; 3]) -> Result<(), Fault> {
        if row.len() <= text {
            let (count, wanted) = (row.len(), text + 1);
            return Err(broken(format!("{}: the row has {count} columns, not {wanted}.", row.place)));
        }
        let user = username(row, user)?;
        self.stranger(&user);
        let ms = row.field(at).parse::<i64>().map_err(|_| {
            broken(format!("{}: “{}” is not a time in milliseconds.", row.place, shown(row.field(at))))
        })?;
        let raw = Raw { user, text: row.text(text).to_owned(), ..Raw::default() };
        self.spool.add(space, time(&row.place, ms)?, None, &raw)?;
        Ok(())
    }

    /// Somebody who occurs without being in the list of users.
    fn stranger(&mut self, username: &str) {
        if self.known.insert(username.to_owned()) {
            let name = username.to_owned();
            self.people.push(Person::new(name.clone(), PersonKind::Member, name));
        }
    }

    fn finish(mut self) -> Result<Survey, Fault> {
        let (posts, newest) = self.spool.arrange(&mut self.spaces)?;
        // The archive does not name its server; the engine recognises it by its people.
        let first = self.people.iter().map(|person| person.outside.as_str()).min().unwrap_or("empty");
        let source = format!("rocketchat:{}", first.chars().take(64).collect::<String>());
        // It may be a part: what it lacks was not deleted.
        Ok(Survey { source, people: self.people, spaces: self.spaces, posts, newest, complete: false })
    }
}

/// Whether a file begins with the names of its columns.
fn is_heading(row: &Row, at: usize) -> bool {
    let time = row.field(at);
    row.first && !time.is_empty() && time.chars().all(|c| c.is_alphabetic() || c == '_')
}

fn username(row: &Row, index: usize) -> Result<String, Fault> {
    let name = row.field(index).trim_start_matches('@');
    match name.is_empty() || name.len() > MAX_NAME {
        true => Err(broken(format!("{}: a user has no usable name.", row.place))),
        false => Ok(name.to_lowercase()),
    }
}
