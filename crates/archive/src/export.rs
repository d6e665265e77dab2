//! An organisation as an archive.
//!
//! The server may run meanwhile: what each log held when the export began is the archive's, and
//! later events are not. What changed meanwhile of earlier messages is in it as it is now.

use std::path::Path;

use rustc_hash::FxHashMap;
use weft_kernel::{Env, Fault, OrgKey, id::FileId};
use weft_storage::{Db, Row, Uuid, Value, params};

use crate::{
    line,
    manifest::{self, FORMAT, FilesSaid, Manifest, OrgSaid, SectionSaid, VERSION},
    pack::Pack,
    refs::{Known, Talk},
    section::{Scope, Section},
    sections::{ALL, CONVERSATIONS, FILES},
    shelf::Shelf,
    sql,
};

/// Rows of a page.
const PAGE: i64 = 2_000;
/// Events of a log whose rows are read at once.
const PLACES: i64 = 2_000;
/// People whose rows are read at once.
const PEOPLE: usize = 200;
/// Bytes that are handed on at once.
const CHUNK: usize = 256 << 10;

/// What an export wrote.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Exported {
    /// The archive's own description.
    pub manifest: Manifest,
    /// Files whose bytes are gone from the store; the archive lacks them.
    pub files_missing: u64,
}

struct Export<'a> {
    db: &'a Db,
    org: OrgKey,
    shelf: &'a dyn Shelf,
    known: Known,
    pack: Pack,
    progress: &'a (dyn Fn(u64) + Send + Sync),
    rows: u64,
}

/// Writes the archive of `org` to `path`. `progress` hears how many rows are written.
///
/// # Errors
/// Any fault of the database, the store or the disk; then nothing is left at `path`.
pub async fn export(
    db: &Db,
    env: &Env,
    org: OrgKey,
    shelf: &dyn Shelf,
    path: &Path,
    progress: &(dyn Fn(u64) + Send + Sync),
) -> Result<Exported, Fault> {
    let created_at = env.now();
    let named =
        db.query_opt(sql::ORG, params![org]).await?.ok_or_else(|| Fault::not_found("organisation"))?;
    let (id, name): (weft_kernel::id::OrgId, String) = (named.get(0)?, named.get(1)?);
    let known = known(db, org).await?;
    let pack = Pack::create(path)?;
    let mut export = Export { db, org, shelf, known, pack, progress, rows: 0 };
    let (files, missing) = export.files().await?;
    let mut sections = Vec::new();
    for section in ALL {
        sections.push(export.section(section).await?);
    }
    let vanishing: i64 = db.query_one(sql::VANISHING, params![org]).await?.get(0)?;
    let vanishing = u64::try_from(vanishing).unwrap_or_default();
    let org = OrgSaid { id: id.to_string(), name };
    let manifest =
        Manifest { format: FORMAT.into(), version: VERSION, created_at, org, sections, files, vanishing };
    let text = serde_json::to_vec_pretty(&manifest).map_err(Fault::internal)?;
    export.pack.begin(manifest::ENTRY.into(), true).await?;
    export.pack.put(text).await?;
    export.pack.end().await?;
    export.pack.finish().await?;
    Ok(Exported { manifest, files_missing: missing })
}

/// What there is when the export begins: conversations first, so that whoever wrote in them by
/// then is known.
async fn known(db: &Db, org: OrgKey) -> Result<Known, Fault> {
    let mut known = Known::default();
    for row in db.query(sql::TALKS, params![org]).await? {
        known.talks.insert(row.get(0)?, Talk { id: row.get(1)?, head: row.get(2)?, n: row.get(3)? });
    }
    for row in db.query(sql::TOPICS, params![org]).await? {
        known.topics.insert(row.get(0)?, row.get(1)?);
    }
    for row in db.query(sql::PEOPLE, params![org]).await? {
        known.people.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
    }
    Ok(known)
}

impl Export<'_> {
    /// The bytes of files, each an entry. What is gone is left out of the archive altogether.
    async fn files(&mut self) -> Result<(FilesSaid, u64), Fault> {
        let (mut said, mut missing, mut after) = (FilesSaid::default(), 0, Uuid::nil());
        loop {
            let rows = self.db.query(FILES.read, params![self.org, after, PAGE]).await?;
            let Some(last) = rows.last() else { return Ok((said, missing)) };
            after = last.get(0)?;
            for row in &rows {
                let (id, size): (FileId, i64) = (row.get(0)?, row.get(FILES.at("size"))?);
                if self.content(id, row.get::<i64>(FILES.at("picture"))? == POSTER).await? {
                    self.known.files.insert(row.get(FILES.columns.len())?, id.uuid());
                    said.count += 1;
                    said.bytes += u64::try_from(size).unwrap_or_default();
                } else {
                    missing += 1;
                }
            }
        }
    }

    async fn content(&mut self, id: FileId, poster: bool) -> Result<bool, Fault> {
        let Some(mut bytes) = self.shelf.content(self.org, id).await? else { return Ok(false) };
        self.pack.begin(format!("files/{id}"), false).await?;
        while let Some(chunk) = bytes.recv().await {
            let broken = |e| Fault::unavailable("A file could not be read from the store. Try again.", e);
            self.pack.put(chunk.map_err(broken)?).await?;
        }
        self.pack.end().await?;
        let poster = if poster { self.shelf.poster(self.org, id).await? } else { None };
        if let Some(poster) = poster {
            self.pack.begin(format!("posters/{id}"), false).await?;
            self.pack.put(poster).await?;
            self.pack.end().await?;
        }
        Ok(true)
    }

    async fn section(&mut self, section: &'static Section) -> Result<SectionSaid, Fault> {
        self.pack.begin(section.entry(), true).await?;
        match section.scope {
            Scope::Keyed => self.pages(section).await?,
            Scope::Org => {
                let rows = self.db.query(section.read, params![self.org]).await?;
                self.put(section, &rows, None, None).await?;
            }
            Scope::People => self.of_people(section).await?,
            Scope::Talk | Scope::Places | Scope::PlacesOf { .. } => self.of_talks(section).await?,
        }
        let done = self.pack.end().await?;
        Ok(SectionSaid { name: section.name.into(), rows: done.rows, bytes: done.bytes, sha256: done.sha256 })
    }

    async fn pages(&mut self, section: &'static Section) -> Result<(), Fault> {
        let mut after = Uuid::nil();
        loop {
            let rows = self.db.query(section.read, params![self.org, after, PAGE]).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = last.get(0)?;
            for row in &rows {
                let key: i64 = row.get(section.columns.len())?;
                let talk = if section.name == CONVERSATIONS.name {
                    self.known.talks.get(&key).copied()
                } else {
                    None
                };
                let new = match section.name {
                    name if name == CONVERSATIONS.name => talk.is_none(),
                    name if name == FILES.name => !self.known.files.contains_key(&key),
                    _ => !self.known.people.contains_key(&key),
                };
                if !new {
                    self.put(section, std::slice::from_ref(row), talk, None).await?;
                }
            }
        }
    }

    async fn of_people(&mut self, section: &'static Section) -> Result<(), Fault> {
        let mut people: Vec<(Uuid, i64)> =
            self.known.people.iter().map(|(key, (id, _))| (*id, *key)).collect();
        people.sort_unstable();
        for some in people.chunks(PEOPLE) {
            let keys: Vec<i64> = some.iter().map(|(_, key)| *key).collect();
            let rows = self.db.query(section.read, params![keys]).await?;
            self.put(section, &rows, None, None).await?;
        }
        Ok(())
    }

    async fn of_talks(&mut self, section: &'static Section) -> Result<(), Fault> {
        let mut who: FxHashMap<i64, Vec<i64>> = FxHashMap::default();
        if let Scope::PlacesOf { who: sql } = section.scope {
            for row in self.db.query(sql, params![self.org]).await? {
                who.entry(row.get(0)?).or_default().push(row.get(1)?);
            }
        }
        let mut talks: Vec<(i64, Talk)> = self.known.talks.iter().map(|(log, talk)| (*log, *talk)).collect();
        talks.sort_unstable_by_key(|(_, talk)| talk.id);
        for (log, talk) in talks {
            if matches!(section.scope, Scope::Talk) {
                let rows = self.db.query(section.read, params![log]).await?;
                self.put(section, &rows, Some(talk), None).await?;
                continue;
            }
            let people = who.remove(&log);
            if matches!(section.scope, Scope::PlacesOf { .. }) && people.is_none() {
                continue;
            }
            for from in (0..talk.head).step_by(PLACES as usize) {
                let mut params: Vec<Value> = params![log, from, talk.head.min(from + PLACES)];
                params.extend(people.as_ref().map(|people| Value::Ints(people.clone())));
                let rows = self.db.query(section.read, params).await?;
                self.put(section, &rows, Some(talk), section.place()).await?;
            }
        }
        Ok(())
    }

    /// Writes rows in an order that is the same on every server: by their place, then as text.
    async fn put(
        &mut self,
        section: &'static Section,
        rows: &[Row],
        talk: Option<Talk>,
        place: Option<usize>,
    ) -> Result<(), Fault> {
        let mut lines: Vec<(i64, String)> = Vec::with_capacity(rows.len());
        for row in rows {
            let at: i64 = place.map_or(Ok(0), |place| row.get(place))?;
            lines.extend(line::write(section, row, &self.known, talk.as_ref())?.map(|line| (at, line)));
        }
        lines.sort_unstable();
        self.rows += lines.len() as u64;
        let mut text = String::new();
        for (_, line) in lines {
            text.push_str(&line);
            text.push('\n');
            if text.len() >= CHUNK {
                self.pack.put(std::mem::take(&mut text)).await?;
            }
        }
        if !text.is_empty() {
            self.pack.put(text).await?;
        }
        (self.progress)(self.rows);
        Ok(())
    }
}

/// A file whose thumbnails come from a poster.
const POSTER: i64 = 2;
