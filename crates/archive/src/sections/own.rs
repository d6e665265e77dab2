//! What is somebody's own: what they keep, wait for, and want to be called for.

use crate::{
    section::{Kind, Scope, Section, section},
    sql,
};

section! {
    /// What people have begun to write.
    DRAFTS = drafts, People, {
        principal 1 Person, log 2 Talk, thread 3 Int, text 4 Text, updated_at 5 Int, own_seq 6 Own
    }
}
section! {
    /// What people keep for later.
    SAVED_ITEMS = saved_items, People, {
        id 1 Uuid, principal 2 Person, log 3 OptTalk, seq 4 OptInt, note 5 Bytes, state 6 Int, saved_at 7 Int,
        remind_at 8 OptInt, reminded_at 9 OptInt, own_seq 10 Own
    }
}

/// What waits to be sent, and what could not be.
pub(crate) const SCHEDULED_MESSAGES: Section = Section {
    name: "scheduled_messages",
    scope: Scope::People,
    columns: &[
        ("id", Kind::Uuid),
        ("principal", Kind::Person),
        ("log", Kind::Talk),
        ("nonce", Kind::Text),
        ("at", Kind::Int),
        ("state", Kind::Int),
        ("body", Kind::Body),
        ("failed_at", Kind::OptInt),
        ("reason", Kind::OptText),
        ("created_at", Kind::Int),
        ("changed_at", Kind::Int),
        ("own_seq", Kind::Own),
    ],
    read: sql::READ_SCHEDULED_MESSAGES,
    write: sql::WRITE_SCHEDULED_MESSAGES,
};

/// Which files those will refer to.
pub(crate) const SCHEDULED_FILES: Section = Section {
    name: "scheduled_files",
    scope: Scope::People,
    columns: &[("scheduled", Kind::Uuid), ("file", Kind::File)],
    read: sql::READ_SCHEDULED_FILES,
    write: sql::WRITE_SCHEDULED_FILES,
};

section! {
    /// What people want to be called for.
    ATTENTION = attention, People, {
        principal 1 Person, org 2 Org, body 3 Naming, alerting 4 Int, seen_at 5 Int, own_seq 6 Own
    }
}
section! {
    /// Messages that held a keyword, or were of somebody who is watched.
    ALERTS = alerts, PlacesOf seq, {
        principal 1 Person, log 2 Talk, seq 3 Int, n 4 OptInt, thread 5 OptInt, at 6 Int, why 7 Text
    }
}
section! {
    /// What of their inbox people have marked as read.
    INBOX_MARKS = inbox_marks, PlacesOf seq, { principal 1 Person, log 2 Talk, seq 3 Int, at 4 Int }
}
section! {
    /// When and how often urgent messages may reach people.
    URGENT_PREFERENCES = urgent_preferences, People, {
        principal 1 Person, quiet_from 2 OptInt, quiet_to 3 OptInt, calls_per_day 4 OptInt
    }
}
section! {
    /// Phone numbers.
    PHONES = phones, People, { principal 1 Person, org 2 Org, number 3 Text, verified_at 4 OptInt }
}
