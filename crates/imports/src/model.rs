//! What sources give to the engine, whatever they read.

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};
use weft_kernel::{
    Fault, FileKey, LogKey, Micros, PrincipalKey,
    id::{ConversationId, PrincipalId},
};

use crate::{report::Tally, vault::Vault};

/// What a person is in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonKind {
    /// An ordinary member.
    Member,
    /// Somebody who saw only some conversations.
    Guest,
    /// A program.
    Bot,
}

/// Somebody who is in conversations or wrote messages.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their id in the source.
    pub outside: String,
    /// What they are.
    pub kind: PersonKind,
    /// Shown name; made to fit by the engine.
    pub name: String,
    /// Matched against the people who are here already.
    pub email: Option<String>,
    /// Job title.
    pub title: String,
    /// IANA time zone.
    pub timezone: Option<String>,
}

impl Person {
    /// Somebody of whom no more is known.
    pub fn new(outside: String, kind: PersonKind, name: String) -> Person {
        Person { outside, kind, name, email: None, title: String::new(), timezone: None }
    }
}

/// A kind of conversation; the numbers are the stored ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpaceKind {
    /// Open to every member.
    Channel = 1,
    /// By invitation.
    PrivateChannel = 2,
    /// Several people, without a name of its own.
    Group = 3,
    /// Two people, or one with themselves.
    Direct = 4,
}

impl SpaceKind {
    /// Whether its name must be unique in the org.
    pub fn is_named(self) -> bool {
        matches!(self, SpaceKind::Channel | SpaceKind::PrivateChannel)
    }
}

/// A conversation in the source.
#[derive(Debug, Clone)]
pub struct Space {
    /// Its id in the source.
    pub outside: String,
    /// What it is.
    pub kind: SpaceKind,
    /// Its name; empty for groups and direct conversations.
    pub name: String,
    /// What is talked about now.
    pub topic: String,
    /// What it is for.
    pub purpose: String,
    /// When it was made.
    pub created_at: Micros,
    /// When its first message was written, if it has any.
    pub first_at: Option<Micros>,
    /// Who made it, if the source tells.
    pub creator: Option<String>,
    /// Whether it is closed for writing.
    pub archived: bool,
    /// Whether new people are put into it.
    pub default: bool,
    /// Who is in it.
    pub members: Vec<String>,
    /// The nonces of its posts that replies refer to.
    pub roots: FxHashSet<String>,
}

impl Space {
    /// One without anybody in it.
    pub fn new(outside: String, kind: SpaceKind, name: String) -> Space {
        Space {
            outside,
            kind,
            name,
            topic: String::new(),
            purpose: String::new(),
            created_at: 0,
            first_at: None,
            creator: None,
            archived: false,
            default: false,
            members: Vec::new(),
            roots: FxHashSet::default(),
        }
    }
}

/// All of a source but its messages, and that it is sound.
#[derive(Debug, Clone)]
pub struct Survey {
    /// Names the place that the data comes from, the same for each of its exports.
    pub source: String,
    /// Everybody who occurs.
    pub people: Vec<Person>,
    /// Every conversation.
    pub spaces: Vec<Space>,
    /// How many messages there are to read, for progress.
    pub posts: u64,
    /// When its newest message was written: tells a newer export from an older one.
    pub newest: Micros,
    /// Whether a message that is absent between two others was deleted there.
    pub complete: bool,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostKind {
    /// A person's or a program's.
    Person,
    /// The system tells that something happened.
    System,
    /// It was deleted before the export; its place is kept because others refer to it.
    Tombstone,
    /// Nothing of it is left to show, but it is still there: not added, and not taken for deleted.
    LeftOut,
}

/// Tells whether what the source says of a message is what it said the last time. Made of the
/// source's own words, so that it does not depend on who is known here or how text is converted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said {
    /// Of everything that its content is made of.
    pub text: [u8; 16],
    /// Of the reactions.
    pub reactions: [u8; 8],
}

impl Said {
    /// Of the pieces of a message's text and of its reactions (emoji and person, any order).
    pub fn of<'t>(text: impl IntoIterator<Item = &'t str>, mut reactions: Vec<(&str, &str)>) -> Said {
        reactions.sort_unstable();
        let given = reactions.iter().flat_map(|(emoji, who)| [*emoji, *who]);
        Said { text: digest(text), reactions: digest(given) }
    }
}

/// The beginning of a hash over `pieces` and where one ends and the next begins.
pub(crate) fn digest<'t, const N: usize>(pieces: impl IntoIterator<Item = &'t str>) -> [u8; N] {
    let mut hash = Sha256::new();
    for piece in pieces {
        hash.update((piece.len() as u64).to_le_bytes());
        hash.update(piece);
    }
    std::array::from_fn({
        let hash = hash.finalize();
        move |i| hash[i]
    })
}

/// Whom a text mentions, gathered while it is converted.
#[derive(Debug, Clone, Default)]
pub struct Mentions {
    /// The people, in the order of the text.
    people: Vec<Known>,
    /// `all` or `here`.
    everybody: Option<&'static str>,
}

impl Mentions {
    /// A person is mentioned.
    pub fn person(&mut self, who: Known) {
        if !self.people.iter().any(|known| known.key == who.key) {
            self.people.push(who);
        }
    }

    /// Everybody is: `all`, or `here` for those who are online. The wider one counts.
    pub fn everybody(&mut self, word: &'static str) {
        if self.everybody != Some("all") {
            self.everybody = Some(word);
        }
    }

    /// What [`Post::mentions`] takes.
    pub fn keys(&self) -> Vec<PrincipalKey> {
        let everybody = self.everybody.map(|_| PrincipalKey(0));
        let mut keys: Vec<PrincipalKey> =
            self.people.iter().map(|known| known.key).chain(everybody).collect();
        keys.sort_unstable();
        keys
    }

    /// The stored form of a message: its parts and, beside them, whom they mention.
    pub fn content(&self, parts: Vec<serde_json::Value>) -> Vec<u8> {
        let mut content = serde_json::json!({"v": 1, "parts": parts});
        if !self.people.is_empty() {
            let ids: Vec<String> = self.people.iter().map(|known| known.id.to_string()).collect();
            content["mentions"] = ids.into();
        }
        if let Some(word) = self.everybody {
            content["mention_all"] = word.into();
        }
        content.to_string().into_bytes()
    }
}

/// A file of a message whose bytes the source holds.
#[derive(Debug, Clone)]
pub struct Enclosed {
    /// Which one it is of the files that the content names.
    pub place: usize,
    /// Where it lies in the source.
    pub entry: String,
}

/// A message, ready to be numbered and stored.
#[derive(Debug, Clone)]
pub struct Post {
    /// When it was written.
    pub at: Micros,
    /// Unique in its conversation and the same in every export, at most 64 bytes.
    pub nonce: String,
    /// Who wrote it.
    pub sender: PrincipalKey,
    /// What it is.
    pub kind: PostKind,
    /// The nonce of the message that it replies to.
    pub thread: Option<String>,
    /// The content's JSON; unused for a tombstone.
    pub content: Vec<u8>,
    /// What the source says of it.
    pub said: Said,
    /// When it was last changed.
    pub edited_at: Option<Micros>,
    /// Earlier contents, oldest first, and when each was written.
    pub versions: Vec<(Micros, Vec<u8>)>,
    /// Who is mentioned; principal 0 for everybody. Sorted, without repetition.
    pub mentions: Vec<PrincipalKey>,
    /// Emoji and who gave it. Sorted, without repetition.
    pub reactions: Vec<(String, PrincipalKey)>,
    /// Who pinned it, and when.
    pub pinned: Option<(PrincipalKey, Micros)>,
    /// Its files that can be brought in.
    pub files: Vec<Enclosed>,
    /// Files that are here and that it refers to; the engine fills it.
    pub(crate) kept: Vec<FileKey>,
}

impl Post {
    /// A person's message of which only its place is known so far.
    pub fn new(at: Micros, nonce: String, sender: PrincipalKey) -> Post {
        Post {
            at,
            nonce,
            sender,
            kind: PostKind::Person,
            thread: None,
            content: Vec::new(),
            said: Said::default(),
            edited_at: None,
            versions: Vec::new(),
            mentions: Vec::new(),
            reactions: Vec::new(),
            pinned: None,
            files: Vec::new(),
            kept: Vec::new(),
        }
    }
}

/// A person of the source as they are here.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Internal key.
    pub key: PrincipalKey,
    /// Public id.
    pub id: PrincipalId,
    /// Their log.
    pub log: LogKey,
    /// Whether nobody acts for them yet.
    pub placeholder: bool,
}

/// What the source's ids have become.
#[derive(Debug, Default)]
pub struct Directory {
    /// By the person's outside id.
    pub people: FxHashMap<String, Known>,
    /// By the conversation's outside id.
    pub spaces: FxHashMap<String, ConversationId>,
}

/// Takes messages on their way to the database.
pub trait Sink {
    /// Takes messages of one conversation, oldest first.
    ///
    /// # Errors
    /// When the engine has stopped; give the error up.
    fn take(&mut self, posts: Vec<Post>) -> Result<(), Fault>;
}

/// Foreign data. Its methods block; the engine calls them off the async threads.
pub trait Source: Send + 'static {
    /// Reads all of it and checks it, without keeping the messages.
    ///
    /// # Errors
    /// `invalid` with code `import_archive`, naming what is broken and where.
    fn survey(&mut self) -> Result<Survey, Fault>;

    /// The files of its messages, after the survey; none when it holds no bytes.
    fn vault(&self) -> Option<Vault> {
        None
    }

    /// Gives the messages of the survey's conversation `space` to `sink`, oldest first, and
    /// counts in `tally` what is not carried over.
    ///
    /// # Errors
    /// As [`Source::survey`], and the sink's.
    fn posts(
        &mut self,
        space: usize,
        directory: &Directory,
        sink: &mut dyn Sink,
        tally: &mut Tally,
    ) -> Result<(), Fault>;
}
