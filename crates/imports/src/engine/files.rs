//! Files whose bytes the source holds: handed over before the message that refers to them is
//! written, so that no message ever names a file that is not there.
//!
//! A file's id follows from where it lies in which source, so a run that broke off finds again
//! what it had handed over; what no message came to refer to is removed like any unsent file.

use rustc_hash::FxHashSet;
use serde_json::Value;
use tokio::sync::mpsc;
use weft_kernel::{Fault, FaultKind, FileKey, id::FileId};
use weft_storage::{Column, Tx};

use super::{Cx, posts::Row, sql};
use crate::{
    archive::Attached,
    model::{Post, digest},
    report::Report,
    shelf::{Incoming, Kept, Room, Shelf},
    vault::Vault,
};

/// Chunks that the reader may be ahead of the shelf.
const AHEAD: usize = 4;

/// Where files go, and where their bytes come from.
pub(super) struct Carrier<'a> {
    shelf: &'a dyn Shelf,
    /// None while it reads.
    vault: Option<Vault>,
    /// For a dry run: what would still fit, and which files were counted.
    room: Room,
    counted: FxHashSet<FileId>,
}

impl<'a> Carrier<'a> {
    /// None when there is nothing to carry, or nowhere to.
    pub(super) async fn new(
        cx: &Cx<'_>,
        shelf: Option<&'a dyn Shelf>,
        vault: Option<Vault>,
    ) -> Result<Option<Carrier<'a>>, Fault> {
        let (Some(shelf), Some(vault)) = (shelf, vault) else { return Ok(None) };
        let room = shelf.room(cx.org).await?;
        Ok(Some(Carrier { shelf, vault: Some(vault), room, counted: FxHashSet::default() }))
    }

    /// Hands over the files of a message that is to be written, and names them in it.
    pub(super) async fn bring(
        &mut self,
        cx: &Cx<'_>,
        post: &mut Post,
        report: &mut Report,
    ) -> Result<(), Fault> {
        if post.files.is_empty() {
            return Ok(());
        }
        let mut content: Value = serde_json::from_slice(&post.content).map_err(Fault::internal)?;
        for enclosed in std::mem::take(&mut post.files) {
            let Some(item) = items(&mut content).and_then(|items| items.get_mut(enclosed.place)) else {
                continue;
            };
            match self.carry(cx, post, &enclosed.entry, item, report).await? {
                Carried::Kept(kept) => {
                    *item = kept.part;
                    report.files_kept += 1;
                    if !post.kept.contains(&kept.key) {
                        post.kept.push(kept.key);
                    }
                }
                Carried::Would => report.files_kept += 1,
                Carried::Not => {}
            }
        }
        post.content = content.to_string().into_bytes();
        Ok(())
    }

    /// Hands over one file that `item` names, or counts why not.
    pub(super) async fn carry(
        &mut self,
        cx: &Cx<'_>,
        post: &Post,
        entry: &str,
        item: &Value,
        report: &mut Report,
    ) -> Result<Carried, Fault> {
        let Some(attached) = self.vault.as_ref().and_then(|vault| vault.look(entry)) else {
            return Ok(Carried::Not);
        };
        let text = |key: &str| item.get(key).and_then(Value::as_str).map(str::to_owned);
        let file = Incoming {
            id: file_id(cx, entry, attached),
            org: cx.org,
            uploader: post.sender,
            name: text("name").unwrap_or_default(),
            mime: text("mime"),
            size: i64::try_from(attached.size).unwrap_or(i64::MAX),
            at: post.at,
        };
        let done = match (attached.refused, cx.options.dry_run) {
            (Some(reason), _) => Err(reason),
            (None, true) => self.would_fit(&file).map(|()| Carried::Would),
            (None, false) => self.hand_over(entry, file).await?.map(Carried::Kept),
        };
        match done {
            Ok(carried) => {
                report.file_bytes += attached.size;
                Ok(carried)
            }
            Err(reason) => {
                report.adapt(reason);
                report.files += 1;
                Ok(Carried::Not)
            }
        }
    }

    fn would_fit(&mut self, file: &Incoming) -> Result<(), &'static str> {
        if file.size > self.room.max_file_size {
            return Err("file_too_large");
        }
        if !self.counted.contains(&file.id) {
            if let Some(left) = &mut self.room.left {
                *left = left.checked_sub(file.size).filter(|left| *left >= 0).ok_or("file_over_quota")?;
            }
            self.counted.insert(file.id);
        }
        Ok(())
    }

    /// The kept file, or the reason for which it was refused.
    async fn hand_over(&mut self, entry: &str, file: Incoming) -> Result<Result<Kept, &'static str>, Fault> {
        let Some(mut vault) = self.vault.take() else {
            return Err(Fault::internal("the reader of files stopped"));
        };
        let (to, bytes) = mpsc::channel(AHEAD);
        let entry = entry.to_owned();
        let reader = tokio::task::spawn_blocking(move || {
            vault.read(&entry, &to);
            vault
        });
        let done = self.shelf.keep(file, bytes).await;
        self.vault = Some(reader.await.map_err(super::reader_stopped)?);
        match done {
            Ok(kept) => Ok(Ok(kept)),
            Err(fault) => refusal(&fault).map(Err).ok_or(fault),
        }
    }
}

/// What became of a file.
pub(super) enum Carried {
    /// It is here.
    Kept(Kept),
    /// It would be, were this no dry run.
    Would,
    /// It stays a link, which was counted.
    Not,
}

/// The reason that a fault gives to leave one file out; none for what ends the import.
fn refusal(fault: &Fault) -> Option<&'static str> {
    match (fault.kind(), fault.code_str()) {
        (_, "file_too_large") => Some("file_too_large"),
        (_, "quota_exceeded") => Some("file_over_quota"),
        (_, "file_bomb") => Some("file_bomb"),
        (_, "upload_broken") => Some("file_broken"),
        (FaultKind::Invalid | FaultKind::TooLarge | FaultKind::Forbidden, _) => Some("file_refused"),
        _ => None,
    }
}

fn file_id(cx: &Cx<'_>, entry: &str, attached: Attached) -> FileId {
    let (org, said) = (cx.org_id.to_string(), format!("{}:{:08x}", attached.size, attached.crc));
    let bytes = digest(["file", &org, &cx.source, entry, &said]);
    FileId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// The files that a message's content names.
pub(super) fn items(content: &mut Value) -> Option<&mut Vec<Value>> {
    let parts = content.get_mut("parts")?.as_array_mut()?;
    let part = parts.iter_mut().find(|part| part["type"] == "files")?;
    part.get_mut("files")?.as_array_mut()
}

/// A newer text of a message, with the files that are kept of the present one.
pub(super) fn with_kept(present: &[u8], content: &[u8]) -> Vec<u8> {
    let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    let (Some(mut present), Some(mut newer)) = (read(present), read(content)) else {
        return content.to_vec();
    };
    let mut kept = items(&mut present).cloned().unwrap_or_default();
    kept.retain(|item| item.get("id").is_some());
    let Some(named) = items(&mut newer).filter(|_| !kept.is_empty()) else { return content.to_vec() };
    for item in named.iter_mut().filter(|item| item.get("id").is_none()) {
        if let Some(at) = kept.iter().position(|kept| kept["name"] == item["name"]) {
            *item = kept.remove(at);
        }
    }
    newer.to_string().into_bytes()
}

/// Notes which files new messages refer to.
pub(super) async fn refer(log: i64, rows: &[Row], tx: &mut Tx) -> Result<(), Fault> {
    let named: Vec<(i64, FileKey, i64)> =
        rows.iter().flat_map(|r| r.post.kept.iter().map(|key| (r.seq, *key, r.post.at))).collect();
    if named.is_empty() {
        return Ok(());
    }
    let columns = vec![
        Column::Ints(vec![log; named.len()]),
        Column::Ints(named.iter().map(|(seq, ..)| *seq).collect()),
        Column::Ints(named.iter().map(|(_, key, _)| key.0).collect()),
        Column::Ints(named.iter().map(|(.., at)| *at).collect()),
    ];
    tx.execute_many(sql::REFER, columns).await?;
    Ok(())
}
