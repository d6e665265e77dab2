//! The process that reads one document: bytes in, text out, nothing else.
//!
//! It bounds itself before it looks at the first byte: memory, processor time, open files, no
//! files written, no core. What a parser does wrong beyond that ends this process and no other.

mod office;
mod out;
mod pdf;
mod sheet;
mod xml;

use std::{
    io::{Read as _, Write as _},
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use rustix::process::{Resource, Rlimit, setrlimit};

use super::{Format, INPUT, PLAIN, Read, Reason};
use crate::look::text;

/// Memory, in bytes, the program itself included.
const MEMORY: u64 = 1 << 30;
/// Seconds of a processor.
const SECONDS: u64 = 30;
/// Open files.
const FILES: u64 = 16;

/// Reads a document of this format from the standard input and writes its text, or why there is
/// none, to the standard output.
pub fn main(format: &str) -> ExitCode {
    let Some(format) = Format::from_name(format) else { return ExitCode::FAILURE };
    if bound().is_err() {
        return ExitCode::FAILURE;
    }
    // What a parser stumbles over is no news to anybody.
    std::panic::set_hook(Box::new(|_| {}));
    let mut bytes = Vec::new();
    if std::io::stdin().take(INPUT + 1).read_to_end(&mut bytes).is_err() {
        return ExitCode::FAILURE;
    }
    let read = catch_unwind(AssertUnwindSafe(|| read(format, &bytes))).unwrap_or(Err(Reason::Damaged));
    let (word, text) = match &read {
        Ok(Read { text, cut }) => (if *cut { "cut" } else { "text" }, text.as_str()),
        Err(reason) => (reason.name(), ""),
    };
    let mut out = std::io::stdout();
    let written =
        writeln!(out, "{word}").and_then(|()| out.write_all(text.as_bytes())).and_then(|()| out.flush());
    if written.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn bound() -> rustix::io::Result<()> {
    let limits = [
        (Resource::As, MEMORY),
        (Resource::Cpu, SECONDS),
        (Resource::Nofile, FILES),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

fn read(format: Format, bytes: &[u8]) -> Result<Read, Reason> {
    if bytes.len() as u64 > INPUT {
        return Err(Reason::TooLarge);
    }
    let read = match format {
        Format::Plain => plain(bytes),
        Format::Pdf => pdf::read(bytes)?,
        Format::Docx | Format::Pptx | Format::OpenDocument => office::read(format, bytes)?,
        Format::Xlsx => sheet::read(bytes)?,
        Format::Sealed => return Err(Reason::Encrypted),
        Format::Old => return Err(Reason::Unsupported),
    };
    let read = read.done(format == Format::Pdf);
    if read.text.is_empty() { Err(Reason::NoText) } else { Ok(read) }
}

fn plain(bytes: &[u8]) -> out::Out {
    let mut out = out::Out::default();
    out.push(&text::decoded(bytes).0);
    out.cut |= bytes.len() as u64 >= PLAIN;
    out
}
