//! The shapes that clients see; see "Shapes" in `docs/API.md`.

use crate::{
    attention::Level,
    content::{Part, PostPart},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;
use weft_kernel::{
    Micros,
    id::{ConversationId, MessageId, PrincipalId, TopicId},
};

pub use crate::previews::{LinkCard, LinkImage, LinkPreview};

/// What a conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Open to every member of the org.
    Channel = 1,
    /// By invitation.
    PrivateChannel = 2,
    /// A few people, unnamed or named.
    Group = 3,
    /// Two people, or one with themselves.
    Direct = 4,
    /// A board: few post, its members read and may comment.
    Announcement = 5,
}

impl Kind {
    /// The kind of a stored number.
    pub fn from_stored(value: i64) -> Option<Kind> {
        [Kind::Channel, Kind::PrivateChannel, Kind::Group, Kind::Direct, Kind::Announcement]
            .into_iter()
            .find(|k| *k as i64 == value)
    }

    /// Whether it may keep its earlier history from newcomers. A public channel is open to all, and
    /// the people of a direct conversation never change.
    pub fn has_newcomers(self) -> bool {
        matches!(self, Kind::PrivateChannel | Kind::Group)
    }

    /// Has a name that is unique in the org.
    pub fn is_channel(self) -> bool {
        matches!(self, Kind::Channel | Kind::PrivateChannel)
    }
}

/// What those who join later see of what was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum History {
    /// Everything.
    All = 1,
    /// Only what comes after they joined.
    FromJoining = 2,
}

impl History {
    /// The one of a stored number; an unknown one of a newer Weft shows less.
    pub fn from_stored(value: i64) -> History {
        if value == History::All as i64 { History::All } else { History::FromJoining }
    }
}

/// A conversation as its viewer sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Conversation {
    /// Public id.
    #[schema(value_type = String)]
    pub id: ConversationId,
    /// What it is.
    pub kind: Kind,
    /// Empty for direct conversations and unnamed groups.
    pub name: String,
    /// What it is found by, where that is more than its folded name: pinyin, initials.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_key: Option<String>,
    /// What it is about now.
    pub topic: String,
    /// What it is for.
    pub purpose: String,
    /// Closed for writing.
    pub archived: bool,
    /// New members of the org join it.
    pub default: bool,
    /// What newcomers see.
    pub history: History,
    /// Whether its posts may be commented on; only of announcements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments: Option<bool>,
    /// How long after being read new messages vanish, in seconds; absent: they stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vanish_after: Option<i64>,
    /// Present members.
    pub member_count: i64,
    /// When it was made; left out of the bootstrap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Micros>,
    /// Who made it; left out of the bootstrap.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub created_by: Option<PrincipalId>,
    /// The log's last event.
    pub head_seq: i64,
    /// The last ordinal of the main lane.
    pub last_n: i64,
    /// The time of the last event.
    pub last_at: Micros,
    /// The others in a direct conversation or group.
    #[schema(value_type = Vec<String>)]
    pub peers: Vec<PrincipalId>,
    /// The viewer's membership; null when they are not a member.
    pub me: Option<Membership>,
}

/// A viewer's own state in a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Membership {
    /// `owner`, `publisher` (of announcements) or `member`.
    pub role: &'static str,
    /// Since when; left out of the bootstrap.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub joined_at: Option<Micros>,
    /// Read up to this event.
    pub read_seq: i64,
    /// Read up to this ordinal of the main lane.
    pub read_n: i64,
    /// Marked as unread from this event on.
    pub unread_from: Option<i64>,
    /// Unread mentions in the main lane.
    pub mentions: i64,
    /// No notifications; the same as `level` being `nothing`.
    pub muted: bool,
    /// Among the favourites.
    pub favourite: bool,
    /// The sidebar section it was put into.
    pub section: Option<String>,
    /// Put away: not shown in the sidebar until something new is told.
    pub hidden: bool,
    /// The last ordinal of the main lane when it was put away: what comes after brings it back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden_n: Option<i64>,
    /// Put away until then: it returns as unread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<Micros>,
    /// Which of its messages they are told of; null: by its kind and size.
    pub level: Option<Level>,
    /// `@all` and `@here` do not call them.
    pub all_silenced: bool,
}

/// A message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Message {
    /// Public id.
    #[schema(value_type = String)]
    pub id: MessageId,
    /// Where it is.
    #[schema(value_type = String)]
    pub conversation: ConversationId,
    /// Its event.
    pub seq: i64,
    /// Its ordinal in its lane; null for what is never unread.
    pub n: Option<i64>,
    /// The root of the thread that it replies in.
    #[schema(value_type = Option<String>)]
    pub thread: Option<MessageId>,
    /// That root's `seq`.
    pub thread_seq: Option<i64>,
    /// Who sent it.
    #[schema(value_type = Option<String>)]
    pub from: Option<PrincipalId>,
    /// When.
    pub at: Micros,
    /// `live`, `recalled`, `deleted` or `vanished`.
    pub state: &'static str,
    /// When it was last edited.
    pub edited_at: Option<Micros>,
    /// The event that last changed it.
    pub changed_seq: i64,
    /// The sender's nonce.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// `{v, parts}`; without parts for a tombstone.
    pub content: Content,
    /// Who is mentioned.
    #[schema(value_type = Vec<String>)]
    pub mentions: Vec<PrincipalId>,
    /// `all` or `here`.
    pub mention_all: Option<String>,
    /// By emoji, in order of first use.
    pub reactions: Vec<Reaction>,
    /// If it is pinned.
    pub pinned: Option<Pin>,
    /// The thread under it.
    pub replies: Option<Replies>,
    /// What it asks its readers to acknowledge, if it does.
    pub ack: Option<Ack>,
    /// The topic that it is about; a reply's is that of its thread. Absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub topic: Option<TopicRef>,
    /// What its links lead to; comes a moment after the message.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub previews: Vec<LinkPreview>,
    /// How far a poll is, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub poll: Option<Poll>,
    /// That it vanishes, and when; absent of what stays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vanish: Option<Vanish>,
}

/// That a message vanishes for both of its people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Vanish {
    /// How long after the other one has read it, in seconds.
    pub after: i64,
    /// When that is; null while they have not.
    pub at: Option<Micros>,
}

/// How far a poll is, the same for everybody.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Poll {
    /// What can be chosen, those added later among them.
    pub options: Vec<PollChoice>,
    /// How many people voted.
    pub voters: i64,
    /// Since when it is closed.
    pub closed_at: Option<Micros>,
    /// Who closed it; null: nobody yet, or its deadline.
    #[schema(value_type = Option<String>)]
    pub closed_by: Option<PrincipalId>,
}

/// An option of a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PollChoice {
    /// Its number in the poll.
    pub id: i64,
    /// What it says.
    pub text: String,
    /// Who added it after the poll was sent; not told of an anonymous poll.
    #[schema(value_type = Option<String>)]
    pub added_by: Option<PrincipalId>,
    /// How many chose it; null while results are not shown.
    pub votes: Option<i64>,
    /// The first who chose it, up to five; none of an anonymous poll or while results are not shown.
    #[schema(value_type = Vec<String>)]
    pub faces: Vec<PrincipalId>,
}

/// A topic as a message names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TopicRef {
    /// Public id.
    #[schema(value_type = String)]
    pub id: TopicId,
    /// Its name.
    pub name: String,
}

/// What a message asks for, and how far people are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ack {
    /// Who is asked by name; empty: everybody who was there.
    #[schema(value_type = Vec<String>)]
    pub people: Vec<PrincipalId>,
    /// Until when.
    pub deadline: Option<Micros>,
    /// How many are asked.
    pub total: i64,
    /// How many of them have acknowledged, those who are done among them.
    pub acknowledged: i64,
    /// How many are done.
    pub done: i64,
    /// When people were last reminded.
    pub reminded_at: Option<Micros>,
    /// That it is urgent, or was; absent when it never was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgent: Option<Urgent>,
}

/// A message's urgency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Urgent {
    /// `open`: steps are under way; `over`: nothing is left to do; `cancelled`.
    pub state: &'static str,
    /// Since when.
    pub at: Micros,
}

impl Urgent {
    /// Of a message that has just become urgent.
    pub fn fresh(at: Micros) -> Urgent {
        Urgent { state: Urgent::name(1), at }
    }

    /// The name that clients see of a stored state.
    pub fn name(stored: i64) -> &'static str {
        match stored {
            1 => "open",
            2 => "over",
            _ => "cancelled",
        }
    }
}

/// A request as a message's body keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredAck {
    /// Who is asked by name; empty: everybody who was there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<PrincipalId>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<Micros>,
}

/// What a message says.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Content {
    /// The version of this shape.
    pub v: u32,
    /// `[{type, …}]`, see `docs/API.md`; stored and passed on as it is.
    #[schema(value_type = Vec<Object>)]
    pub parts: Box<RawValue>,
}

/// One emoji under a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reaction {
    /// The emoji or its `:shortcode:`.
    pub emoji: String,
    /// How many people.
    pub count: i64,
    /// The first 50 of them.
    #[schema(value_type = Vec<String>)]
    pub by: Vec<PrincipalId>,
}

/// Who pinned a message.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Pin {
    /// Who.
    #[schema(value_type = Option<String>)]
    pub by: Option<PrincipalId>,
    /// When.
    pub at: Micros,
}

/// The summary of a thread.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Replies {
    /// Replies that stand.
    pub count: i64,
    /// The last one's time.
    pub last_at: Micros,
    /// The last ordinal of the thread's lane.
    pub last_n: i64,
    /// Up to three who replied last.
    #[schema(value_type = Vec<String>)]
    pub by: Vec<PrincipalId>,
}

/// A body as it is stored: the content, and what was found in it when it was parsed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StoredBody {
    /// The version of the content's shape.
    pub v: u32,
    /// The parts.
    pub parts: Box<RawValue>,
    /// Who is mentioned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<PrincipalId>,
    /// `all` or `here`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mention_all: Option<String>,
    /// What it asks its readers to acknowledge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ack: Option<StoredAck>,
    /// It holds a poll.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub poll: bool,
    /// How long after being read it vanishes, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vanish: Option<i64>,
}

impl StoredBody {
    /// The head of an announcement, if it is one.
    pub(crate) fn post(&self) -> Option<PostPart> {
        let parts: Vec<Part> = serde_json::from_str(self.parts.get()).ok()?;
        parts.into_iter().find_map(|part| match part {
            Part::Post(post) => Some(post),
            _ => None,
        })
    }
}

/// Stored numbers of [`Message::state`].
pub mod state {
    /// It stands.
    pub const LIVE: i64 = 1;
    /// Its sender took it back.
    pub const RECALLED: i64 = 2;
    /// It was deleted.
    pub const DELETED: i64 = 3;
    /// Its time after being read was over.
    pub const VANISHED: i64 = 4;

    /// The name that clients see.
    pub fn name(stored: i64) -> &'static str {
        match stored {
            RECALLED => "recalled",
            DELETED => "deleted",
            VANISHED => "vanished",
            _ => "live",
        }
    }
}

/// In the `mentions` table: everybody in the conversation.
pub const MENTION_EVERYBODY: weft_kernel::PrincipalKey = weft_kernel::PrincipalKey(0);
