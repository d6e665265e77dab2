//! The formats that can be imported.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use weft_kernel::{Env, Fault, OrgKey};
use weft_storage::Db;

use crate::{
    engine::{self, Options, Progress},
    mattermost::Mattermost,
    model::Source,
    report::Report,
    rocketchat::RocketChat,
    shelf::Shelf,
    slack::Slack,
};

/// Where data come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A Slack export, a zip.
    #[default]
    Slack,
    /// A Mattermost bulk export: a zip, or its `.jsonl` alone.
    Mattermost,
    /// A Rocket.Chat CSV archive, a zip.
    RocketChat,
}

impl Format {
    /// As it is stored and given in requests.
    pub fn name(self) -> &'static str {
        match self {
            Format::Slack => "slack",
            Format::Mattermost => "mattermost",
            Format::RocketChat => "rocketchat",
        }
    }
}

/// What to import.
#[derive(Debug, Clone)]
pub struct Input {
    /// What it is.
    pub format: Format,
    /// Where it lies.
    pub path: PathBuf,
    /// A folder for what has to be kept meanwhile; made when it is not there.
    pub folder: PathBuf,
}

impl Input {
    fn open(&self, env: &Env) -> Result<Box<dyn Source>, Fault> {
        let spool = self.folder.join(format!("{}.spool", env.uuid()));
        Ok(match self.format {
            Format::Slack => Box::new(Slack::open(&self.path)?),
            Format::Mattermost => Box::new(Mattermost::open(&self.path, &spool)?),
            Format::RocketChat => Box::new(RocketChat::open(&self.path, &spool)?),
        })
    }
}

/// Imports `input` into `org`. See [`engine::run`].
///
/// # Errors
/// `invalid` with code `import_archive` when it is broken, hostile or partial; then nothing was
/// written. Database faults; then running it again continues.
pub async fn import(
    db: &Db,
    env: &Env,
    org: OrgKey,
    input: Input,
    shelf: Option<&dyn Shelf>,
    options: Options,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Report, Fault> {
    let clock = env.clone();
    let opened = tokio::task::spawn_blocking(move || input.open(&clock)).await;
    let source = opened.map_err(|e| Fault::internal(format!("the reader stopped: {e}")))??;
    engine::run(db, env, org, source, shelf, options, progress).await
}
