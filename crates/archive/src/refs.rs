//! Keys, which each server has of its own, and ids, which stay.

use rustc_hash::FxHashMap;
use weft_kernel::{
    Id,
    id::{AccountId, ConversationId, FileId, MessageId, OrgId, PrincipalId, TopicId},
};
use weft_storage::Uuid;

use crate::section::Kind;

/// A conversation while its org is written down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Talk {
    pub(crate) id: Uuid,
    /// The last event that belongs to the archive.
    pub(crate) head: i64,
    /// The last ordinal of its main lane then.
    pub(crate) n: i64,
}

/// What keys stand for, as it was when the export began.
#[derive(Debug, Default)]
pub(crate) struct Known {
    /// Id and head by principal.
    pub(crate) people: FxHashMap<i64, (Uuid, i64)>,
    /// By log.
    pub(crate) talks: FxHashMap<i64, Talk>,
    /// By file.
    pub(crate) files: FxHashMap<i64, Uuid>,
    /// By topic.
    pub(crate) topics: FxHashMap<i64, Uuid>,
}

/// What ids have become on the server that imports.
#[derive(Debug, Default)]
pub(crate) struct Here {
    pub(crate) org: i64,
    pub(crate) people: FxHashMap<Uuid, i64>,
    pub(crate) talks: FxHashMap<Uuid, i64>,
    pub(crate) files: FxHashMap<Uuid, i64>,
    pub(crate) topics: FxHashMap<Uuid, i64>,
}

/// The kinds of ids that occur.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    Org,
    Account,
    Person,
    Talk,
    Message,
    File,
    Topic,
}

impl Of {
    /// What a column's ids identify; none for other columns.
    pub(crate) fn kind(kind: Kind) -> Option<Of> {
        Some(match kind {
            Kind::OrgId => Of::Org,
            Kind::OptAccountId => Of::Account,
            Kind::PersonId | Kind::Person | Kind::OptPerson | Kind::Anyone => Of::Person,
            Kind::TalkId | Kind::Talk | Kind::OptTalk => Of::Talk,
            Kind::MessageId => Of::Message,
            Kind::FileId | Kind::File => Of::File,
            Kind::TopicId | Kind::Topic | Kind::OptTopic | Kind::AnyTopic => Of::Topic,
            _ => return None,
        })
    }

    /// As an archive shows an id.
    pub(crate) fn show(self, id: Uuid) -> String {
        match self {
            Of::Org => OrgId::from_uuid(id).to_string(),
            Of::Account => AccountId::from_uuid(id).to_string(),
            Of::Person => PrincipalId::from_uuid(id).to_string(),
            Of::Talk => ConversationId::from_uuid(id).to_string(),
            Of::Message => MessageId::from_uuid(id).to_string(),
            Of::File => FileId::from_uuid(id).to_string(),
            Of::Topic => TopicId::from_uuid(id).to_string(),
        }
    }

    /// Reads one; none for another text.
    pub(crate) fn read(self, text: &str) -> Option<Uuid> {
        fn id<K: weft_kernel::id::TypedId>(text: &str) -> Option<Uuid> {
            text.parse::<Id<K>>().ok().map(Id::uuid)
        }
        use weft_kernel::id::{Account, Conversation, File, Message, Org, Principal, Topic};
        match self {
            Of::Org => id::<Org>(text),
            Of::Account => id::<Account>(text),
            Of::Person => id::<Principal>(text),
            Of::Talk => id::<Conversation>(text),
            Of::Message => id::<Message>(text),
            Of::File => id::<File>(text),
            Of::Topic => id::<Topic>(text),
        }
    }
}
