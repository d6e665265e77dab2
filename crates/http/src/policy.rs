//! What an org decides for all its people, as it lies in `orgs.settings`. Identity writes it, any
//! domain may read it; so its shape is here, where both can see it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most people that a list of readers may be allowed for.
pub const RECEIPTS_LIST_MAX: i64 = 10_000;

/// How much people learn about who has read what they wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptsMode {
    /// How many, and who.
    #[default]
    On,
    /// How many, never who.
    CountOnly,
    /// Nothing.
    Off,
}

/// The org's policy for read receipts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReceiptsPolicy {
    /// How much is told.
    pub mode: ReceiptsMode,
    /// A message for more people than this tells only how many have read it.
    pub list_limit: i64,
}

impl Default for ReceiptsPolicy {
    fn default() -> Self {
        ReceiptsPolicy { mode: ReceiptsMode::On, list_limit: 200 }
    }
}

impl ReceiptsPolicy {
    /// Whether names may be told of a message that is for `total` people.
    pub fn names(self, total: i64) -> bool {
        self.mode == ReceiptsMode::On && total <= self.list_limit
    }
}

/// How much of a message leaves the server with a notification. The larger, the less.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PushContent {
    /// Who wrote where, and the text.
    #[default]
    Full,
    /// Who wrote where.
    Sender,
    /// That there is something.
    Nothing,
}

/// The org's policy for notifications.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PushPolicy {
    /// The most that they say; each may choose less.
    pub content: PushContent,
}

/// Who may add emoji of the org's own. Guests never may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EmojiAdders {
    /// Every member.
    #[default]
    Everybody,
    /// Owners and admins.
    Admins,
}

/// The org's policy for emoji of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EmojiPolicy {
    /// Who may add them.
    pub add: EmojiAdders,
}

/// Who of the org may make announcement conversations.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum BoardMakers {
    /// Its owners and admins.
    #[default]
    Admins,
    /// Everybody but guests.
    Members,
}

/// The org's policy for announcements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AnnouncementsPolicy {
    /// Who may make a place for them.
    pub create: BoardMakers,
}

/// The org's policy for messages between two people that vanish once they were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VanishingPolicy {
    /// Whether new messages may vanish.
    pub allowed: bool,
}

impl Default for VanishingPolicy {
    fn default() -> Self {
        VanishingPolicy { allowed: true }
    }
}

/// The org's policy for mails that gather what somebody missed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MailPolicy {
    /// Whether they are sent.
    pub digests: bool,
    /// Whether they hold what messages say; else only who wrote, and where.
    pub texts: bool,
}

impl Default for MailPolicy {
    fn default() -> Self {
        MailPolicy { digests: true, texts: true }
    }
}

/// Everything in `orgs.settings`. What a newer version wrote there is left alone by readers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrgPolicy {
    /// Read receipts.
    pub receipts: ReceiptsPolicy,
    /// Notifications.
    pub push: PushPolicy,
    /// Emoji of its own.
    pub emoji: EmojiPolicy,
    /// Announcements.
    pub announcements: AnnouncementsPolicy,
    /// Messages that vanish.
    pub vanishing: VanishingPolicy,
    /// Mails.
    pub mail: MailPolicy,
}

impl OrgPolicy {
    /// From the stored JSON; one that cannot be read counts as never set.
    pub fn from_stored(json: &str) -> OrgPolicy {
        serde_json::from_str(json).unwrap_or_default()
    }
}
