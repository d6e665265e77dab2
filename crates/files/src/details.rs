//! What is known of a file, as it is stored and as clients see it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use weft_http::limits;
use weft_kernel::{
    Fault, FileKey, Micros, PrincipalKey,
    id::{FileId, OrgId},
};
use weft_storage::{DbResult, Row};

/// How a file is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FileKind)]
pub enum Kind {
    /// A picture that every browser shows: PNG, JPEG, GIF, WebP.
    Image,
    /// A film.
    Video,
    /// Sound.
    Audio,
    /// Sound that was spoken into a message.
    Voice,
    /// PDF.
    Pdf,
    /// Text for people.
    Text,
    /// Text for machines; HTML and SVG are among it, and never anything else.
    Code,
    /// A document, sheet or presentation.
    Office,
    /// Files in a file.
    Archive,
    /// Anything else.
    Other,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 10] = [
        Kind::Image,
        Kind::Video,
        Kind::Audio,
        Kind::Voice,
        Kind::Pdf,
        Kind::Text,
        Kind::Code,
        Kind::Office,
        Kind::Archive,
        Kind::Other,
    ];

    /// As it is stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Image => "image",
            Kind::Video => "video",
            Kind::Audio => "audio",
            Kind::Voice => "voice",
            Kind::Pdf => "pdf",
            Kind::Text => "text",
            Kind::Code => "code",
            Kind::Office => "office",
            Kind::Archive => "archive",
            Kind::Other => "other",
        }
    }

    /// The kind of a name.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Text of either sort.
    pub fn is_text(self) -> bool {
        matches!(self, Kind::Text | Kind::Code)
    }
}

/// Whether `GET /files/{id}/preview` has something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = FilePreview)]
pub enum Preview {
    /// There is none of such a file.
    None,
    /// It can be made; asking for it makes it.
    Pending,
    /// It is there.
    Ready,
    /// It could not be made; the file can only be downloaded.
    Failed,
}

impl Preview {
    /// As it is stored and sent.
    pub fn name(self) -> &'static str {
        match self {
            Preview::None => "none",
            Preview::Pending => "pending",
            Preview::Ready => "ready",
            Preview::Failed => "failed",
        }
    }

    fn from_name(name: &str) -> Preview {
        let all = [Preview::Pending, Preview::Ready, Preview::Failed];
        all.into_iter().find(|preview| preview.name() == name).unwrap_or(Preview::None)
    }
}

/// What can be said of a file's content beside its type.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = FileDetails)]
pub struct Details {
    /// In pixels, upright.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// In pixels, upright.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// How long it plays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<i64>,
    /// Loudness over time, up to 100 samples of 0–255.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waveform: Option<Vec<u8>>,
    /// The mean colour, `#rrggbb`: what stands in its place until it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

impl Details {
    /// Refuses what no client would say in earnest.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        let side = |n: Option<u32>| n.is_none_or(|n| (1..=100_000).contains(&n));
        if !side(self.width) || !side(self.height) {
            return Err(Fault::invalid("width", "Width and height must be between 1 and 100,000."));
        }
        if self.duration_ms.is_some_and(|ms| !(0..=7 * 24 * 3_600_000).contains(&ms)) {
            return Err(Fault::invalid("duration_ms", "It must be between 0 and a week."));
        }
        if self.waveform.as_ref().is_some_and(|wave| wave.len() > limits::WAVEFORM) {
            return Err(Fault::invalid("waveform", "It may have at most 100 samples.")
                .param("max", limits::WAVEFORM as i64));
        }
        Ok(())
    }
}

/// A file as its readers see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct File {
    /// `fil_…`
    #[schema(value_type = String)]
    pub id: FileId,
    /// Its name, made harmless.
    pub name: String,
    /// What its bytes are.
    pub mime: String,
    /// In bytes.
    pub size: i64,
    /// How it is shown.
    pub kind: Kind,
    /// What else is known of it.
    #[serde(flatten)]
    pub details: Details,
    /// Whether there is a preview.
    pub preview: Preview,
    /// Whether there are thumbnails.
    pub thumb: bool,
    /// When it was uploaded.
    pub created_at: Micros,
}

/// Where a file's thumbnails come from.
pub(crate) const PICTURE_NONE: i64 = 0;
/// From its own bytes.
pub(crate) const PICTURE_OWN: i64 = 1;
/// From its poster.
pub(crate) const PICTURE_POSTER: i64 = 2;

/// A file's row.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Internal key.
    pub key: FileKey,
    /// Who uploaded it.
    pub uploader: PrincipalKey,
    /// The org that it lies under.
    pub(crate) org: OrgId,
    /// See `PICTURE_NONE` and its like.
    pub(crate) picture: i64,
    /// SHA-256 of its bytes.
    pub(crate) sha256: Vec<u8>,
    /// What clients see.
    pub file: File,
}

impl Stored {
    /// Reads `file, id, uploader, name, mime, kind, size, sha256, details, picture, preview,
    /// created_at, org id`.
    ///
    /// # Errors
    /// Any database error.
    pub(crate) fn read(row: &Row) -> DbResult<Stored> {
        Stored::read_from(row, 0)
    }

    /// The same, from column `at` on.
    pub(crate) fn read_from(row: &Row, at: usize) -> DbResult<Stored> {
        let (kind, details, preview): (String, String, String) =
            (row.get(at + 5)?, row.get(at + 8)?, row.get(at + 10)?);
        let picture: i64 = row.get(at + 9)?;
        Ok(Stored {
            key: row.get(at)?,
            uploader: row.get(at + 2)?,
            org: row.get(at + 12)?,
            picture,
            sha256: row.get(at + 7)?,
            file: File {
                id: row.get(at + 1)?,
                name: row.get(at + 3)?,
                mime: row.get(at + 4)?,
                kind: Kind::from_name(&kind).unwrap_or(Kind::Other),
                size: row.get(at + 6)?,
                details: serde_json::from_str(&details).unwrap_or_default(),
                preview: Preview::from_name(&preview),
                thumb: picture != PICTURE_NONE,
                created_at: row.get(at + 11)?,
            },
        })
    }
}
