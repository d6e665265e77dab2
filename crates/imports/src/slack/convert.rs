//! A Slack message as one of ours.

use serde_json::{Value, json};
use weft_kernel::{Fault, Micros, PrincipalKey};

use super::{
    blocks,
    mrkdwn::{Converter, decode},
    shape::{File, Message},
    uploads::Uploads,
};
use crate::{
    archive::broken,
    emoji,
    model::{Directory, Enclosed, Mentions, Post, PostKind, Said},
    report::Tally,
};

/// Messages that only tell of Slack's own workings.
const NOISE: [&str; 22] = [
    "app_conversation_join",
    "app_conversation_leave",
    "bot_add",
    "bot_disable",
    "bot_enable",
    "bot_remove",
    "channel_canvas_updated",
    "channel_convert_to_private",
    "channel_convert_to_public",
    "channel_posting_permissions",
    "document_mention",
    "ekm_access_denied",
    "group_open",
    "group_close",
    "huddle_thread",
    "message_changed",
    "message_deleted",
    "message_replied",
    "pinned_item",
    "reminder_add",
    "sh_room_created",
    "unpinned_item",
];
/// The years 1971 to 2200, in seconds.
const TIMES: std::ops::Range<i64> = 31_536_000..7_258_118_400;

/// The time of a Slack timestamp such as `1527728327.000200`, which is also the message's id.
///
/// # Errors
/// [`broken`] when it is not one.
pub(super) fn time(entry: &str, ts: &str) -> Result<Micros, Fault> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (seconds, fraction) = ts.split_once('.').unwrap_or((ts, "0"));
    if digits(seconds) && digits(fraction) && fraction.len() <= 6 {
        let micros = format!("{fraction:0<6}").parse::<i64>().unwrap_or_default();
        if let Ok(seconds) = seconds.parse::<i64>()
            && TIMES.contains(&seconds)
        {
            return Ok(seconds * 1_000_000 + micros);
        }
    }
    let shown: String = ts.escape_debug().take(40).collect();
    Err(broken(format!("{entry}: “{shown}” is not a Slack timestamp.")))
}

/// The nonce of the message with this timestamp.
pub(super) fn nonce(ts: &str) -> String {
    format!("slack:{ts}")
}

/// What a message becomes; none when it tells of nothing, which is counted. `entry` is named in errors.
///
/// # Errors
/// See [`time`].
pub(super) fn post(
    entry: &str,
    message: Message,
    directory: &Directory,
    uploads: &Uploads,
    tally: &mut Tally,
) -> Result<Option<Post>, Fault> {
    let at = time(entry, &message.ts)?;
    let subtype = message.subtype.as_deref().unwrap_or_default();
    if NOISE.contains(&subtype) {
        tally.skip(format!("subtype:{subtype}"));
        return Ok(None);
    }
    let Some(sender) = message.author().and_then(|id| directory.people.get(&id)).map(|k| k.key) else {
        tally.skip("without_author");
        return Ok(None);
    };
    let thread = message.thread_ts.as_deref().filter(|t| *t != message.ts).map(nonce);
    let edited_at = message.edited.as_ref().map(|e| time(entry, &e.ts)).transpose()?;
    let mut post = Post {
        thread,
        said: said(&message),
        edited_at,
        reactions: reactions(&message, directory, tally),
        ..Post::new(at, nonce(&message.ts), sender)
    };
    if edited_at.is_some() {
        tally.adapt("edited_without_earlier_text");
    }
    if subtype == "tombstone" {
        post.kind = PostKind::Tombstone;
    } else if let Some(system) = system(subtype, &message) {
        post.kind = PostKind::System;
        post.content = Mentions::default().content(vec![system]);
    } else {
        if subtype == "thread_broadcast" || subtype == "reply_broadcast" {
            tally.adapt("broadcast_reply_only_in_thread");
        }
        let mut converter = Converter::new(directory);
        let (named, enclosed) = files(&message, uploads, tally);
        post.files = enclosed;
        let parts = parts(&message, subtype, &mut converter, named);
        if parts.is_empty() {
            tally.skip(if subtype.is_empty() { "empty".to_owned() } else { format!("subtype:{subtype}") });
            post.kind = PostKind::LeftOut;
            return Ok(Some(post));
        }
        post.content = converter.mentions.content(parts);
        post.mentions = converter.mentions.keys();
    }
    Ok(Some(post))
}

/// Files do not count: their addresses differ from export to export.
fn said(message: &Message) -> Said {
    let mut text = vec![message.subtype.as_deref().unwrap_or_default(), &message.text];
    text.extend(message.blocks.as_ref().filter(|_| message.text.trim().is_empty()).map(|b| b.get()));
    for attachment in &message.attachments {
        text.extend(attachment.said());
    }
    let reactions = message.reactions.iter();
    let reactions = reactions.flat_map(|r| r.users.iter().map(|user| (&*r.name, user.as_str())));
    Said::of(text, reactions.collect())
}

/// The system part of a message that tells of an event.
fn system(subtype: &str, message: &Message) -> Option<Value> {
    let event = subtype.strip_prefix("channel_").or_else(|| subtype.strip_prefix("group_"))?;
    let clean = |text: &Option<String>| text.as_deref().unwrap_or_default().replace('\0', "");
    let (code, params) = match event {
        "join" => ("member.joined", json!({})),
        "leave" => ("member.left", json!({})),
        "topic" => ("topic.changed", json!({"topic": clean(&message.topic)})),
        "purpose" => ("purpose.changed", json!({"purpose": clean(&message.purpose)})),
        "name" => (
            "conversation.renamed",
            json!({"name": clean(&message.name), "old_name": clean(&message.old_name)}),
        ),
        "archive" => ("conversation.archived", json!({})),
        "unarchive" => ("conversation.unarchived", json!({})),
        _ => return None,
    };
    Some(json!({"type": "system", "code": code, "params": params}))
}

fn parts(message: &Message, subtype: &str, converter: &mut Converter<'_>, files: Vec<Value>) -> Vec<Value> {
    let mut text = match (message.text.trim().is_empty(), &message.blocks) {
        (true, Some(blocks)) => blocks::markdown(blocks.get(), converter),
        _ => converter.markdown(&message.text),
    };
    if subtype == "me_message" && !text.is_empty() {
        text = format!("_{text}_");
    }
    for attachment in &message.attachments {
        attachment.quote(|text| converter.markdown(text), decode, &mut text);
    }
    let mut parts = Vec::new();
    if !text.trim().is_empty() {
        parts.push(json!({"type": "markdown", "text": text}));
    }
    if !files.is_empty() {
        parts.push(json!({"type": "files", "files": files}));
    }
    parts
}

/// The files of a message, and those of which the archive holds the bytes.
fn files(message: &Message, uploads: &Uploads, tally: &mut Tally) -> (Vec<Value>, Vec<Enclosed>) {
    let (mut named, mut enclosed) = (Vec::new(), Vec::new());
    for file in message.files.iter().flatten() {
        match uploads.find(file) {
            Some(entry) => enclosed.push(Enclosed { place: named.len(), entry: entry.to_owned() }),
            None if matches!(file.mode.as_str(), "tombstone" | "hidden_by_limit") => {
                tally.skip(format!("file:{}", file.mode));
                continue;
            }
            None => tally.files += 1,
        }
        named.push(link(file));
    }
    (named, enclosed)
}

/// A file as a link: Slack's own exports hold no bytes, and their links need Slack's sign-in.
fn link(file: &File) -> Value {
    let name = if file.name.is_empty() { &file.title } else { &file.name };
    let name = weft_kernel::names::tidy_line(name, 255).unwrap_or_else(|| "file".to_owned());
    let is_web = |url: &&String| url.starts_with("https://") || url.starts_with("http://");
    let url = file.permalink.as_ref().filter(is_web).or(file.url_private.as_ref().filter(is_web));
    json!({
        "name": name,
        "url": url,
        "size": file.size.filter(|s| *s >= 0),
        "mime": file.mimetype.as_deref().filter(|m| m.len() <= 255),
    })
}

fn reactions(message: &Message, directory: &Directory, tally: &mut Tally) -> Vec<(String, PrincipalKey)> {
    let mut given = Vec::new();
    for reaction in &message.reactions {
        let emoji = emoji::reaction(&reaction.name);
        for user in &reaction.users {
            match directory.people.get(user) {
                Some(known) => given.push((emoji.clone(), known.key)),
                None => tally.skip("reaction_of_unknown_person"),
            }
        }
        // Slack cuts the list of names of popular reactions.
        for _ in (reaction.users.len() as u64)..reaction.count.min(100_000) {
            tally.skip("reaction_without_name");
        }
    }
    given.sort_unstable();
    given.dedup();
    given
}
