//! Phone numbers, as E.164 writes them: a plus, a country, at most fifteen digits.

use weft_kernel::Fault;

/// Fewest digits that a number of any country has.
const SHORTEST: usize = 7;
/// Most that E.164 allows.
const LONGEST: usize = 15;

/// Reads a number as people write it (`+86 138-0013-8000`) into E.164.
///
/// # Errors
/// `invalid` on the field `number`.
pub(crate) fn clean(text: &str) -> Result<String, Fault> {
    let wrong =
        || Fault::invalid("number", "Write the number with a plus and the country: +86 138 0013 8000.");
    let rest = text.trim().strip_prefix('+').ok_or_else(wrong)?;
    let mut out = String::from("+");
    for c in rest.chars() {
        match c {
            '0'..='9' => out.push(c),
            ' ' | '-' | '(' | ')' | '.' | '/' | '\u{a0}' => {}
            _ => return Err(wrong()),
        }
    }
    let digits = out.len() - 1;
    let mobile_in_china = out.strip_prefix("+86").is_none_or(|rest| rest.len() >= 10);
    let fits = (SHORTEST..=LONGEST).contains(&digits) && !out.starts_with("+0") && mobile_in_china;
    if fits { Ok(out) } else { Err(wrong()) }
}

/// Without the plus.
pub(crate) fn digits(number: &str) -> &str {
    number.trim_start_matches('+')
}

/// As gateways in China take it: their own numbers without the country, others with it.
pub(crate) fn local(number: &str) -> &str {
    number.strip_prefix("+86").unwrap_or_else(|| digits(number))
}

/// All but the last digits hidden, for what others may read.
pub(crate) fn masked(number: &str) -> String {
    let keep = number.len().saturating_sub(4);
    number.char_indices().map(|(at, c)| if at > 0 && at < keep { '•' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(clean(" +86 138-0013-8000 ").unwrap(), "+8613800138000");
        assert_eq!(clean("+1 (415) 555.0100").unwrap(), "+14155550100");
        for bad in [
            "",
            "+",
            "13800138000",
            "+0 123 4567",
            "+86123",
            "+1415555010012345",
            "+1 415 555 01ab",
            "+１２３４５６７８",
        ] {
            assert!(clean(bad).is_err(), "{bad}");
        }
        assert_eq!((local("+8613800138000"), local("+14155550100")), ("13800138000", "14155550100"));
        assert_eq!(masked("+8613800138000"), "+•••••••••8000");
    }
}
