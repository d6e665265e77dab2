//! Public ids: TypeIDs, that is a type prefix and a UUIDv7 in Crockford base32
//! (<https://github.com/jetify-com/typeid/tree/main/spec>), such as `msg_01h455vb4pex5vsknk084sn02q`.

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// What an [`Id`] identifies; implemented by the markers of this module.
pub trait TypedId {
    /// The prefix before the underscore.
    const PREFIX: &'static str;
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $marker:ident $alias:ident $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $marker {}
        impl TypedId for $marker { const PREFIX: &'static str = $prefix; }
        $(#[$doc])*
        pub type $alias = Id<$marker>;
    )*};
}

kinds! {
    /// Server-wide credentials of a person.
    Account AccountId "acc";
    /// A tenant.
    Org OrgId "org";
    /// Whoever can act inside an org.
    Principal PrincipalId "usr";
    /// A conversation.
    Conversation ConversationId "cnv";
    /// A message.
    Message MessageId "msg";
    /// A browser session of an account.
    Session SessionId "ses";
    /// A personal access token.
    Token TokenId "tok";
    /// An invitation.
    Invitation InvitationId "inv";
    /// An import run.
    Import ImportId "imp";
    /// A stored file.
    File FileId "fil";
    /// A topic within a conversation.
    Topic TopicId "top";
    /// A browser or app that is told of what is new.
    Device DeviceId "dev";
    /// What a link leads to.
    Link LinkId "lnk";
    /// A message that is sent at a time.
    Scheduled ScheduledId "sch";
    /// What somebody keeps for later.
    Saved SavedId "sav";
    /// An emoji of an org's own.
    Emoji EmojiId "emo";
    /// A sticker.
    Sticker StickerId "stk";
    /// A pack of stickers.
    StickerPack StickerPackId "pak";
}

/// A typed public id: a `MessageId` cannot be passed for a `ConversationId`.
pub struct Id<K>(Uuid, PhantomData<fn() -> K>);

/// Why a text is not an id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The prefix is missing or another one.
    #[error("expected an id that starts with `{0}_`")]
    Prefix(&'static str),
    /// The part after the prefix is not 26 characters of Crockford base32 within 128 bits.
    #[error("the part after the prefix is not 26 characters of base32")]
    Suffix,
}

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const SUFFIX_LEN: usize = 26;

impl<K> Id<K> {
    /// Wraps a UUID read from the database.
    pub const fn from_uuid(uuid: Uuid) -> Self {
        Id(uuid, PhantomData)
    }

    /// The UUID to store.
    pub const fn uuid(self) -> Uuid {
        self.0
    }
}

impl<K: TypedId> FromStr for Id<K> {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        let suffix = text
            .strip_prefix(K::PREFIX)
            .and_then(|rest| rest.strip_prefix('_'))
            .ok_or(IdError::Prefix(K::PREFIX))?;
        decode(suffix.as_bytes()).map(Self::from_uuid).ok_or(IdError::Suffix)
    }
}

fn decode(suffix: &[u8]) -> Option<Uuid> {
    // 26 characters hold 130 bits: the first may only carry three.
    if suffix.len() != SUFFIX_LEN || suffix[0] > b'7' {
        return None;
    }
    let mut bits: u128 = 0;
    for c in suffix {
        let digit = ALPHABET.iter().position(|a| a == c)?;
        bits = (bits << 5) | digit as u128;
    }
    Some(Uuid::from_u128(bits))
}

impl<K: TypedId> fmt::Display for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.0.as_u128();
        let mut out = [0u8; SUFFIX_LEN];
        for (i, slot) in out.iter_mut().enumerate() {
            let shift = 5 * (SUFFIX_LEN - 1 - i) as u32;
            *slot = ALPHABET[((bits >> shift) & 31) as usize];
        }
        f.write_str(K::PREFIX)?;
        f.write_str("_")?;
        f.write_str(std::str::from_utf8(&out).map_err(|_| fmt::Error)?)
    }
}

impl<K: TypedId> fmt::Debug for Id<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<K> Clone for Id<K> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<K> Copy for Id<K> {}
impl<K> PartialEq for Id<K> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<K> Eq for Id<K> {}
impl<K> PartialOrd for Id<K> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<K> Ord for Id<K> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}
impl<K> std::hash::Hash for Id<K> {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<K: TypedId> Serialize for Id<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, K: TypedId> Deserialize<'de> for Id<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn specification_example_round_trips() {
        let uuid = Uuid::parse_str("0188bac7-4afa-78aa-bc3b-bd1eef28d881").unwrap();
        let id = MessageId::from_uuid(uuid);
        assert_eq!(id.to_string(), "msg_01h2xcejqtf2nbrexx3vqjhp41");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn strangers_are_refused() {
        let ok = MessageId::from_uuid(Uuid::from_u128(7)).to_string();
        assert!(ok.parse::<ConversationId>().is_err());
        for bad in ["", "msg", "msg_", "msg_8zzzzzzzzzzzzzzzzzzzzzzzzz", "msg_0000000000000000000000000u"] {
            assert!(bad.parse::<MessageId>().is_err(), "{bad}");
        }
    }
}
