//! What is shown of a hit: the words around where it was found.

use serde::Serialize;
use utoipa::ToSchema;

use crate::text::{Found, Hay};

/// Stands in a text for somebody or something named by id.
pub const REFERENCE: char = '\u{FFFC}';
/// Characters shown before the first place.
const BEFORE: usize = 60;
/// Characters shown in all.
const SHOWN: usize = 280;
/// A cut is moved to a space that is this near.
const NEAR: usize = 16;

/// A stretch of a text with what was found in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Snippet {
    /// The stretch, without markup. U+FFFC stands for what `refs` names.
    pub text: String,
    /// What was found: `[from, to]` in UTF-16 code units of `text`, as JavaScript counts.
    #[schema(value_type = Vec<Vec<u32>>)]
    pub ranges: Vec<(u32, u32)>,
    /// The ids behind each U+FFFC, in order: `usr_…`, `cnv_…`, `all` or `here`.
    pub refs: Vec<String>,
    /// There is text before it.
    pub cut_before: bool,
    /// There is text after it.
    pub cut_after: bool,
}

/// The stretch of `hay` around the first of `places`.
pub fn snippet(hay: &Hay, refs: &[String], places: &Found) -> Snippet {
    let chars = &hay.original;
    let first = places.first().map_or(0, |place| place.0);
    let from = match first.saturating_sub(BEFORE) {
        0 => 0,
        _ if chars.len() <= SHOWN => 0,
        at => after_space(chars, at),
    };
    let to = match (from + SHOWN).max(places.first().map_or(0, |place| place.1)) {
        at if at >= chars.len() => chars.len(),
        at => before_space(chars, at),
    };
    let units = |from: usize, to: usize| chars[from..to].iter().map(|c| c.len_utf16() as u32).sum::<u32>();
    let mut ranges = Vec::new();
    for (start, end) in places {
        let (start, end) = ((*start).max(from), (*end).min(to));
        if start < end {
            ranges.push((units(from, start), units(from, end)));
        }
    }
    let named = |slice: &[char]| slice.iter().filter(|c| **c == REFERENCE).count();
    let skipped = named(&chars[..from]);
    Snippet {
        text: chars[from..to].iter().collect(),
        ranges,
        refs: refs.iter().skip(skipped).take(named(&chars[from..to])).cloned().collect(),
        cut_before: from > 0,
        cut_after: to < chars.len(),
    }
}

fn after_space(chars: &[char], at: usize) -> usize {
    let near = chars[at..].iter().take(NEAR).position(|c| c.is_whitespace());
    near.map_or(at, |distance| at + distance + 1)
}

fn before_space(chars: &[char], at: usize) -> usize {
    let near = chars[..at].iter().rev().take(NEAR).position(|c| c.is_whitespace());
    near.map_or(at, |distance| at - distance - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_count_as_javascript_does() {
        let hay = Hay::new("😀 hello 世界");
        let shown = snippet(&hay, &[], &vec![(2, 7), (8, 10)]);
        assert_eq!((shown.ranges, shown.cut_before, shown.cut_after), (vec![(3, 8), (9, 11)], false, false));
    }

    #[test]
    fn a_long_text_is_cut_around_the_place() {
        let text = format!("{REFERENCE} {}needle {}{REFERENCE}", "word ".repeat(100), "more ".repeat(100));
        let hay = Hay::new(&text);
        let at = text.find("needle").map(|byte| text[..byte].chars().count()).unwrap();
        let shown = snippet(&hay, &["usr_1".into(), "usr_2".into()], &vec![(at, at + 6)]);
        assert!(shown.cut_before && shown.cut_after && shown.refs.is_empty());
        let (from, to) = shown.ranges[0];
        assert_eq!(&shown.text[from as usize..to as usize], "needle");
        assert!(shown.text.starts_with("word") && shown.text.chars().count() <= SHOWN);
    }
}
