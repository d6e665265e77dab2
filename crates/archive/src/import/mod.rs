//! An archive becomes an organisation of this server.
//!
//! All of it is read and checked first. Then rows are written in batches that may be written
//! again: what breaks off is finished by importing the same archive once more. Nobody can sign in
//! before the end, when people are given to the accounts of their addresses.

mod batch;
mod files;
mod finish;
mod heads;

use std::path::Path;

use serde::Serialize;
use weft_http::limits;
use weft_kernel::{Env, Fault, LogKey, OrgKey};
use weft_log::head::{self, LogKind};
use weft_storage::{Column, Db, Uuid, Value, params};

use crate::{
    ids::Ids,
    manifest::broken,
    open::{self, Checked, Zip},
    refs::{Here, Of},
    section::Section,
    sections::{self, CONVERSATIONS, FILES, ORG, PEOPLE},
    shelf::Shelf,
    sql,
};
use batch::Rows;

/// How to import.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Check the archive and write nothing.
    pub dry_run: bool,
    /// Make an organisation of this name with ids of its own, beside one that is here.
    pub copy: Option<String>,
}

/// What an import did.
#[derive(Debug, Clone, Serialize)]
pub struct Imported {
    /// The organisation's id here.
    pub org: String,
    /// Its name.
    pub name: String,
    /// Whether nothing was written.
    pub dry_run: bool,
    /// Whether the same archive was here already, so that nothing was added.
    pub already: bool,
    /// Rows of the archive.
    pub rows: u64,
    /// Files of the archive.
    pub files: u64,
}

/// What every step needs.
struct Cx<'a> {
    db: &'a Db,
    env: &'a Env,
    shelf: &'a dyn Shelf,
    archive: &'a Checked,
    ids: Ids,
    here: Here,
    progress: &'a (dyn Fn(u64, u64) + Send + Sync),
    done: u64,
    total: u64,
    /// For the bytes of files, once one was read.
    zip: Option<Zip>,
}

/// Imports the archive at `path`. `progress` hears how many rows of how many are written.
///
/// # Errors
/// `invalid` with code `import_archive` when it is damaged, tampered with or of a newer Weft, and
/// `409 org_exists` when its organisation is here: then nothing was written. Faults of the
/// database or the store: importing again goes on.
pub async fn import(
    db: &Db,
    env: &Env,
    shelf: &dyn Shelf,
    path: &Path,
    options: Options,
    progress: &(dyn Fn(u64, u64) + Send + Sync),
) -> Result<Imported, Fault> {
    let file = path.to_owned();
    let checked = tokio::task::spawn_blocking(move || open::check(&file)).await;
    let archive = checked.map_err(|e| Fault::internal(format!("the reader stopped: {e}")))??;
    let said = &archive.manifest;
    let ids = Ids { copy: options.copy.as_ref().map(|name| copy_key(&archive.digest, name)) };
    let id = Of::Org.read(&said.org.id).map(|id| ids.of(id)).unwrap_or_default();
    let name = options.copy.clone().unwrap_or_else(|| said.org.name.clone());
    let total = said.sections.iter().map(|section| section.rows).sum();
    let mut done = Imported {
        org: Of::Org.show(id),
        name: name.clone(),
        dry_run: options.dry_run,
        already: false,
        rows: total,
        files: said.files.count,
    };
    let here = Here::default();
    let mut cx = Cx { db, env, shelf, archive: &archive, ids, here, progress, done: 0, total, zip: None };
    let begun = cx.find(id).await?;
    done.already = begun == Begun::Whole;
    if done.already || options.dry_run {
        return Ok(done);
    }
    if begun == Begun::Not {
        cx.begin(id, &name).await?;
    }
    cx.people().await?;
    cx.conversations().await?;
    cx.files().await?;
    for section in sections::plain() {
        cx.plain(section).await?;
    }
    cx.finish().await?;
    Ok(done)
}

/// What makes one copy another than the next.
fn copy_key(digest: &[u8; 32], name: &str) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    Sha256::new().chain_update(digest).chain_update(name).finalize().into()
}

/// How far an earlier run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begun {
    Not,
    Part,
    Whole,
}

impl Cx<'_> {
    fn mark(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.archive.digest)
    }

    async fn find(&mut self, id: Uuid) -> Result<Begun, Fault> {
        let Some(row) = self.db.query_opt(sql::ORG_OF, params![id]).await? else { return Ok(Begun::Not) };
        self.here.org = row.get(0)?;
        match self.db.query_opt(sql::MARK, params![self.here.org, self.mark()]).await? {
            Some(row) if row.get::<i64>(0)? == 1 => Ok(Begun::Whole),
            Some(_) => Ok(Begun::Part),
            None => Err(Fault::conflict(
                "org_exists",
                "The archive's organisation is on this server already. Import the archive as a copy under another \
                 name, or into another server.",
            )),
        }
    }

    /// The organisation, and the note that its archive is coming in.
    async fn begin(&mut self, id: Uuid, name: &str) -> Result<(), Fault> {
        let mut rows = Rows::open(self.archive, &ORG, self.ids);
        let batch = rows.next().await?.unwrap_or_default();
        let row = batch.first().ok_or_else(|| broken("org.jsonl has no line."))?;
        let value = |column: &str| row[ORG.at(column)].clone();
        let mut tx = self.db.begin().await?;
        let log = head::create(&mut tx, LogKind::Org, None).await?;
        let heads = ["head_seq", "last_n", "last_at", "floor_seq"].map(|column| heads::one(&value(column)));
        tx.execute_many(sql::SET_HEADS, heads::columns(vec![(log.0, heads)])).await?;
        let org = params![
            id,
            log,
            name,
            text(&value("settings")),
            heads::one(&value("changed_seq")),
            heads::one(&value("created_at"))
        ];
        let org: OrgKey = tx.query_one(ORG.write, org).await?.get(0)?;
        if value("max_file_size") != Value::Null {
            // The org's own limits come last: what was kept before they were set is kept.
            tx.execute(sql::LIMITS, params![org, limits::FILE_MAX, Option::<i64>::None]).await?;
        }
        tx.execute(sql::SET_MARK, params![org, self.mark(), 0_i64]).await?;
        tx.commit().await?;
        self.here.org = org.0;
        self.count(1);
        Ok(())
    }

    /// Whether the archive has such rows; one of an older Weft may not.
    fn has(&self, section: &Section) -> bool {
        self.archive.manifest.sections.iter().any(|said| said.name == section.name)
    }

    fn count(&mut self, rows: u64) {
        self.done += rows;
        (self.progress)(self.done, self.total);
    }

    /// Rows of a table as they stand in the archive.
    async fn plain(&mut self, section: &'static Section) -> Result<(), Fault> {
        if !self.has(section) {
            return Ok(());
        }
        let mut rows = Rows::open(self.archive, section, self.ids);
        while let Some(batch) = rows.next().await? {
            if section.name == sections::MESSAGES.name {
                self.nobody_elses(&batch).await?;
            }
            let columns = batch::columns(section, &batch, &self.here)?;
            let mut tx = self.db.begin().await?;
            tx.execute_many(section.write, columns).await?;
            tx.commit().await?;
            self.count(batch.len() as u64);
        }
        if section.name == sections::TOPICS.name {
            for row in self.db.query(sql::TOPICS, params![self.here.org]).await? {
                self.here.topics.insert(row.get(1)?, row.get(0)?);
            }
        }
        Ok(())
    }

    /// Refuses messages whose ids another organisation has: no honest archive has them.
    async fn nobody_elses(&self, batch: &[Vec<Value>]) -> Result<(), Fault> {
        let ids = batch::uuids(batch, sections::MESSAGES.at("id"));
        match self.db.query_opt(sql::MESSAGES_HERE, params![ids, self.here.org]).await? {
            Some(_) => Err(elsewhere()),
            None => Ok(()),
        }
    }

    async fn people(&mut self) -> Result<(), Fault> {
        let mut mapped = Vec::new();
        let mut rows = Rows::open(self.archive, &PEOPLE, self.ids);
        while let Some(batch) = rows.next().await? {
            let ids = batch::uuids(&batch, PEOPLE.at("id"));
            self.look(sql::PEOPLE_HERE, &ids, Of::Person).await?;
            let new: Vec<&Vec<Value>> = batch
                .iter()
                .zip(&ids)
                .filter(|(_, id)| !self.here.people.contains_key(id))
                .map(|(row, _)| row)
                .collect();
            let logs = self.logs(LogKind::Principal, &PEOPLE, &new).await?;
            let columns = batch::people_columns(&new, logs, &self.here)?;
            let mut tx = self.db.begin().await?;
            tx.execute_many(PEOPLE.write, columns).await?;
            tx.commit().await?;
            self.look(sql::PEOPLE_HERE, &ids, Of::Person).await?;
            mapped.extend(batch.iter().zip(ids).filter_map(|(row, id)| match &row[PEOPLE.at("mapped_to")] {
                Value::Uuid(to) => Some((id, *to)),
                _ => None,
            }));
            self.count(batch.len() as u64);
        }
        let people = &self.here.people;
        let pairs: Vec<(i64, i64)> =
            mapped.iter().filter_map(|(from, to)| Some((*people.get(from)?, *people.get(to)?))).collect();
        self.pairs(sql::MAPPED_TO, pairs).await
    }

    async fn conversations(&mut self) -> Result<(), Fault> {
        let mut parents = Vec::new();
        let mut rows = Rows::open(self.archive, &CONVERSATIONS, self.ids);
        while let Some(batch) = rows.next().await? {
            let ids = batch::uuids(&batch, CONVERSATIONS.at("id"));
            self.look(sql::TALKS_HERE, &ids, Of::Talk).await?;
            let new: Vec<&Vec<Value>> = batch
                .iter()
                .zip(&ids)
                .filter(|(_, id)| !self.here.talks.contains_key(id))
                .map(|(row, _)| row)
                .collect();
            let logs = self.logs(LogKind::Conversation, &CONVERSATIONS, &new).await?;
            let columns = batch::conversations(&new, logs, &self.here)?;
            let mut tx = self.db.begin().await?;
            tx.execute_many(CONVERSATIONS.write, columns).await?;
            tx.commit().await?;
            self.look(sql::TALKS_HERE, &ids, Of::Talk).await?;
            parents.extend(batch.iter().zip(ids).filter_map(|(row, id)| {
                match &row[CONVERSATIONS.at("parent")] {
                    Value::Uuid(parent) => Some((id, *parent)),
                    _ => None,
                }
            }));
            self.count(batch.len() as u64);
        }
        let talks = &self.here.talks;
        let pairs: Vec<(i64, i64)> = parents
            .iter()
            .filter_map(|(child, parent)| Some((*talks.get(child)?, *talks.get(parent)?)))
            .collect();
        self.pairs(sql::PARENTS, pairs).await
    }

    async fn pairs(&self, sql: weft_storage::Sql, pairs: Vec<(i64, i64)>) -> Result<(), Fault> {
        let mut tx = self.db.begin().await?;
        let (from, to) = pairs.into_iter().unzip();
        tx.execute_many(sql, vec![Column::Ints(from), Column::Ints(to)]).await?;
        Ok(tx.commit().await?)
    }

    /// Notes which of `ids` are here.
    async fn look(&mut self, sql: weft_storage::Sql, ids: &[Uuid], of: Of) -> Result<(), Fault> {
        for row in self.db.query(sql, params![ids.to_vec()]).await? {
            let (id, key, org): (Uuid, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
            if org != self.here.org {
                return Err(elsewhere());
            }
            match of {
                Of::Person => self.here.people.insert(id, key),
                Of::Talk => self.here.talks.insert(id, key),
                _ => self.here.files.insert(id, key),
            };
        }
        Ok(())
    }

    /// New logs for rows, with their heads.
    async fn logs(
        &self,
        kind: LogKind,
        section: &Section,
        rows: &[&Vec<Value>],
    ) -> Result<Vec<LogKey>, Fault> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut tx = self.db.begin().await?;
        let made = tx.query(sql::NEW_LOGS, params![kind as i64, self.here.org, rows.len() as i64]).await?;
        let logs = made.iter().map(|row| row.get(0)).collect::<Result<Vec<LogKey>, _>>()?;
        let heads = logs.iter().zip(rows).map(|(log, row)| {
            (
                log.0,
                ["head_seq", "last_n", "last_at", "floor_seq"]
                    .map(|column| heads::one(&row[section.at(column)])),
            )
        });
        tx.execute_many(sql::SET_HEADS, heads::columns(heads.collect())).await?;
        tx.commit().await?;
        Ok(logs)
    }

    async fn files(&mut self) -> Result<(), Fault> {
        if !self.has(&FILES) {
            return Ok(());
        }
        let mut rows = Rows::open(self.archive, &FILES, Ids::default());
        while let Some(batch) = rows.next().await? {
            let ids = batch::uuids(&batch, FILES.at("id")).into_iter().map(|id| self.ids.of(id));
            let ids: Vec<Uuid> = ids.collect();
            self.look(sql::FILES_HERE, &ids, Of::File).await?;
            files::restore(self, &batch).await?;
            self.count(batch.len() as u64);
        }
        Ok(())
    }
}

fn elsewhere() -> Fault {
    Fault::conflict(
        "ids_taken",
        "Another organisation of this server has what the archive holds. Import it as a copy under another name.",
    )
}

fn text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}
