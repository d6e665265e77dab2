//! Messages from the [`Spool`] as ours, for sources that write Markdown as we do.

use serde_json::{Value, json};
use weft_kernel::{Fault, Micros, id::ConversationId};

use crate::{
    archive::broken,
    emoji,
    markup::{Converter, Dialect},
    model::{Directory, Enclosed, Mentions, Post, PostKind, Said, Sink},
    report::Tally,
    spool::{Placed, Raw, Spool},
};

/// Messages handed to the engine at once.
const BATCH: usize = 2_000;
/// The years 1971 to 2200, in milliseconds.
const TIMES: std::ops::Range<i64> = 31_536_000_000..7_258_118_400_000;

/// The time that `ms` milliseconds are. `place` is named in errors.
///
/// # Errors
/// [`broken`] when it is not one of a message.
pub(crate) fn time(place: &str, ms: i64) -> Result<Micros, Fault> {
    match TIMES.contains(&ms) {
        true => Ok(ms * 1_000),
        false => Err(broken(format!("{place}: {ms} is not a time in milliseconds."))),
    }
}

/// What names mean in a conversation.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    /// A channel's.
    pub(crate) channel: &'a dyn Fn(&str) -> Option<ConversationId>,
    /// A file's path: where in the archive its bytes are.
    pub(crate) file: &'a dyn Fn(&str) -> Option<String>,
}

/// Gives the messages of conversation `space` to `sink`.
pub(crate) fn deliver(
    spool: &mut Spool,
    space: usize,
    dialect: Dialect,
    directory: &Directory,
    names: Names<'_>,
    sink: &mut dyn Sink,
    tally: &mut Tally,
) -> Result<(), Fault> {
    let mut batch = Vec::with_capacity(BATCH);
    spool.read(space, |placed| {
        let converter = Converter::new(dialect, directory, names.channel);
        batch.extend(post(placed, directory, converter, names, tally));
        match batch.len() >= BATCH {
            true => sink.take(std::mem::replace(&mut batch, Vec::with_capacity(BATCH))),
            false => Ok(()),
        }
    })?;
    if batch.is_empty() { Ok(()) } else { sink.take(batch) }
}

fn post(
    placed: Placed,
    directory: &Directory,
    mut converter: Converter<'_>,
    names: Names<'_>,
    tally: &mut Tally,
) -> Option<Post> {
    let raw = placed.raw;
    let Some(sender) = directory.people.get(&raw.user) else {
        tally.skip("without_author");
        return None;
    };
    let mut post = Post {
        thread: placed.root,
        said: said(&raw),
        edited_at: raw.edited_at,
        reactions: reactions(&raw, directory, tally),
        // Who pinned it is not told.
        pinned: raw.pinned.then_some((sender.key, placed.at)),
        ..Post::new(placed.at, placed.nonce, sender.key)
    };
    if raw.edited_at.is_some() {
        tally.adapt("edited_without_earlier_text");
    }
    if raw.deleted {
        post.kind = PostKind::Tombstone;
    } else if let Some((code, params)) = &raw.system {
        post.kind = PostKind::System;
        let part = json!({"type": "system", "code": code, "params": params});
        post.content = Mentions::default().content(vec![part]);
    } else {
        let (files, enclosed) = files(&raw, names, tally);
        post.files = enclosed;
        let parts = parts(&raw, &mut converter, files);
        if parts.is_empty() {
            tally.skip("empty");
            post.kind = PostKind::LeftOut;
            return Some(post);
        }
        post.content = converter.mentions.content(parts);
        post.mentions = converter.mentions.keys();
    }
    Some(post)
}

fn said(raw: &Raw) -> Said {
    let deleted = if raw.deleted { "deleted" } else { "" };
    let attached = raw.attachments.iter().flat_map(|attachment| attachment.said());
    let reactions = raw.reactions.iter().map(|(emoji, who)| (emoji.as_str(), who.as_str()));
    Said::of([deleted, &raw.text].into_iter().chain(attached), reactions.collect())
}

fn parts(raw: &Raw, converter: &mut Converter<'_>, files: Vec<Value>) -> Vec<Value> {
    let mut text = converter.markdown(&raw.text);
    for attachment in &raw.attachments {
        attachment.quote(|text| converter.markdown(text), str::to_owned, &mut text);
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
fn files(raw: &Raw, names: Names<'_>, tally: &mut Tally) -> (Vec<Value>, Vec<Enclosed>) {
    let mut enclosed = Vec::new();
    for (place, path) in raw.files.iter().enumerate() {
        match (names.file)(path) {
            Some(entry) => enclosed.push(Enclosed { place, entry }),
            None => {
                tally.files += 1;
                tally.adapt("file_only_by_name");
            }
        }
    }
    (raw.files.iter().map(|path| named(path)).collect(), enclosed)
}

/// A file's name: that it was there.
fn named(path: &str) -> Value {
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = weft_kernel::names::tidy_line(name, 255).unwrap_or_else(|| "file".to_owned());
    json!({"name": name, "url": null, "size": null, "mime": null})
}

fn reactions(
    raw: &Raw,
    directory: &Directory,
    tally: &mut Tally,
) -> Vec<(String, weft_kernel::PrincipalKey)> {
    let mut given = Vec::new();
    for (name, who) in &raw.reactions {
        match directory.people.get(who) {
            Some(known) => given.push((emoji::reaction(name), known.key)),
            None => tally.skip("reaction_of_unknown_person"),
        }
    }
    given.sort_unstable();
    given.dedup();
    given
}
