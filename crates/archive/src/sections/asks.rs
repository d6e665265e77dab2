//! What messages ask of people, and what those have answered.

use crate::{
    section::{Kind, Scope, Section, section},
    sql,
};

section! {
    /// Messages that ask to be acknowledged.
    ACK_REQUESTS = ack_requests, Places seq, {
        log 1 Talk, seq 2 Int, sender 3 Person, at 4 Int, deadline 5 OptInt, everybody 6 Int, total 7 Int,
        acknowledged 8 Int, done 9 Int, reminded_at 10 OptInt, reminders 11 Int, deadline_told 12 Int
    }
}
section! {
    /// Whom they ask by name.
    ACK_ASKED = ack_asked, Places seq, { log 1 Talk, seq 2 Int, principal 3 Person }
}
section! {
    /// Who has answered.
    ACKS = acks, Places seq, { log 1 Talk, seq 2 Int, principal 3 Person, state 4 Int, at 5 Int }
}

/// Polls. One that is open and anonymous is written down as closed: what its voters are known by
/// is a secret that does not leave the server. Results are counted anew.
pub(crate) const POLLS: Section = Section {
    name: "polls",
    scope: Scope::Places,
    columns: &[
        ("log", Kind::Talk),
        ("seq", Kind::Int),
        ("sender", Kind::Person),
        ("choices", Kind::Int),
        ("anonymous", Kind::Int),
        ("results", Kind::Int),
        ("may_add", Kind::Int),
        ("deadline", Kind::OptInt),
        ("closed_at", Kind::OptInt),
        ("closed_by", Kind::OptPerson),
    ],
    read: sql::READ_POLLS,
    write: sql::WRITE_POLLS,
};

section! {
    /// What can be chosen in them.
    POLL_OPTIONS = poll_options, Places seq, {
        log 1 Talk, seq 2 Int, option 3 Int, text 4 Bytes, added_by 5 OptPerson
    }
}

/// Who has chosen what; of anonymous polls what one voter chose, without who that is.
pub(crate) const POLL_VOTES: Section = Section {
    name: "poll_votes",
    scope: Scope::Places,
    columns: &[
        ("log", Kind::Talk),
        ("seq", Kind::Int),
        ("option", Kind::Int),
        ("principal", Kind::Anyone),
        ("voter", Kind::OptBytes),
        ("at", Kind::Int),
    ],
    read: sql::READ_POLL_VOTES,
    write: sql::WRITE_POLL_VOTES,
};

/// Urgent messages. What is under way ends with the archive: two servers would call twice.
pub(crate) const URGENT_MESSAGES: Section = Section {
    name: "urgent_messages",
    scope: Scope::Places,
    columns: &[
        ("log", Kind::Talk),
        ("seq", Kind::Int),
        ("org", Kind::Org),
        ("sender", Kind::Person),
        ("at", Kind::Int),
        ("state", Kind::Int),
    ],
    read: sql::READ_URGENT_MESSAGES,
    write: sql::WRITE_URGENT_MESSAGES,
};

/// How they were brought to whom.
pub(crate) const URGENT_STEPS: Section = Section {
    name: "urgent_steps",
    scope: Scope::Places,
    columns: &[
        ("log", Kind::Talk),
        ("seq", Kind::Int),
        ("principal", Kind::Person),
        ("step", Kind::Int),
        ("org", Kind::Org),
        ("state", Kind::Int),
        ("at", Kind::Int),
        ("detail", Kind::OptText),
    ],
    read: sql::READ_URGENT_STEPS,
    write: sql::WRITE_URGENT_STEPS,
};

section! {
    /// Who may send them, and how they are brought.
    URGENT_POLICIES = urgent_policies, Org, { org 1 Org, policy 2 Naming }
}
section! {
    /// Who sees phone numbers.
    PHONE_POLICIES = phone_policies, Org, { org 1 Org, visible 2 Int }
}
