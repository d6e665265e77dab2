//! One range of bytes, by RFC 9110. Several at once are answered with the whole, as it allows.

use std::ops::Range;

/// What a `Range` header asks of `size` bytes: none when it is to be ignored, an error when
/// nothing of what it asks for is there.
pub(super) fn asked(header: Option<&str>, size: u64) -> Result<Option<Range<u64>>, Unsatisfiable> {
    let Some(one) = header.and_then(|h| h.trim().strip_prefix("bytes=")).filter(|h| !h.contains(',')) else {
        return Ok(None);
    };
    let Some((first, last)) = one.trim().split_once('-') else { return Ok(None) };
    let number = |text: &str| {
        text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let range = match (first, last) {
        ("", "") => return Ok(None),
        ("", last) => {
            let Some(count) = number(last) else { return Ok(None) };
            size.saturating_sub(count)..size
        }
        (first, last) => {
            let Some(first) = number(first) else { return Ok(None) };
            let end = match last {
                "" => size,
                last => match number(last) {
                    Some(last) if last >= first => last.saturating_add(1).min(size),
                    _ => return Ok(None),
                },
            };
            first..end
        }
    };
    if range.is_empty() { Err(Unsatisfiable) } else { Ok(Some(range)) }
}

/// Nothing of the range is there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unsatisfiable;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        for (header, expected) in [
            (None, Ok(None)),
            (Some("bytes=0-4"), Ok(Some(0..5))),
            (Some("bytes=5-"), Ok(Some(5..10))),
            (Some("bytes=-3"), Ok(Some(7..10))),
            (Some("bytes=-30"), Ok(Some(0..10))),
            (Some("bytes=8-99999999999999999999999"), Ok(Some(8..10))),
            (Some("bytes=10-"), Err(Unsatisfiable)),
            (Some("bytes=99-100"), Err(Unsatisfiable)),
            (Some("bytes=-0"), Err(Unsatisfiable)),
            (Some("bytes=4-2"), Ok(None)),
            (Some("bytes=a-b"), Ok(None)),
            (Some("bytes=0-1,3-4"), Ok(None)),
            (Some("lines=0-1"), Ok(None)),
            (Some("bytes=-"), Ok(None)),
        ] {
            assert_eq!(asked(header, 10), expected, "{header:?}");
        }
        assert_eq!(asked(Some("bytes=0-"), 0), Err(Unsatisfiable));
    }
}
