//! Documents that are XML in a zip: Word, PowerPoint, OpenDocument.

use std::io::{BufRead, BufReader, Cursor, Read};

use quick_xml::events::BytesStart;
use zip::ZipArchive;

use super::{
    super::{Format, Reason},
    out::Out,
    xml::{Listener, walk},
};

/// Entries of a document.
const ENTRIES: usize = 20_000;
/// Bytes that all parts that are read unpack to.
const UNPACKED: u64 = 256 << 20;

/// An open document.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    left: u64,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Package<'a>, Reason> {
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Reason::Damaged)?;
        if archive.len() > ENTRIES {
            return Err(Reason::TooLarge);
        }
        Ok(Package { archive, left: UNPACKED })
    }

    /// The names of parts `folder/stem7.xml`, in the order of their numbers.
    pub(super) fn numbered(&self, folder: &str, stem: &str) -> Vec<String> {
        let number = |name: &str| -> Option<u32> {
            name.strip_prefix(folder)?.strip_prefix(stem)?.strip_suffix(".xml")?.parse().ok()
        };
        let names = self.archive.file_names().flatten();
        let mut found: Vec<(u32, String)> =
            names.filter_map(|name| Some((number(&name)?, name.to_string()))).collect();
        found.sort();
        found.into_iter().map(|(_, name)| name).collect()
    }

    /// Gives a part to `then`, as it unpacks; false when there is none of this name.
    pub(super) fn part(
        &mut self,
        name: &str,
        then: impl FnOnce(&mut dyn BufRead) -> Result<(), Reason>,
    ) -> Result<bool, Reason> {
        let Some(index) = self.archive.index_for_name(name) else { return Ok(false) };
        let entry = self.archive.by_index(index).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(what) if what.contains("assword") => Reason::Encrypted,
            _ => Reason::Damaged,
        })?;
        // One byte more than may be: reaching it is too much, whatever the index says.
        let mut reader = BufReader::new(entry.take(self.left + 1));
        let done = then(&mut reader);
        let rest = reader.get_ref().limit();
        self.left = rest.checked_sub(1).ok_or(Reason::TooLarge)?;
        done.map(|()| true)
    }
}

pub(super) fn read(format: Format, bytes: &[u8]) -> Result<Out, Reason> {
    let mut package = Package::open(bytes)?;
    let mut body = match format {
        Format::OpenDocument => Body::new(&["p", "h"]),
        _ => Body::new(&["t"]),
    };
    let (needed, more) = match format {
        Format::Docx => {
            let mut more: Vec<String> = Vec::new();
            more.extend(["footnotes", "endnotes", "comments"].map(|name| format!("word/{name}.xml")));
            more.extend(package.numbered("word/", "header"));
            more.extend(package.numbered("word/", "footer"));
            (vec!["word/document.xml".to_owned()], more)
        }
        Format::Pptx => {
            (package.numbered("ppt/slides/", "slide"), package.numbered("ppt/notesSlides/", "notesSlide"))
        }
        _ => (vec!["content.xml".to_owned()], Vec::new()),
    };
    if needed.is_empty() {
        return Err(Reason::Damaged);
    }
    for name in &needed {
        let there = package.part(name, |part| walk(part, &mut body))?;
        if !there {
            return Err(Reason::Damaged);
        }
        body.out.push("\n\n");
    }
    for name in &more {
        package.part(name, |part| walk(part, &mut body))?;
        body.out.push("\n\n");
    }
    Ok(body.out)
}

/// Paragraphs of text.
struct Body {
    out: Out,
    /// The elements whose text is meant.
    of: &'static [&'static str],
    inside: usize,
    /// Inside what repeats, for older programs, what was said.
    skipped: usize,
}

impl Body {
    fn new(of: &'static [&'static str]) -> Body {
        Body { out: Out::default(), of, inside: 0, skipped: 0 }
    }
}

impl Listener for Body {
    fn start(&mut self, name: &str, _: &BytesStart<'_>) {
        if self.skipped > 0 || name == "Fallback" {
            self.skipped += 1;
            return;
        }
        match name {
            "tab" => self.out.push("\t"),
            "br" | "cr" | "line-break" => self.out.push("\n"),
            "s" if self.inside > 0 => self.out.push(" "),
            _ => {}
        }
        self.inside += usize::from(self.of.contains(&name));
    }

    fn end(&mut self, name: &str) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        self.inside = self.inside.saturating_sub(usize::from(self.of.contains(&name)));
        match name {
            "p" | "h" => self.out.push("\n"),
            "tc" | "table-cell" => self.out.push("\t"),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.inside > 0 && self.skipped == 0 {
            self.out.push(text);
        }
    }

    fn full(&self) -> bool {
        self.out.full()
    }
}
