//! Slack's shapes, as far as they are read. What the exports of years have left out or set to
//! null is optional here; what carries meaning has to have its documented type.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::{
    attached::Attachment,
    json::{loose_text, null_default},
};

#[derive(Debug, Default, Deserialize)]
pub(super) struct User {
    pub(super) id: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) team_id: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) real_name: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) is_bot: bool,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) is_restricted: bool,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) is_ultra_restricted: bool,
    #[serde(default)]
    pub(super) tz: Option<String>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) profile: Profile,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Profile {
    #[serde(default, deserialize_with = "null_default")]
    pub(super) real_name: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) display_name: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) title: String,
    #[serde(default)]
    pub(super) email: Option<String>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) name: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Channel {
    pub(super) id: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) created: i64,
    #[serde(default)]
    pub(super) creator: Option<String>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) is_archived: bool,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) is_general: bool,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) members: Vec<String>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) topic: Note,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) purpose: Note,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) pins: Vec<Pin>,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Note {
    #[serde(default, deserialize_with = "null_default")]
    pub(super) value: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Pin {
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) user: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) created: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) ts: String,
    #[serde(default)]
    pub(super) subtype: Option<String>,
    #[serde(default)]
    pub(super) user: Option<String>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) text: String,
    #[serde(default)]
    pub(super) thread_ts: Option<String>,
    #[serde(default)]
    pub(super) bot_id: Option<String>,
    #[serde(default)]
    pub(super) username: Option<String>,
    #[serde(default)]
    pub(super) bot_profile: Option<Profile>,
    #[serde(default)]
    pub(super) user_profile: Option<Profile>,
    #[serde(default)]
    pub(super) edited: Option<Edited>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) reactions: Vec<Reaction>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) files: Vec<Option<File>>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) attachments: Vec<Attachment>,
    #[serde(default)]
    pub(super) blocks: Option<Box<RawValue>>,
    #[serde(default)]
    pub(super) topic: Option<String>,
    #[serde(default)]
    pub(super) purpose: Option<String>,
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) old_name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Edited {
    pub(super) ts: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reaction {
    pub(super) name: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) users: Vec<String>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) count: u64,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct File {
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) id: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) title: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) mode: String,
    #[serde(default)]
    pub(super) mimetype: Option<String>,
    #[serde(default)]
    pub(super) size: Option<i64>,
    #[serde(default)]
    pub(super) url_private: Option<String>,
    #[serde(default)]
    pub(super) permalink: Option<String>,
}

impl Message {
    /// The outside id of its author: a person, else a bot, else a bot known by its name only.
    pub(super) fn author(&self) -> Option<String> {
        let given = |id: &Option<String>| id.clone().filter(|id| !id.is_empty());
        given(&self.user)
            .or_else(|| given(&self.bot_id))
            .or_else(|| given(&self.username).map(|name| format!("bot:{name}")))
    }
}
