//! Where search meets messaging and identity: it hears what they commit, and reads through them
//! what it shows.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use axum::extract::ws::Utf8Bytes;
use futures_util::future::try_join_all;
use serde_json::Value;
use weft_gateway::Hub;
use weft_http::Caller;
use weft_identity::Identity;
use weft_kernel::{Fault, FaultKind, LogKey, PrincipalKey};
use weft_log::{Cut, Frame, Publisher};
use weft_messaging::{
    Cx, cards,
    content::{self, FileRef, Part},
    load,
    wire::StoredBody,
};
use weft_notify::Notify;
use weft_search::{Content, Document, Said, Search, Shown, index::schema::Place, snippet::REFERENCE};
use weft_storage::{DbResult, Envelope};

/// The hub, with search and notifications listening to what is committed.
pub(crate) struct Watched {
    hub: Arc<Hub>,
    followers: OnceLock<(Search, Notify)>,
}

impl Watched {
    pub(crate) fn new(hub: Arc<Hub>) -> Watched {
        Watched { hub, followers: OnceLock::new() }
    }

    /// From now on both hear of every event.
    pub(crate) fn tell(&self, search: Search, notify: Notify) {
        // Composition does this once; a second time would change nothing.
        let _ = self.followers.set((search, notify));
    }
}

impl Publisher for Watched {
    fn publish(&self, frame: Frame) {
        let log = frame.log;
        self.hub.publish(frame);
        if let Some((search, notify)) = self.followers.get() {
            search.changed(log);
            notify.changed(log);
        }
    }

    fn publish_ephemeral(&self, log: LogKey, except: Option<PrincipalKey>, text: Utf8Bytes) {
        self.hub.publish_ephemeral(log, except, text);
    }

    fn subscribe(&self, principal: PrincipalKey, log: LogKey) {
        self.hub.subscribe(principal, log);
    }

    fn unsubscribe(&self, principal: PrincipalKey, log: LogKey) {
        self.hub.unsubscribe(principal, log);
    }

    fn listens(&self, principal: PrincipalKey, log: LogKey) -> bool {
        self.hub.listens(principal, log)
    }

    fn cut(&self, whose: Cut, code: &'static str) {
        self.hub.cut(whose, code);
    }
}

/// Messages, people and conversations for search.
pub(crate) struct Readings {
    cx: Cx,
    identity: Identity,
}

impl Readings {
    pub(crate) fn new(cx: Cx, identity: Identity) -> Readings {
        Readings { cx, identity }
    }

    /// Those of the messages `seqs` of one conversation that `caller` may read.
    async fn of_one(&self, caller: &Caller, log: LogKey, seqs: Vec<i64>) -> Result<Vec<Shown>, Fault> {
        let view = match self.cx.guard.view_by_log(caller, log).await {
            Err(fault) if fault.kind() == FaultKind::NotFound => return Ok(Vec::new()),
            view => view?,
        };
        let seqs = seqs.into_iter().filter(|seq| *seq >= view.visible_from).collect();
        let mut rows = load::by_seqs(&self.cx.db, log, seqs).await?;
        rows.retain(|row| row.state == weft_messaging::wire::state::LIVE && row.stored().vanish.is_none());
        let said: Vec<Said> = rows.iter().map(|row| self.said(row.body.as_deref())).collect();
        let messages = load::assemble(&self.cx.db, &self.cx.people, view.room.id, rows).await?;
        let shown = messages.into_iter().zip(said).map(|(message, said)| {
            let place = Place::new(log, message.seq);
            let message = serde_json::to_value(message).map_err(Fault::internal)?;
            Ok(Shown { place, text: said.text, refs: said.refs, file: said.file, message })
        });
        shown.collect()
    }

    fn said(&self, sealed: Option<&[u8]>) -> Said {
        sealed.and_then(|sealed| Envelope.open(sealed)).map(|plain| self.read(plain)).unwrap_or_default()
    }
}

#[async_trait]
impl Content for Readings {
    fn read(&self, body: &[u8]) -> Said {
        let Ok(body) = serde_json::from_slice::<StoredBody>(body) else { return Said::default() };
        if body.vanish.is_some() {
            return Said { vanishes: true, ..Said::default() };
        }
        let parts: Vec<Part> = serde_json::from_str(body.parts.get()).unwrap_or_default();
        let mut said = Said {
            mentions: body.mentions.iter().map(|id| id.uuid()).collect(),
            everybody: body.mention_all.is_some(),
            ..Said::default()
        };
        parts.iter().for_each(|part| read_part(&mut said, part));
        said
    }

    async fn messages(&self, caller: &Caller, places: &[Place]) -> Result<Vec<Shown>, Fault> {
        let mut sorted = places.to_vec();
        sorted.sort_unstable();
        let rooms = sorted.chunk_by(|a, b| a.log() == b.log());
        let each =
            rooms.map(|room| self.of_one(caller, room[0].log(), room.iter().map(|p| p.seq()).collect()));
        Ok(try_join_all(each).await?.into_iter().flatten().collect())
    }

    async fn documents(&self, place: Place) -> DbResult<Vec<Document>> {
        let texts = weft_files::texts_of_message(&self.cx.db, place.log(), place.seq()).await?;
        Ok(texts.into_iter().map(|text| Document { file: text.file.to_string(), text: text.text }).collect())
    }

    async fn conversations(&self, caller: &Caller, logs: &[LogKey]) -> Result<Vec<Value>, Fault> {
        let cards = cards::cards(&self.cx.db, &self.cx.people, caller.principal, logs).await?;
        cards.into_iter().map(|card| serde_json::to_value(card).map_err(Fault::internal)).collect()
    }

    async fn people(&self, caller: &Caller, q: &str, limit: u32) -> Result<Vec<Value>, Fault> {
        let people = weft_identity::people::find(&self.identity, caller, q, limit).await?;
        people.into_iter().map(|person| serde_json::to_value(person).map_err(Fault::internal)).collect()
    }
}

/// Adds what one part says. A quote says what is found where it was said first.
fn read_part(said: &mut Said, part: &Part) {
    match part {
        Part::Markdown { text } => read_text(said, text),
        Part::Post(post) => read_title(said, &post.title),
        Part::Forward(forwarded) => read_text(said, &forwarded.text),
        Part::Poll(poll) => read_text(said, &poll.told()),
        Part::Sticker(sticker) => read_text(said, &sticker.name),
        Part::Files { files } => files.iter().for_each(|file| read_file(said, file)),
        _ => {}
    }
}

pub(crate) fn read_text(said: &mut Said, markdown: &str) {
    // What an old import wrote may be more than is accepted today: then as it stands.
    let plain = content::parse(markdown).map_or_else(|_| markdown.to_owned(), |parsed| parsed.plain);
    said.code |= markdown.contains('`');
    said.link |= markdown.contains("://") || markdown.contains("www.");
    line(said);
    named(said, &plain);
}

fn read_title(said: &mut Said, title: &str) {
    line(said);
    said.text.push_str(&title.replace(REFERENCE, " "));
}

fn read_file(said: &mut Said, file: &FileRef) {
    said.file = true;
    said.image |= file.mime.as_deref().is_some_and(|mime| mime.starts_with("image/"));
    line(said);
    said.text.push_str(&file.name.replace(REFERENCE, " "));
}

fn line(said: &mut Said) {
    if !said.text.is_empty() {
        said.text.push('\n');
    }
}

/// Appends text in which ids are replaced by a character that nobody searches for.
fn named(said: &mut Said, plain: &str) {
    let mut rest = plain;
    while let Some(at) = rest.find('<') {
        let (before, token) = rest.split_at(at);
        said.text.push_str(&before.replace(REFERENCE, " "));
        let end = token.bytes().take(TOKEN).position(|b| b == b'>');
        let id = end.map(|end| &token[1..end]).filter(|id| is_reference(id));
        match (id, end) {
            (Some(id), Some(end)) => {
                said.text.push(REFERENCE);
                said.refs.push(id[1..].to_owned());
                rest = &token[end + 1..];
            }
            _ => {
                said.text.push('<');
                rest = &token[1..];
            }
        }
    }
    said.text.push_str(&rest.replace(REFERENCE, " "));
}

/// Longest `<@usr_…>`, in bytes.
const TOKEN: usize = 40;

fn is_reference(id: &str) -> bool {
    matches!(id, "@all" | "@here") || id.starts_with("@usr_") || id.starts_with("#cnv_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_no_words() {
        let mut said = Said::default();
        named(&mut said, "a < b <@usr_1> and <@all>, <@nobody");
        assert_eq!(said.text, format!("a < b {REFERENCE} and {REFERENCE}, <@nobody"));
        assert_eq!(said.refs, ["usr_1", "all"]);
    }

    #[test]
    fn markup_is_no_text() {
        let mut said = Said::default();
        read_text(&mut said, "**重要：**请看 `code` [文档](https://example.org/页)");
        assert!(said.text.starts_with("重要：请看 code 文档"), "{}", said.text);
        assert!(said.code && said.link);
    }
}
