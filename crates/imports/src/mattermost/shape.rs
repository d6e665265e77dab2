//! The lines of a bulk export, as far as they are read.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::json::{loose_text, null_default};

#[derive(Debug, Deserialize)]
pub(super) struct Line {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) version: Option<i64>,
    pub(super) team: Option<Team>,
    pub(super) channel: Option<Channel>,
    pub(super) user: Option<User>,
    pub(super) bot: Option<Bot>,
    pub(super) post: Option<Post>,
    pub(super) direct_channel: Option<DirectChannel>,
    pub(super) direct_post: Option<Post>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Team {
    pub(super) name: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) display_name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Channel {
    pub(super) team: String,
    pub(super) name: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) display_name: String,
    #[serde(rename = "type", default, deserialize_with = "loose_text")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) header: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) purpose: String,
    #[serde(default, alias = "delete_at", deserialize_with = "null_default")]
    pub(super) deleted_at: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) username: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) email: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) nickname: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) first_name: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) last_name: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) position: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) roles: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) teams: Vec<UserTeam>,
}

#[derive(Debug, Deserialize)]
pub(super) struct UserTeam {
    pub(super) name: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) channels: Vec<UserChannel>,
}

#[derive(Debug, Deserialize)]
pub(super) struct UserChannel {
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Bot {
    pub(super) username: String,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) display_name: String,
}

/// A post, a reply, or a direct post; each has some of the fields.
#[derive(Debug, Deserialize)]
pub(super) struct Post {
    #[serde(default)]
    pub(super) team: Option<String>,
    #[serde(default)]
    pub(super) channel: Option<String>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) channel_members: Vec<String>,
    pub(super) user: String,
    #[serde(rename = "type", default, deserialize_with = "loose_text")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) message: String,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) props: Map<String, Value>,
    pub(super) create_at: i64,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) edit_at: i64,
    #[serde(default, alias = "deleted_at", deserialize_with = "null_default")]
    pub(super) delete_at: i64,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) is_pinned: bool,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) flagged_by: Vec<String>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) replies: Vec<Post>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) reactions: Vec<Reaction>,
    #[serde(default, deserialize_with = "null_default")]
    pub(super) attachments: Vec<FileAt>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Reaction {
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) user: String,
    pub(super) emoji_name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct FileAt {
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) path: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct DirectChannel {
    #[serde(default, deserialize_with = "null_default")]
    pub(super) members: Vec<String>,
    #[serde(default, deserialize_with = "loose_text")]
    pub(super) header: String,
}
