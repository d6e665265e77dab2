//! The sections, in the order in which they are written and read: what others refer to comes first.
//!
//! What is not here is not in an archive; a test has the list of those tables, with the reason for
//! each.

mod asks;
mod own;

use asks::{
    ACK_ASKED, ACK_REQUESTS, ACKS, PHONE_POLICIES, POLL_OPTIONS, POLL_VOTES, POLLS, URGENT_MESSAGES,
    URGENT_POLICIES, URGENT_STEPS,
};
use own::{
    ALERTS, ATTENTION, DRAFTS, INBOX_MARKS, PHONES, SAVED_ITEMS, SCHEDULED_FILES, SCHEDULED_MESSAGES,
    URGENT_PREFERENCES,
};

use crate::{
    section::{Kind, Scope, Section, section},
    sql,
};

/// Everybody, with the head of their own log and whose account they are.
pub(crate) const PEOPLE: Section = Section {
    name: "people",
    scope: Scope::Keyed,
    columns: &[
        ("id", Kind::PersonId),
        ("kind", Kind::Int),
        ("role", Kind::Int),
        ("state", Kind::Int),
        ("name", Kind::Text),
        ("email", Kind::OptText),
        ("title", Kind::Text),
        ("avatar", Kind::OptText),
        ("status", Kind::OptText),
        ("timezone", Kind::OptText),
        ("settings", Kind::Text),
        ("settings_seq", Kind::Int),
        ("changed_seq", Kind::Int),
        ("created_at", Kind::Int),
        ("mapped_to", Kind::OptPerson),
        ("head_seq", Kind::Int),
        ("last_n", Kind::Int),
        ("last_at", Kind::Int),
        ("floor_seq", Kind::Int),
        ("account", Kind::OptAccountId),
        ("account_email", Kind::OptText),
        ("account_locale", Kind::OptText),
        ("account_timezone", Kind::OptText),
        ("account_created_at", Kind::OptInt),
    ],
    read: sql::READ_PEOPLE,
    write: sql::WRITE_PEOPLE,
};

/// Conversations, with the head of their log.
pub(crate) const CONVERSATIONS: Section = Section {
    name: "conversations",
    scope: Scope::Keyed,
    columns: &[
        ("id", Kind::TalkId),
        ("kind", Kind::Int),
        ("name", Kind::Text),
        ("topic", Kind::Text),
        ("purpose", Kind::Text),
        ("is_default", Kind::Int),
        ("archived_at", Kind::OptInt),
        ("people_key", Kind::OptPeople),
        ("anchor_seq", Kind::OptInt),
        ("member_count", Kind::Int),
        ("changed_seq", Kind::Seq),
        ("created_by", Kind::Anyone),
        ("created_at", Kind::Int),
        ("newcomers_see", Kind::Int),
        ("hidden_below", Kind::Int),
        ("parent", Kind::OptTalk),
        ("head_seq", Kind::Seq),
        ("last_n", Kind::N),
        ("last_at", Kind::Int),
        ("floor_seq", Kind::Int),
        ("comments", Kind::Int),
        ("vanish_after", Kind::OptInt),
    ],
    read: sql::READ_CONVERSATIONS,
    write: sql::WRITE_CONVERSATIONS,
};

/// Files; the bytes of each are the entry `files/<id>`, a film's poster is `posters/<id>`.
pub(crate) const FILES: Section = Section {
    name: "files",
    scope: Scope::Keyed,
    columns: &[
        ("id", Kind::FileId),
        ("uploader", Kind::Person),
        ("name", Kind::Text),
        ("mime", Kind::Text),
        ("kind", Kind::Text),
        ("size", Kind::Int),
        ("sha256", Kind::Bytes),
        ("details", Kind::Text),
        ("picture", Kind::Int),
        ("preview", Kind::Text),
        ("created_at", Kind::Int),
    ],
    read: sql::READ_FILES,
    write: sql::WRITE_FILES,
};

/// The organisation itself: one line.
pub(crate) const ORG: Section = Section {
    name: "org",
    scope: Scope::Org,
    columns: &[
        ("id", Kind::OrgId),
        ("name", Kind::Text),
        ("settings", Kind::Text),
        ("changed_seq", Kind::Int),
        ("created_at", Kind::Int),
        ("head_seq", Kind::Int),
        ("last_n", Kind::Int),
        ("last_at", Kind::Int),
        ("floor_seq", Kind::Int),
        ("max_file_size", Kind::OptInt),
        ("quota", Kind::OptInt),
    ],
    read: sql::READ_ORG,
    write: sql::WRITE_ORG,
};

/// The organisation's own emoji, without those that were removed.
pub(crate) const EMOJI: Section = Section {
    name: "emoji",
    scope: Scope::Org,
    columns: &[
        ("id", Kind::Uuid),
        ("org", Kind::Org),
        ("name", Kind::Text),
        ("aliases", Kind::Text),
        ("file", Kind::File),
        ("added_by", Kind::Person),
        ("added_at", Kind::Int),
        ("animated", Kind::Int),
        ("width", Kind::Int),
        ("height", Kind::Int),
        ("changed_seq", Kind::Int),
    ],
    read: sql::READ_EMOJI,
    write: sql::WRITE_EMOJI,
};

section! {
    /// Their names and aliases.
    EMOJI_NAMES = emoji_names, Org, { org 1 Org, name 2 Text, emoji 3 Uuid }
}
section! {
    /// Packs of stickers.
    STICKER_PACKS = sticker_packs, Org, { id 1 Uuid, org 2 Org, name 3 Text, made_by 4 Person, made_at 5 Int }
}
/// Stickers of packs.
pub(crate) const PACK_STICKERS: Section = Section {
    name: "pack_stickers",
    scope: Scope::Org,
    columns: &[
        ("id", Kind::Uuid),
        ("org", Kind::Org),
        ("pack", Kind::Uuid),
        ("name", Kind::Text),
        ("file", Kind::File),
        ("animated", Kind::Int),
        ("width", Kind::Int),
        ("height", Kind::Int),
        ("added_at", Kind::Int),
    ],
    read: sql::READ_PACK_STICKERS,
    write: sql::WRITE_PACK_STICKERS,
};
/// People's own stickers.
pub(crate) const OWN_STICKERS: Section = Section {
    name: "own_stickers",
    scope: Scope::Org,
    columns: &[
        ("id", Kind::Uuid),
        ("org", Kind::Org),
        ("owner", Kind::Person),
        ("name", Kind::Text),
        ("file", Kind::File),
        ("animated", Kind::Int),
        ("width", Kind::Int),
        ("height", Kind::Int),
        ("added_at", Kind::Int),
    ],
    read: sql::READ_OWN_STICKERS,
    write: sql::WRITE_OWN_STICKERS,
};
section! {
    /// Pictures of people.
    AVATARS = avatars, Org, { org 1 Org, hash 2 Text, mime 3 Text, bytes 4 Bytes }
}
section! {
    /// Who is and was in which conversation, and has read how far.
    MEMBERS = members, Talk, {
        log 1 Talk, principal 2 Person, role 3 Int, visible_from_seq 4 Int, left_seq 5 OptSeq, joined_at 6 Int,
        changed_seq 7 Seq, read_seq 8 Seq, read_n 9 N, unread_from 10 OptInt, muted 11 Int, favourite 12 Int,
        hidden 13 Int, section 14 OptText, own_seq 15 Own, hidden_n 16 OptInt, snoozed_until 17 OptInt,
        level 18 Int, all_silenced 19 Int
    }
}
/// Topics of conversations.
pub(crate) const TOPICS: Section = Section {
    name: "topics",
    scope: Scope::Talk,
    columns: &[
        ("id", Kind::TopicId),
        ("log", Kind::Talk),
        ("name", Kind::Text),
        ("name_key", Kind::Text),
        ("created_by", Kind::Person),
        ("created_at", Kind::Int),
        ("created_seq", Kind::Int),
        ("resolved_at", Kind::OptInt),
        ("changed_seq", Kind::Seq),
        ("merged", Kind::Int),
    ],
    read: sql::READ_TOPICS,
    write: sql::WRITE_TOPICS,
};

/// Which topics were merged into which.
pub(crate) const MERGED_TOPICS: Section = Section {
    name: "merged_topics",
    scope: Scope::Talk,
    columns: &[("topic", Kind::Topic), ("merged_into", Kind::Topic)],
    read: sql::READ_MERGED_TOPICS,
    write: sql::WRITE_MERGED_TOPICS,
};

section! {
    /// Who has read which topic by itself.
    TOPIC_MARKS = topic_marks, People, {
        principal 1 Person, log 2 Talk, topic 3 AnyTopic, read_seq 4 Int, own_seq 5 Own
    }
}
/// Messages, with what became of them; of those that vanish, what is left when they have.
pub(crate) const MESSAGES: Section = Section {
    name: "messages",
    scope: Scope::Places,
    columns: &[
        ("log", Kind::Talk),
        ("seq", Kind::Int),
        ("id", Kind::MessageId),
        ("sender", Kind::Anyone),
        ("kind", Kind::Int),
        ("state", Kind::Int),
        ("n", Kind::OptInt),
        ("thread", Kind::OptInt),
        ("nonce", Kind::OptText),
        ("request_hash", Kind::OptBytes),
        ("at", Kind::Int),
        ("edited_at", Kind::OptInt),
        ("changed_seq", Kind::Seq),
        ("pinned_at", Kind::OptInt),
        ("pinned_by", Kind::OptPerson),
        ("body", Kind::OptBody),
        ("topic", Kind::OptTopic),
    ],
    read: sql::READ_MESSAGES,
    write: sql::WRITE_MESSAGES,
};

section! {
    /// What messages said before they were edited.
    MESSAGE_VERSIONS = message_versions, Places seq, { log 1 Talk, seq 2 Int, version 3 Int, at 4 Int, body 5 Body }
}
section! {
    /// Reactions.
    REACTIONS = reactions, Places seq, {
        log 1 Talk, seq 2 Int, emoji 3 Text, principal 4 Person, at 5 Int, author 6 Anyone
    }
}
section! {
    /// Who is mentioned where.
    MENTIONS = mentions, PlacesOf seq, { principal 1 Anyone, log 2 Talk, seq 3 Int, n 4 OptInt, thread 5 OptInt }
}
section! {
    /// Who follows which thread and has read it how far.
    THREAD_MARKS = thread_marks, PlacesOf root, {
        principal 1 Person, log 2 Talk, root 3 Int, following 4 Int, read_n 5 Int, own_seq 6 Own
    }
}
section! {
    /// Which messages refer to which files.
    MESSAGE_FILES = message_files, Places seq, { log 1 Talk, seq 2 Int, file 3 File, at 4 Int }
}
/// What people of other systems became here, so that a later import goes on.
pub(crate) const IMPORTED_PEOPLE: Section = Section {
    name: "imported_people",
    scope: Scope::Org,
    columns: &[
        ("org", Kind::Org),
        ("source", Kind::Text),
        ("outside", Kind::Text),
        ("subject", Kind::Person),
    ],
    read: sql::READ_IMPORTED_PEOPLE,
    write: sql::WRITE_IMPORTED_PEOPLE,
};

/// The same of conversations.
pub(crate) const IMPORTED_CONVERSATIONS: Section = Section {
    name: "imported_conversations",
    scope: Scope::Org,
    columns: &[("org", Kind::Org), ("source", Kind::Text), ("outside", Kind::Text), ("subject", Kind::Talk)],
    read: sql::READ_IMPORTED_CONVERSATIONS,
    write: sql::WRITE_IMPORTED_CONVERSATIONS,
};

/// Up to when each source was imported.
pub(crate) const IMPORTED_UNTIL: Section = Section {
    name: "imported_until",
    scope: Scope::Org,
    columns: &[("org", Kind::Org), ("source", Kind::Text), ("subject", Kind::Int)],
    read: sql::READ_IMPORTED_UNTIL,
    write: sql::WRITE_IMPORTED_UNTIL,
};

/// All of them.
pub(crate) const ALL: &[&Section] = &[
    &ORG,
    &PEOPLE,
    &CONVERSATIONS,
    &FILES,
    &AVATARS,
    &EMOJI,
    &EMOJI_NAMES,
    &STICKER_PACKS,
    &PACK_STICKERS,
    &OWN_STICKERS,
    &MEMBERS,
    &TOPICS,
    &MERGED_TOPICS,
    &TOPIC_MARKS,
    &MESSAGES,
    &MESSAGE_VERSIONS,
    &REACTIONS,
    &MENTIONS,
    &THREAD_MARKS,
    &DRAFTS,
    &SAVED_ITEMS,
    &SCHEDULED_MESSAGES,
    &SCHEDULED_FILES,
    &ATTENTION,
    &ALERTS,
    &INBOX_MARKS,
    &URGENT_PREFERENCES,
    &PHONES,
    &MESSAGE_FILES,
    &ACK_REQUESTS,
    &ACK_ASKED,
    &ACKS,
    &POLLS,
    &POLL_OPTIONS,
    &POLL_VOTES,
    &URGENT_POLICIES,
    &URGENT_MESSAGES,
    &URGENT_STEPS,
    &PHONE_POLICIES,
    &IMPORTED_PEOPLE,
    &IMPORTED_CONVERSATIONS,
    &IMPORTED_UNTIL,
];

/// Those that are written as they are read, by the section's own statement.
pub(crate) fn plain() -> impl Iterator<Item = &'static Section> {
    ALL.iter().copied().filter(|section| !matches!(section.scope, Scope::Keyed) && section.name != ORG.name)
}
