//! Text line by line, each bounded: a file of one endless line does not fill the memory.

use std::io::{BufRead, Read};

use weft_http::limits;
use weft_kernel::Fault;

use crate::archive::broken;

/// Gives each line that is not empty to `each`, with its number from 1. `entry` is named in errors.
///
/// # Errors
/// [`broken`] for a line that is too long or is not UTF-8; those of `each`.
pub(crate) fn each_line(
    entry: &str,
    mut reader: impl BufRead,
    mut each: impl FnMut(u64, &str) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let read = reader.by_ref().take(limits::IMPORT_LINE + 1).read_until(b'\n', &mut line);
        let read = read.map_err(|e| broken(format!("{entry}, line {number}: it cannot be read: {e}.")))?;
        if read == 0 {
            break;
        }
        if line.len() as u64 > limits::IMPORT_LINE {
            return Err(broken(format!("{entry}, line {number}: it is longer than 32 MiB.")));
        }
        let text = std::str::from_utf8(&line)
            .map_err(|_| broken(format!("{entry}, line {number}: it is not UTF-8 text.")))?;
        let text = if number == 1 { text.trim_start_matches('\u{FEFF}') } else { text };
        if !text.trim().is_empty() {
            each(number, text)?;
        }
    }
    Ok(())
}
