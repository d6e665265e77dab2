//! The room where everybody is, made when an org gets its first person.

use weft_http::Caller;
use weft_kernel::Fault;

use super::{
    create::{NewConversation, create},
    settings::{self, ConversationPatch},
};
use crate::{Cx, wire::Kind};

/// Makes the org's first channel, a default one, in the name of its first person.
///
/// # Errors
/// Any fault of making a channel; `name_taken` is none.
pub async fn make_first(cx: &Cx, first: &Caller, locale: &str) -> Result<(), Fault> {
    let (name, purpose) = if locale.starts_with("zh") {
        ("全员", "所有人都在这里：公告、问候与日常。")
    } else {
        ("general", "Everybody is here: news, greetings, the everyday.")
    };
    let wanted = NewConversation {
        kind: Kind::Channel,
        name: Some(name.into()),
        topic: None,
        purpose: Some(purpose.into()),
        members: Vec::new(),
        publishers: Vec::new(),
        comments: None,
        everyone: false,
    };
    match create(cx, first, wanted).await {
        Ok((made, _)) => {
            let patch = ConversationPatch { default: Some(true), ..ConversationPatch::default() };
            settings::patch(cx, first, made.id, patch).await.map(drop)
        }
        Err(fault) if fault.code_str() == "name_taken" => Ok(()),
        Err(fault) => Err(fault),
    }
}
