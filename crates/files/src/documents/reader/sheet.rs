//! Excel sheets: what their cells show, row by row.

use quick_xml::events::BytesStart;

use super::{
    super::Reason,
    office::Package,
    out::Out,
    xml::{Listener, walk},
};

/// Bytes of all texts that cells share.
const SHARED: usize = 64 << 20;

pub(super) fn read(bytes: &[u8]) -> Result<Out, Reason> {
    let mut package = Package::open(bytes)?;
    let mut shared = Shared::default();
    package.part("xl/sharedStrings.xml", |part| walk(part, &mut shared))?;
    if shared.size > SHARED {
        return Err(Reason::TooLarge);
    }
    let sheets = package.numbered("xl/worksheets/", "sheet");
    if sheets.is_empty() {
        return Err(Reason::Damaged);
    }
    let mut cells = Cells { shared: shared.texts, ..Cells::default() };
    for name in &sheets {
        package.part(name, |part| walk(part, &mut cells))?;
        cells.out.push("\n\n");
    }
    Ok(cells.out)
}

/// Texts that cells refer to by their number.
#[derive(Default)]
struct Shared {
    texts: Vec<String>,
    size: usize,
    now: String,
    inside: bool,
    /// How it is spoken: shown above the text, not part of it.
    spoken: bool,
}

impl Listener for Shared {
    fn start(&mut self, name: &str, _: &BytesStart<'_>) {
        match name {
            "si" => self.now.clear(),
            "t" => self.inside = true,
            "rPh" => self.spoken = true,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "si" => {
                self.size += self.now.len() + 24;
                self.texts.push(std::mem::take(&mut self.now));
            }
            "t" => self.inside = false,
            "rPh" => self.spoken = false,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.inside && !self.spoken {
            self.now.push_str(text);
        }
    }

    fn full(&self) -> bool {
        self.size > SHARED
    }
}

#[derive(Default)]
struct Cells {
    shared: Vec<String>,
    out: Out,
    /// The cell's value is the number of a shared text.
    refers: bool,
    inside: bool,
    value: String,
}

impl Listener for Cells {
    fn start(&mut self, name: &str, element: &BytesStart<'_>) {
        match name {
            "c" => {
                let kind = element.try_get_attribute("t").ok().flatten();
                self.refers = kind.is_some_and(|kind| kind.value.as_ref() == b"s");
            }
            "v" | "t" => {
                self.inside = true;
                self.value.clear();
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "v" | "t" => {
                self.inside = false;
                let shared = self.value.trim().parse::<usize>().ok().filter(|_| self.refers);
                match shared.and_then(|number| self.shared.get(number)) {
                    Some(text) => self.out.push(text),
                    None => self.out.push(&self.value),
                }
            }
            "c" => self.out.push("\t"),
            "row" => self.out.push("\n"),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.inside {
            self.value.push_str(text);
        }
    }

    fn full(&self) -> bool {
        self.out.full()
    }
}
