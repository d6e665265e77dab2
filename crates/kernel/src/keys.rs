//! Compact internal keys. They never leave the server: the API speaks [`crate::Id`]s.

use serde::{Deserialize, Serialize};

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
    };
}

key!(/// A server-wide account (credentials), which is a principal in zero or more orgs.
    AccountKey);
key!(/// An organisation (tenant).
    OrgKey);
key!(/// Whoever can act inside one org.
    PrincipalKey);
key!(/// One append-only log: of a conversation, a principal, an org, or the server's control log.
    LogKey);
key!(/// A stored file.
    FileKey);
key!(/// A topic within a conversation.
    TopicKey);

impl LogKey {
    /// The server's own control log: what another process must hear of (revocations, imports).
    pub const CONTROL: LogKey = LogKey(1);
}

/// The set of people that a direct conversation or a group is of, as it is stored: their keys,
/// ascending, without repetition, comma separated.
pub fn people_key(mut people: Vec<PrincipalKey>) -> String {
    people.sort_unstable();
    people.dedup();
    let keys: Vec<String> = people.iter().map(|p| p.0.to_string()).collect();
    keys.join(",")
}
