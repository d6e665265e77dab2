//! What happened, as live frames and `changes` tell it; see `docs/EVENTS.md`.

use serde::Serialize;
use utoipa::ToSchema;
use weft_kernel::{
    Micros,
    id::{ConversationId, MessageId, PrincipalId},
};
use weft_storage::{DbResult, Row};

use crate::{
    topics::{Topic, TopicMark},
    wire::{Conversation, History, Membership, Message},
};

/// One event of a conversation's or a principal's log.
#[derive(Debug, Serialize)]
#[serde(tag = "k")]
pub enum Event<'a> {
    /// A new message.
    #[serde(rename = "message")]
    Message {
        /// The message.
        message: &'a Message,
    },
    /// A message's present state.
    #[serde(rename = "message.changed")]
    MessageChanged {
        /// The message.
        message: &'a Message,
    },
    /// A reaction came or went.
    #[serde(rename = "reaction")]
    Reaction {
        /// Under which message.
        message: MessageId,
        /// Its place.
        message_seq: i64,
        /// The emoji.
        emoji: &'a str,
        /// Whose.
        by: PrincipalId,
        /// Came, or went.
        on: bool,
        /// How many now.
        count: i64,
    },
    /// Someone came or went.
    #[serde(rename = "member")]
    Member {
        /// Who.
        member: MemberState,
        /// Present members now.
        member_count: i64,
        /// The system message that tells of it.
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<&'a Message>,
    },
    /// The conversation's own data changed.
    #[serde(rename = "conversation")]
    Conversation {
        /// Its present state.
        conversation: &'a Summary,
        /// The system message that tells of it.
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<&'a Message>,
    },
    /// A topic is new, or changed.
    #[serde(rename = "topic")]
    Topic {
        /// Its present state.
        topic: &'a Topic,
    },
    /// The owner of this log became a member.
    #[serde(rename = "conversation.joined")]
    Joined {
        /// The conversation, as they see it.
        conversation: &'a Conversation,
    },
    /// The owner of this log is no longer a member.
    #[serde(rename = "conversation.left")]
    Left {
        /// Of which.
        conversation: ConversationId,
    },
    /// Read marks and preferences changed.
    #[serde(rename = "membership")]
    Membership {
        /// In which conversation.
        conversation: ConversationId,
        /// Their present state.
        me: &'a Membership,
        /// The ordinal up to which `me.mentions` counts.
        last_n: i64,
    },
    /// A thread was followed, left or read.
    #[serde(rename = "thread")]
    Thread(&'a ThreadMark),
    /// A topic was read by itself.
    #[serde(rename = "topic.read")]
    TopicRead(&'a TopicMark),
    /// A draft changed; an empty text removed it.
    #[serde(rename = "draft")]
    Draft(&'a Draft),
    /// Something about a scheduled message changed.
    #[serde(rename = "scheduled")]
    Scheduled(&'a crate::scheduled::ScheduledMark),
    /// Something about what is kept for later changed.
    #[serde(rename = "saved")]
    Saved(&'a crate::saved::SavedMark),
}

/// Someone's membership, as everybody in the conversation sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct MemberState {
    /// Who.
    #[schema(value_type = String)]
    pub id: PrincipalId,
    /// `owner`, `publisher` or `member`.
    pub role: &'static str,
    /// Since when.
    pub joined_at: Micros,
    /// `joined` or `left`.
    pub state: &'static str,
}

/// A conversation's own data, the same for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Summary {
    /// Public id.
    #[schema(value_type = String)]
    pub id: ConversationId,
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
    /// How long after being read new messages vanish, in seconds; null: they stay.
    pub vanish_after: Option<i64>,
    /// Present members.
    pub member_count: i64,
}

/// What someone has read of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ThreadMark {
    /// The thread's root.
    #[schema(value_type = String)]
    pub root: MessageId,
    /// Where it is.
    #[schema(value_type = String)]
    pub conversation: ConversationId,
    /// The root's place.
    pub root_seq: i64,
    /// Whether new replies count as unread.
    pub following: bool,
    /// Read up to this ordinal of the thread's lane.
    pub read_n: i64,
    /// Its last ordinal.
    pub last_n: i64,
}

impl ThreadMark {
    /// Reads `root, conversation, root_seq, following, read_n, last_n`.
    ///
    /// # Errors
    /// Any database error.
    pub(crate) fn read(row: &Row) -> DbResult<ThreadMark> {
        Ok(ThreadMark {
            root: row.get(0)?,
            conversation: row.get(1)?,
            root_seq: row.get(2)?,
            following: row.get(3)?,
            read_n: row.get(4)?,
            last_n: row.get(5)?,
        })
    }
}

/// A text that was not sent yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Draft {
    /// For which conversation.
    #[schema(value_type = String)]
    pub conversation: ConversationId,
    /// In which thread.
    #[schema(value_type = Option<String>)]
    pub thread: Option<MessageId>,
    /// Markdown; empty when it was removed.
    pub text: String,
    /// When.
    pub updated_at: Micros,
}

/// The name of a stored membership role.
pub fn role_name(stored: i64) -> &'static str {
    match stored {
        ROLE_OWNER => "owner",
        ROLE_PUBLISHER => "publisher",
        _ => "member",
    }
}

/// Stored role of a conversation's owner.
pub const ROLE_OWNER: i64 = 1;
/// Stored role of somebody who may post in an announcement conversation.
pub const ROLE_PUBLISHER: i64 = 2;
/// Stored role of an ordinary member.
pub const ROLE_MEMBER: i64 = 3;
