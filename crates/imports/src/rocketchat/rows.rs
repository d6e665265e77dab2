//! Rows of a CSV file, each bounded.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

use csv::{ByteRecord, ReaderBuilder};
use weft_http::limits;
use weft_kernel::Fault;

use crate::archive::broken;

/// A row, and where it stands for errors.
pub(super) struct Row {
    pub(super) place: String,
    pub(super) first: bool,
    fields: Vec<String>,
}

impl Row {
    /// Field `index`, without space around it; empty when the row ends before.
    pub(super) fn field(&self, index: usize) -> &str {
        self.text(index).trim()
    }

    /// Field `index` as it is.
    pub(super) fn text(&self, index: usize) -> &str {
        self.fields.get(index).map_or("", String::as_str)
    }

    /// How many fields there are.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }
}

/// Gives each row of entry `name` to `each`.
///
/// # Errors
/// [`broken`] for what is no CSV, no UTF-8 or too long; those of `each`.
pub(super) fn each_row(
    name: &str,
    reader: impl Read,
    mut each: impl FnMut(Row) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let left = Rc::new(Cell::new(0));
    let bounded = Bounded { inner: reader, left: left.clone() };
    let mut csv = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bounded);
    let mut record = ByteRecord::new();
    let mut first = true;
    loop {
        left.set(limits::IMPORT_LINE);
        let line = csv.position().line();
        let more = csv.read_byte_record(&mut record);
        let more = more.map_err(|e| broken(format!("{name}, line {line}: it cannot be read: {e}.")))?;
        if !more {
            return Ok(());
        }
        let place = format!("{name}, line {}", record.position().map_or(line, |p| p.line()));
        let fields: Result<Vec<String>, _> =
            record.iter().map(|field| std::str::from_utf8(field).map(str::to_owned)).collect();
        let mut fields = fields.map_err(|_| broken(format!("{place}: it is not UTF-8 text.")))?;
        if let (true, Some(start)) = (first, fields.first_mut()) {
            *start = start.trim_start_matches('\u{FEFF}').to_owned();
        }
        each(Row { place, first, fields })?;
        first = false;
    }
}

/// Refuses to read much more than the longest row may have before the next one begins.
struct Bounded<R> {
    inner: R,
    left: Rc<Cell<u64>>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.left.get() == 0 {
            return Err(io::Error::other("a row is longer than 32 MiB; is a quotation mark missing?"));
        }
        let got = self.inner.read(out)?;
        self.left.set(self.left.get().saturating_sub(got as u64));
        Ok(got)
    }
}
