//! What an org may keep, and how much it keeps.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::limits;
use weft_kernel::{Fault, FaultKind, OrgKey};
use weft_storage::{Db, Tx, params};

use crate::sql;

/// An org's limits for files.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = FileSettings)]
pub(crate) struct Settings {
    /// Largest file, in bytes.
    pub(crate) max_file_size: i64,
    /// All files together, in bytes; null: no limit.
    pub(crate) quota: Option<i64>,
    /// What files and uploads under way take, in bytes.
    pub(crate) used: i64,
    /// Whether the server looks at links that people send, to show what they lead to.
    pub(crate) link_previews: bool,
}

/// New limits; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FileSettingsChange)]
pub(crate) struct Change {
    /// 1 byte to 1 TiB.
    #[serde(default)]
    max_file_size: Option<i64>,
    /// Null lifts the limit.
    #[serde(default, deserialize_with = "given")]
    quota: Option<Option<i64>>,
    /// What is shown already stays.
    #[serde(default)]
    link_previews: Option<bool>,
}

/// Tells null from absent.
fn given<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// An org's settings.
pub(crate) async fn load(db: &Db, org: OrgKey) -> Result<Settings, Fault> {
    let row = match db.query_opt(sql::SETTINGS, params![org]).await? {
        Some(row) => row,
        None => {
            db.execute(sql::MAKE_SETTINGS, params![org, limits::FILE]).await?;
            db.query_one(sql::SETTINGS, params![org]).await?
        }
    };
    let previews: i64 = row.get(3)?;
    Ok(Settings {
        max_file_size: row.get(0)?,
        quota: row.get(1)?,
        used: row.get(2)?,
        link_previews: previews != 0,
    })
}

/// Changes them. A quota below what is kept already only stops new files.
pub(crate) async fn change(db: &Db, org: OrgKey, change: &Change) -> Result<Settings, Fault> {
    let mut settings = load(db, org).await?;
    if let Some(size) = change.max_file_size {
        if !(1..=limits::FILE_MAX).contains(&size) {
            return Err(Fault::invalid("max_file_size", "It must be between 1 byte and 1 TiB."));
        }
        settings.max_file_size = size;
    }
    if let Some(quota) = change.quota {
        if quota.is_some_and(|bytes| bytes < 0) {
            return Err(Fault::invalid("quota", "It must not be negative; null lifts the limit."));
        }
        settings.quota = quota;
    }
    settings.link_previews = change.link_previews.unwrap_or(settings.link_previews);
    let Settings { max_file_size, quota, link_previews, .. } = settings;
    let row = params![org, max_file_size, quota, i64::from(link_previews)];
    db.execute(sql::PUT_SETTINGS, row).await?;
    Ok(settings)
}

/// Refuses a file above the org's limit.
pub(crate) fn fits(settings: &Settings, size: i64) -> Result<(), Fault> {
    if size <= settings.max_file_size {
        return Ok(());
    }
    Err(Fault::new(FaultKind::TooLarge, "The file is larger than this organisation allows.")
        .code("file_too_large")
        .param("max", settings.max_file_size))
}

/// Counts `size` bytes for the org, or refuses: of many who ask at once, only those get in who fit.
pub(crate) async fn reserve(tx: &mut Tx, org: OrgKey, size: i64) -> Result<(), Fault> {
    if tx.execute(sql::RESERVE, params![org, size]).await? == 1 {
        return Ok(());
    }
    Err(Fault::new(
        FaultKind::TooLarge,
        "The organisation's storage is full. Delete files that are no longer needed, or ask an admin for more.",
    )
    .code("quota_exceeded"))
}

/// Gives `size` bytes back.
pub(crate) async fn release(tx: &mut Tx, org: OrgKey, size: i64) -> Result<(), Fault> {
    tx.execute(sql::RELEASE, params![org, size]).await?;
    Ok(())
}
