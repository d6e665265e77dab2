//! Announcements: what makes a message a post of a conversation where few write and all read.
//!
//! **Invariants:** a post is a message of the main lane with a head ([`PostPart`]) in its content,
//! and nothing beside it: who has read it follows from read marks, who has confirmed it is an
//! acknowledgement, comments are its thread. In an announcement conversation the main lane holds
//! nothing else that people write. What may change who writes raises the log's `acl_version`, and
//! appends there hold on to the version that they saw, so that nothing slips in behind a switch.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{Fault, names};

use crate::{Room, Seat, content::PostPart, rights, wire::Kind};

/// Longest title, in characters.
const TITLE_CHARS: usize = 200;

/// The head of an announcement.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PostRequest {
    /// One line, 1–200 characters.
    pub title: String,
    /// Whether it may be commented on; as the space when it is absent.
    #[serde(default)]
    pub comments: Option<bool>,
}

/// A title, cleaned.
pub(crate) fn title(text: &str) -> Result<String, Fault> {
    let line = names::clean_text("post.title", text, TITLE_CHARS)?;
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        return Err(Fault::invalid("post.title", "Give the announcement a title."));
    }
    Ok(line)
}

/// The head that a message gets, if its sender may write what it is.
pub(crate) fn of_request(
    caller: &Caller,
    seat: &Seat,
    wanted: Option<&PostRequest>,
    reply: bool,
) -> Result<Option<PostPart>, Fault> {
    let board = seat.room.kind == Kind::Announcement;
    match wanted {
        Some(_) if !board || reply => {
            Err(Fault::invalid("post", "Only an announcement space holds posts. Send it without one."))
        }
        _ if !board || reply => Ok(None),
        wanted => {
            rights::publishes(seat, caller)?;
            let wanted = wanted
                .ok_or_else(|| Fault::invalid("post", "Give the announcement a title, in \"post\"."))?;
            let comments = wanted.comments.unwrap_or(seat.room.comments);
            Ok(Some(PostPart { title: title(&wanted.title)?, comments }))
        }
    }
}

/// Refuses announcement conversations, where nothing is written but posts and comments.
///
/// # Errors
/// `conflict` with code `posts_only`.
pub(crate) fn takes_messages(room: &Room) -> Result<(), Fault> {
    if room.kind == Kind::Announcement {
        let advice = "Announcements are written, not forwarded. Write one, and quote the message in it.";
        return Err(Fault::conflict("posts_only", advice));
    }
    Ok(())
}
