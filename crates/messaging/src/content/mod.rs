//! What a message says: parts, and the one place where message text is parsed on the server.

mod parse;
mod part;

pub use parse::{MentionAll, Parsed, parse, parse_beside};
pub use part::{
    Content, FileRef, Forwarded, MergedForward, MergedItem, Part, PollOption, PollPart, PostPart, Quoted,
    StickerPart,
};
