//! Writes what a [`Source`] gives: people, conversations, messages, memberships, in this order.

mod changes;
mod files;
mod finish;
mod late;
mod people;
mod posts;
mod spaces;
pub mod sql;
mod stamp;

use std::{sync::Arc, time::Instant};

use files::Carrier;
use tokio::sync::mpsc;
use weft_kernel::{Env, Fault, LogKey, OrgKey, PrincipalKey, id::OrgId};
use weft_log::{ControlKind, control};
use weft_storage::{Db, params};

use crate::{
    model::{Directory, Post, Sink, Source, Survey},
    report::{Report, Tally},
    shelf::Shelf,
};

/// Batches that the reader may be ahead of the database.
const AHEAD: usize = 3;
/// Rows of one transaction: short enough that a running server's writes slip in between.
pub(crate) const ROWS: usize = 2_000;
/// People looked up to recognise a source whose name changed.
const SAMPLE: usize = 500;

/// How to run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Write nothing, only report.
    pub dry_run: bool,
    /// Who runs it; makes conversations whose maker is unknown.
    pub created_by: Option<PrincipalKey>,
    /// The row of `imports` that tells how far the run has come.
    pub run: Option<i64>,
}

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reads and checks the source.
    Reading,
    /// Writes.
    Writing,
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// Messages handled.
    pub done: u64,
    /// Messages in all; 0 while reading.
    pub total: u64,
}

/// What every part of a run needs.
pub(crate) struct Cx<'a> {
    pub(crate) db: &'a Db,
    pub(crate) env: &'a Env,
    pub(crate) org: OrgKey,
    pub(crate) org_log: LogKey,
    pub(crate) creator: PrincipalKey,
    pub(crate) source: String,
    pub(crate) org_id: OrgId,
    pub(crate) options: Options,
    /// An export that is not older than the last one: what it says otherwise counts.
    pub(crate) newer: bool,
}

impl Cx<'_> {
    /// What the source's name begins with, as do the nonces of its messages.
    pub(crate) fn kind(&self) -> &str {
        self.source.split(':').next().unwrap_or_default()
    }
}

/// Imports `source` into `org`; the bytes of its files go to `shelf`, without which they stay links.
///
/// # Errors
/// The source's fault, when it is broken: then nothing was written. A database fault: then a part
/// may have been written, and running it again continues where it stopped.
pub async fn run(
    db: &Db,
    env: &Env,
    org: OrgKey,
    mut source: Box<dyn Source>,
    shelf: Option<&dyn Shelf>,
    options: Options,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Report, Fault> {
    progress(Progress { stage: Stage::Reading, done: 0, total: 0 });
    let read = tokio::task::spawn_blocking(move || source.survey().map(|survey| (source, survey))).await;
    let (source, survey) = read.map_err(reader_stopped)??;
    let cx = context(db, env, org, options, &survey).await?;
    let mut report = Report { source: cx.source.clone(), dry_run: options.dry_run, ..Report::default() };
    if !cx.newer {
        report.adapt("older_export_changes_nothing");
    }
    let mut directory = Directory::default();
    people::ensure(&cx, &survey.people, &mut directory, &mut report).await?;
    let states = spaces::ensure(&cx, &survey.spaces, &mut directory, &mut report).await?;
    let carrier = Carrier::new(&cx, shelf, source.vault()).await?;
    let mut writer = Writer { cx, carrier, survey, directory: Arc::new(directory), states, report, done: 0 };
    writer.run(source, progress).await?;
    Ok(writer.report)
}

fn reader_stopped(error: tokio::task::JoinError) -> Fault {
    Fault::internal(format!("the reader stopped: {error}"))
}

async fn context<'a>(
    db: &'a Db,
    env: &'a Env,
    org: OrgKey,
    options: Options,
    survey: &Survey,
) -> Result<Cx<'a>, Fault> {
    let row = db.query_opt(sql::ORG, params![org]).await?.ok_or_else(|| Fault::not_found("organisation"))?;
    let owner: Option<PrincipalKey> = row.get(1)?;
    let source = recognise(db, org, survey).await?;
    let newest = db.query_opt(sql::NEWEST, params![org, source.as_str()]).await?;
    let newest = newest.map_or(Ok(0), |row| row.get(0))?;
    Ok(Cx {
        db,
        env,
        org,
        org_log: row.get(0)?,
        org_id: row.get(2)?,
        creator: options.created_by.or(owner).unwrap_or(PrincipalKey(0)),
        source,
        options,
        newer: survey.newest >= newest,
    })
}

/// The name under which this source was imported before, if most of its people were.
async fn recognise(db: &Db, org: OrgKey, survey: &Survey) -> Result<String, Fault> {
    let step = survey.people.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<String> = survey.people.iter().step_by(step).map(|p| p.outside.clone()).collect();
    let kind = survey.source.split(':').next().unwrap_or_default();
    let needed = (sample.len() as i64 / 2).max(1);
    if let Some(row) = db.query_opt(sql::KNOWN_SOURCE, params![org, sample, format!("{kind}:%")]).await? {
        let (known, hits): (String, i64) = (row.get(0)?, row.get(1)?);
        if hits >= needed {
            return Ok(known);
        }
    }
    Ok(survey.source.clone())
}

enum Item {
    Posts(usize, Vec<Post>),
    End(usize),
}

struct ToEngine<'a> {
    space: usize,
    to: &'a mpsc::Sender<Item>,
}

impl Sink for ToEngine<'_> {
    fn take(&mut self, posts: Vec<Post>) -> Result<(), Fault> {
        self.to
            .blocking_send(Item::Posts(self.space, posts))
            .map_err(|_| Fault::internal("the import has stopped"))
    }
}

fn read_posts(
    mut source: Box<dyn Source>,
    spaces: usize,
    directory: &Directory,
    to: &mpsc::Sender<Item>,
) -> Result<Tally, Fault> {
    let mut tally = Tally::default();
    for space in 0..spaces {
        source.posts(space, directory, &mut ToEngine { space, to }, &mut tally)?;
        if to.blocking_send(Item::End(space)).is_err() {
            break;
        }
    }
    Ok(tally)
}

struct Writer<'a> {
    cx: Cx<'a>,
    carrier: Option<Carrier<'a>>,
    survey: Survey,
    directory: Arc<Directory>,
    states: Vec<spaces::State>,
    report: Report,
    done: u64,
}

impl Writer<'_> {
    async fn run(
        &mut self,
        source: Box<dyn Source>,
        progress: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<(), Fault> {
        let (to, mut items) = mpsc::channel(AHEAD);
        let (directory, spaces) = (self.directory.clone(), self.survey.spaces.len());
        let reader = tokio::task::spawn_blocking(move || read_posts(source, spaces, &directory, &to));
        while let Some(item) = items.recv().await {
            let started = Instant::now();
            match item {
                Item::Posts(space, posts) => self.posts(space, posts).await?,
                Item::End(space) => {
                    let directory = self.directory.clone();
                    let (state, space) = (&mut self.states[space], &self.survey.spaces[space]);
                    if self.survey.complete {
                        changes::vanished(&self.cx, state, &mut self.report).await?;
                    }
                    finish::run(&self.cx, state, space, &directory, &mut self.report).await?;
                }
            }
            progress(Progress { stage: Stage::Writing, done: self.done, total: self.survey.posts });
            if !self.cx.options.dry_run {
                // Another process that waits for SQLite's lock looks only every so often.
                tokio::time::sleep(started.elapsed() / 10).await;
            }
        }
        let tally = reader.await.map_err(reader_stopped)??;
        self.report.close(tally);
        if self.cx.newer && !self.cx.options.dry_run {
            let newest = params![self.cx.org, self.cx.source.as_str(), self.survey.newest];
            self.cx.db.execute(sql::SET_NEWEST, newest).await?;
        }
        self.announce_org().await
    }

    async fn posts(&mut self, space: usize, posts: Vec<Post>) -> Result<(), Fault> {
        self.done += posts.len() as u64;
        if let (true, Some(run)) = (self.cx.options.dry_run, self.cx.options.run) {
            let far = params![run, self.done as i64, self.survey.posts as i64];
            self.cx.db.execute(sql::PROGRESS, far).await?;
        }
        let step = posts::Step { done: self.done, total: self.survey.posts };
        let carrier = self.carrier.as_mut();
        posts::write(&self.cx, carrier, &mut self.states[space], posts, step, &mut self.report).await
    }

    async fn announce_org(&self) -> Result<(), Fault> {
        if self.cx.options.dry_run || self.report.users == 0 {
            return Ok(());
        }
        let mut tx = self.cx.db.begin().await?;
        control::announce(&mut tx, ControlKind::Log, self.cx.org_log.0, self.cx.env.now()).await?;
        Ok(tx.commit().await?)
    }
}
