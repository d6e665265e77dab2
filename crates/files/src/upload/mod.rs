//! Taking files in: at once, or piece by piece over a bad line.
//!
//! An upload's bytes lie in the staging folder; how long that file is says how far the upload is.
//! Its id is the id of the file that it becomes.

mod bring;
mod finish;
mod receive;
mod restore;
mod resumable;
mod simple;

use data_encoding::HEXLOWER_PERMISSIVE;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::Caller;
use weft_kernel::{
    Fault, Micros, OrgKey, PrincipalKey,
    id::{FileId, OrgId},
};

use crate::Details;

pub use bring::{Brought, Room};
pub(crate) use finish::{discard, pend};
pub use restore::Restored;
pub(crate) use resumable::{Upload, cancel, create, progress, write};
pub(crate) use simple::simple;

/// How long an upload may take.
const UPLOAD_WITHIN: Micros = 3 * 24 * 3_600 * 1_000_000;
/// How long a file that no message refers to is kept.
const UNSENT: Micros = 24 * 3_600 * 1_000_000;

/// What a client says of a file that it is about to send.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UploadRequest {
    /// Its name; paths and invisible characters are dropped.
    pub(crate) name: String,
    /// In bytes.
    pub(crate) size: i64,
    /// What the client takes it for; only asked where the bytes leave it open.
    #[serde(default)]
    pub(crate) mime: Option<String>,
    /// Of the whole, in hex: what arrives otherwise is refused.
    #[serde(default)]
    pub(crate) sha256: Option<String>,
    /// Of a film, in pixels.
    #[serde(default)]
    pub(crate) width: Option<u32>,
    /// Of a film, in pixels.
    #[serde(default)]
    pub(crate) height: Option<u32>,
    /// Of a film or sound.
    #[serde(default)]
    pub(crate) duration_ms: Option<i64>,
    /// Of a voice message: up to 100 samples of 0–255. Makes sound a voice message.
    #[serde(default)]
    pub(crate) waveform: Option<Vec<u8>>,
}

impl UploadRequest {
    fn new(name: String, mime: Option<String>) -> UploadRequest {
        UploadRequest {
            name,
            size: 0,
            mime,
            sha256: None,
            width: None,
            height: None,
            duration_ms: None,
            waveform: None,
        }
    }

    /// What it says beside name and type.
    pub(crate) fn details(&self) -> Details {
        Details {
            width: self.width,
            height: self.height,
            duration_ms: self.duration_ms,
            waveform: self.waveform.clone(),
            color: None,
        }
    }

    fn check(&self) -> Result<(), Fault> {
        if self.size < 0 {
            return Err(Fault::invalid("size", "It must not be negative."));
        }
        if self.mime.as_ref().is_some_and(|mime| mime.len() > 200) {
            return Err(Fault::invalid("mime", "It may have at most 200 characters."));
        }
        if self.sha256.is_some() && self.sum().is_none() {
            return Err(Fault::invalid("sha256", "It must be 64 hexadecimal digits."));
        }
        self.details().check()
    }

    fn sum(&self) -> Option<[u8; 32]> {
        let bytes = HEXLOWER_PERMISSIVE.decode(self.sha256.as_ref()?.as_bytes()).ok()?;
        bytes.try_into().ok()
    }

    /// Refuses what arrived otherwise than it was sent.
    pub(crate) fn check_sum(&self, found: &[u8; 32]) -> Result<(), Fault> {
        match self.sum() {
            Some(sum) if sum != *found => Err(Fault::invalid(
                "sha256",
                "The file arrived damaged: its checksum is another. Upload it again.",
            )
            .code("checksum_mismatch")),
            _ => Ok(()),
        }
    }
}

/// Whose a file becomes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner {
    pub(crate) org: OrgKey,
    pub(crate) org_id: OrgId,
    pub(crate) principal: PrincipalKey,
}

impl From<&Caller> for Owner {
    fn from(caller: &Caller) -> Owner {
        Owner { org: caller.org, org_id: caller.org_id, principal: caller.principal }
    }
}

/// What another server found in a file's bytes.
pub(crate) struct Was {
    pub(crate) mime: String,
    pub(crate) kind: String,
    pub(crate) details: Details,
}

/// An upload whose bytes are all here.
pub(crate) struct Whole<'a> {
    pub(crate) id: FileId,
    pub(crate) owner: Owner,
    pub(crate) size: i64,
    pub(crate) request: &'a UploadRequest,
    /// When it was uploaded, if not just now.
    pub(crate) created_at: Option<Micros>,
    /// What was known of it elsewhere; it is believed where it fits the bytes.
    pub(crate) was: Option<&'a Was>,
}
