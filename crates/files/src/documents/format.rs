//! Which files are documents.

use crate::{Kind, Stored};

/// What a document is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Text of any encoding.
    Plain,
    Pdf,
    /// Word.
    Docx,
    /// Excel.
    Xlsx,
    /// PowerPoint.
    Pptx,
    /// OpenDocument of any sort.
    OpenDocument,
    /// A container that is only used for new documents when they are encrypted.
    Sealed,
    /// Documents of programs that are no longer made.
    Old,
}

const NAMES: [(Format, &str); 6] = [
    (Format::Plain, "plain"),
    (Format::Pdf, "pdf"),
    (Format::Docx, "docx"),
    (Format::Xlsx, "xlsx"),
    (Format::Pptx, "pptx"),
    (Format::OpenDocument, "opendocument"),
];

impl Format {
    /// Whether files of this kind are documents at all.
    pub(crate) fn any(kind: Kind) -> bool {
        matches!(kind, Kind::Pdf | Kind::Text | Kind::Code | Kind::Office)
    }

    /// How `file` is read; none when it is no document.
    pub(crate) fn of(file: &Stored) -> Option<Format> {
        let mime = file.file.mime.as_str();
        Some(match file.file.kind {
            Kind::Text | Kind::Code => Format::Plain,
            Kind::Pdf => Format::Pdf,
            Kind::Office if mime.ends_with("wordprocessingml.document") => Format::Docx,
            Kind::Office if mime.ends_with("spreadsheetml.sheet") => Format::Xlsx,
            Kind::Office if mime.ends_with("presentationml.presentation") => Format::Pptx,
            Kind::Office if mime.contains(".oasis.opendocument.") => Format::OpenDocument,
            Kind::Office if mime == "application/x-ole-storage" => Format::Sealed,
            Kind::Office => Format::Old,
            _ => return None,
        })
    }

    /// Its name on the reader's command line; none for what it is not asked about.
    pub(super) fn name(self) -> Option<&'static str> {
        NAMES.iter().find(|(format, _)| *format == self).map(|(_, name)| *name)
    }

    pub(super) fn from_name(name: &str) -> Option<Format> {
        NAMES.iter().find(|(_, known)| *known == name).map(|(format, _)| *format)
    }
}
