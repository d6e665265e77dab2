//! Writing what somebody takes along.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use weft_http::Caller;
use weft_kernel::{
    Fault, Micros,
    id::{FileId, PrincipalId},
};

use super::{
    Entry, Own, Room, entry_of_file,
    page::{self, Names},
};
use crate::pack::Pack;

/// Writes everything that `caller` may read into `pack`.
pub(super) struct Writer<'a> {
    pub(super) own: &'a dyn Own,
    pub(super) caller: &'a Caller,
    pub(super) pack: Pack,
    pub(super) with_files: bool,
    pub(super) names: Names,
    /// Files that messages gave.
    pub(super) files: BTreeMap<FileId, String>,
    /// How many messages were left out because they vanish.
    pub(super) vanishing: u64,
}

/// How it is written: twice through, since one entry of a zip comes after the other.
#[derive(Clone, Copy, PartialEq)]
enum As {
    Lines,
    Page,
}

impl Writer<'_> {
    /// All of it.
    pub(super) async fn all(mut self, now: Micros) -> Result<(), Fault> {
        let rooms = self.own.rooms(self.caller).await?;
        let mut peers: Vec<PrincipalId> = rooms.iter().flat_map(|room| room.peers.iter().copied()).collect();
        peers.push(self.caller.principal_id);
        self.learn(peers).await?;
        for room in &rooms {
            self.room(room, As::Lines).await?;
            self.room(room, As::Page).await?;
        }
        let titles: Vec<_> = rooms.iter().map(|room| (room.id.to_string(), self.title(room))).collect();
        self.one("index.html", page::index(&self.name(self.caller.principal_id), &titles)).await?;
        let all: Vec<Value> = rooms.iter().map(|room| room.json.clone()).collect();
        self.json("conversations.json", &Value::from(all)).await?;
        let people = serde_json::to_value(&self.names).map_err(Fault::internal)?;
        self.json("people.json", &people).await?;
        let missing = if self.with_files { self.bytes().await? } else { 0 };
        let said = json!({
            "format": "weft-own-conversations", "version": 1, "created_at": now,
            "person": self.caller.principal_id, "org": self.caller.org_id,
            "conversations": rooms.len(), "files": self.with_files, "files_missing": missing,
            "vanishing_left_out": self.vanishing,
        });
        self.json("export.json", &said).await?;
        self.pack.finish().await
    }

    async fn one(&self, name: &str, text: String) -> Result<(), Fault> {
        self.pack.begin(name.to_owned(), true).await?;
        self.pack.put(text).await?;
        self.pack.end().await.map(|_| ())
    }

    async fn json(&self, name: &str, value: &Value) -> Result<(), Fault> {
        self.one(name, serde_json::to_string_pretty(value).map_err(Fault::internal)?).await
    }

    async fn room(&mut self, room: &Room, how: As) -> Result<(), Fault> {
        let ending = if how == As::Lines { "jsonl" } else { "html" };
        self.pack.begin(format!("conversations/{}.{ending}", room.id), true).await?;
        if how == As::Page {
            self.pack.put(page::head(&self.title(room))).await?;
        }
        let mut after = 0;
        loop {
            // Asked for each page: who is removed meanwhile gets no more.
            let entries = match self.own.entries(self.caller, room.id, after).await {
                Err(fault) if fault.code_str() == "not_found" => break,
                entries => entries?,
            };
            let Some(last) = entries.last() else { break };
            after = last.seq;
            let (passing, entries): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.vanishes);
            if how == As::Lines {
                self.vanishing += passing.len() as u64;
            }
            let text = match how {
                As::Lines => self.lines(&entries).await?,
                As::Page => entries.iter().map(|e| page::article(e, &self.names, self.with_files)).collect(),
            };
            self.pack.put(text).await?;
        }
        if how == As::Page {
            self.pack.put(page::END.to_owned()).await?;
        }
        self.pack.end().await.map(|_| ())
    }

    async fn lines(&mut self, entries: &[Entry]) -> Result<String, Fault> {
        self.learn(entries.iter().filter_map(|entry| entry.from).collect()).await?;
        let mut text = String::new();
        for entry in entries {
            text.push_str(&entry.json.to_string());
            text.push('\n');
            for (id, name) in &entry.files {
                if self.with_files {
                    self.files.entry(*id).or_insert_with(|| name.clone());
                }
            }
        }
        Ok(text)
    }

    /// Asks for the names that are not known yet.
    async fn learn(&mut self, mut ids: Vec<PrincipalId>) -> Result<(), Fault> {
        ids.retain(|id| !self.names.contains_key(&id.to_string()));
        ids.sort_unstable();
        ids.dedup();
        for ids in ids.chunks(500) {
            let found = self.own.names(self.caller, ids).await?;
            self.names.extend(found.into_iter().map(|(id, name)| (id.to_string(), name)));
        }
        Ok(())
    }

    fn name(&self, id: PrincipalId) -> String {
        let id = id.to_string();
        self.names.get(&id).cloned().unwrap_or(id)
    }

    fn title(&self, room: &Room) -> String {
        if !room.name.is_empty() {
            return room.name.clone();
        }
        if room.peers.is_empty() {
            return self.name(self.caller.principal_id);
        }
        room.peers.iter().map(|id| self.name(*id)).collect::<Vec<_>>().join(", ")
    }

    /// The files; answers how many could not be had.
    async fn bytes(&mut self) -> Result<u64, Fault> {
        let mut missing = 0;
        for (id, name) in std::mem::take(&mut self.files) {
            let Some(mut bytes) = self.own.file(self.caller, id).await? else {
                missing += 1;
                continue;
            };
            self.pack.begin(entry_of_file(id, &name), false).await?;
            while let Some(chunk) = bytes.recv().await {
                self.pack.put(chunk.map_err(Fault::internal)?).await?;
            }
            self.pack.end().await?;
        }
        Ok(missing)
    }
}
