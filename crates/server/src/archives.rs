//! The files, for archives; and what people may read, for their own.

use async_trait::async_trait;
use futures_util::{StreamExt, stream::poll_fn};
use tokio::sync::mpsc;
use weft_archive::{
    shelf::{Bytestream, Described, Shelf},
    takeout::{Entry, Own, Room},
};
use weft_files::{Brought, Files, Restored};
use weft_http::Caller;
use weft_kernel::{
    Fault, FileKey, OrgKey,
    id::{ConversationId, FileId, PrincipalId},
};
use weft_messaging::{Cx, cards, content::Part, history, wire::Message};

/// Chunks that the store may be ahead.
const AHEAD: usize = 4;

/// Where the bytes of an archive come from and go to.
pub(crate) struct Cellar(pub(crate) Files);

#[async_trait]
impl Shelf for Cellar {
    async fn content(&self, org: OrgKey, id: FileId) -> Result<Option<Bytestream>, Fault> {
        let Some(mut bytes) = self.0.bytes_of(org, id).await? else { return Ok(None) };
        let (to, stream) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            while let Some(chunk) = bytes.next().await {
                if to.send(chunk).await.is_err() {
                    break;
                }
            }
        });
        Ok(Some(stream))
    }

    async fn poster(&self, org: OrgKey, id: FileId) -> Result<Option<Vec<u8>>, Fault> {
        self.0.poster_of(org, id).await
    }

    async fn restore(
        &self,
        file: Described,
        mut content: Bytestream,
        poster: Option<Vec<u8>>,
    ) -> Result<FileKey, Fault> {
        let Described { id, org, uploader, name, mime, kind, size, details, created_at } = file;
        let brought = Brought { id, org, uploader, name, mime: None, size, at: created_at };
        let restored = Restored { mime, kind, details, poster };
        Ok(self.0.restore(brought, restored, poll_fn(|cx| content.poll_recv(cx))).await?.key)
    }
}

/// Messages that an export reads at once.
const PAGE: u32 = 200;

/// What a person may read in their clients.
pub(crate) struct Readable {
    pub(crate) cx: Cx,
    pub(crate) files: Files,
}

#[async_trait]
impl Own for Readable {
    async fn rooms(&self, caller: &Caller) -> Result<Vec<Room>, Fault> {
        let (db, people, who) = (&self.cx.db, &self.cx.people, caller.principal);
        let logs = cards::joined(db, who).await?;
        let rooms = cards::cards(db, people, who, &logs).await?.into_iter();
        rooms
            .map(|card| {
                let json = serde_json::to_value(&card).map_err(Fault::internal)?;
                Ok(Room { id: card.id, name: card.name, peers: card.peers, json })
            })
            .collect()
    }

    async fn entries(&self, caller: &Caller, room: ConversationId, after: i64) -> Result<Vec<Entry>, Fault> {
        let view = self.cx.guard.view(caller, room).await?;
        history::everything(&self.cx, &view, after, PAGE).await?.into_iter().map(entry).collect()
    }

    async fn names(&self, caller: &Caller, ids: &[PrincipalId]) -> Result<Vec<(PrincipalId, String)>, Fault> {
        let people = weft_identity::people::visible(&self.cx.db, caller, ids).await?;
        Ok(people.into_iter().map(|person| (person.id, person.name)).collect())
    }

    async fn file(&self, caller: &Caller, id: FileId) -> Result<Option<Bytestream>, Fault> {
        match self.files.find(caller, id).await {
            Ok(_) => Cellar(self.files.clone()).content(caller.org, id).await,
            Err(fault) if fault.code_str() == "not_found" => Ok(None),
            Err(fault) => Err(fault),
        }
    }
}

fn entry(message: Message) -> Result<Entry, Fault> {
    let parts: Vec<Part> = serde_json::from_str(message.content.parts.get()).unwrap_or_default();
    let (mut lines, mut files) = (Vec::new(), Vec::new());
    parts.iter().for_each(|part| read(part, &mut lines, &mut files));
    let says = !lines.is_empty() || !files.is_empty();
    Ok(Entry {
        seq: message.seq,
        from: message.from,
        at: message.at,
        reply: message.thread.is_some(),
        text: says.then(|| lines.join("\n")),
        files,
        json: serde_json::to_value(&message).map_err(Fault::internal)?,
        vanishes: message.vanish.is_some(),
    })
}

/// Adds what a part says to people, and the files that it brings.
fn read(part: &Part, lines: &mut Vec<String>, files: &mut Vec<(FileId, String)>) {
    match part {
        Part::Markdown { text } => lines.push(text.clone()),
        Part::Post(post) => lines.push(post.title.clone()),
        Part::Sticker(sticker) => lines.push(format!("[{}]", sticker.name)),
        Part::Quote(quoted) => lines.push(format!("> <@{}>: {}", quoted.from, quoted.text)),
        Part::Forward(forwarded) => lines.push(format!("> <@{}>: {}", forwarded.from, forwarded.text)),
        Part::Poll(poll) => {
            lines.push(poll.question.clone());
            lines.extend(poll.options.iter().map(|option| format!("- {}", option.text)));
        }
        Part::MergedForward(merged) => {
            for item in &merged.items {
                lines.push(format!("> <@{}>:", item.from));
                item.parts.iter().for_each(|part| read(part, lines, files));
            }
        }
        Part::Files { files: sent } => {
            files.extend(sent.iter().filter_map(|file| Some((file.id?, file.name.clone()))));
        }
        _ => {}
    }
}
