//! Where a query's words stand in a text. This decides what a hit is; the index only proposes.

use super::chars::{Hay, IDENTIFIER_CHARS, fold, is_gram, is_word};

/// Places of one text that are shown.
const MAX_PLACES: usize = 200;

/// What kind of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClauseKind {
    /// The beginning of a word, anything inside an identifier, any substring in Chinese.
    Word,
    /// These characters, whole words at both ends; any white space counts as one space.
    Phrase,
}

/// Words that a text must hold, or must not.
#[derive(Debug, Clone)]
pub struct Clause {
    /// What kind.
    pub kind: ClauseKind,
    /// Folded.
    pub chars: Vec<char>,
    /// The text must not hold it.
    pub negated: bool,
}

/// Where the clauses of a query stand, in characters, ascending, not overlapping.
pub type Found = Vec<(usize, usize)>;

impl Clause {
    /// A clause of `text`; none when it holds nothing that can be searched for.
    pub fn new(kind: ClauseKind, text: &str, negated: bool) -> Option<Clause> {
        let mut chars: Vec<char> = Vec::with_capacity(text.len());
        for c in text.trim().chars().map(fold) {
            match c.is_whitespace() {
                true if chars.last() == Some(&' ') => {}
                true => chars.push(' '),
                false => chars.push(c),
            }
        }
        chars.iter().any(|c| is_gram(*c) || is_word(*c)).then_some(Clause { kind, chars, negated })
    }

    /// Whether any character of it is indexed by itself.
    pub fn has_gram(&self) -> bool {
        self.chars.iter().any(|c| is_gram(*c))
    }

    /// Where it stands in `hay`, at most [`MAX_PLACES`] times.
    fn places(&self, hay: &Hay) -> Found {
        let mut found = Found::new();
        let mut at = 0;
        while at < hay.folded.len() && found.len() < MAX_PLACES {
            match self.ends(hay, at) {
                Some(end) if self.fits(hay, at, end) => {
                    found.push((at, end));
                    at = end.max(at + 1);
                }
                _ => at += 1,
            }
        }
        found
    }

    /// Where the clause ends if it stands at `start`, its borders not looked at.
    fn ends(&self, hay: &Hay, start: usize) -> Option<usize> {
        let mut at = start;
        for c in &self.chars {
            if *c == ' ' {
                let spaces = hay.folded[at..].iter().take_while(|c| c.is_whitespace()).count();
                if spaces == 0 {
                    return None;
                }
                at += spaces;
            } else if hay.folded.get(at) == Some(c) {
                at += 1;
            } else {
                return None;
            }
        }
        Some(at)
    }

    fn fits(&self, hay: &Hay, start: usize, end: usize) -> bool {
        let free = |at: Option<usize>, edge: char| {
            !is_word(edge) || at.and_then(|at| hay.folded.get(at)).is_none_or(|c| !is_word(*c))
        };
        let before = free(start.checked_sub(1), hay.folded[start]);
        match self.kind {
            ClauseKind::Phrase => before && free(Some(end), hay.folded[end - 1]),
            ClauseKind::Word => {
                before || self.has_gram() || begins_part(hay, start, end) || inside(hay, start, end)
            }
        }
    }
}

/// Whether `start..end` lies at the beginning of a part of a composed word, and within that part.
fn begins_part(hay: &Hay, start: usize, end: usize) -> bool {
    let (from, to) = around(hay, start, is_word);
    end <= to && hay.parts(from, to).iter().any(|(first, last)| *first == start && end <= *last)
}

/// Whether `start..end` lies inside an identifier and is long enough to be found there.
fn inside(hay: &Hay, start: usize, end: usize) -> bool {
    let (from, to) = around(hay, start, |c| is_word(c) || c.is_ascii_graphic());
    end - start >= 3 && end <= to && {
        let part = Hay { original: hay.original[from..to].to_vec(), folded: hay.folded[from..to].to_vec() };
        part.identifiers().any(|(first, last)| from + first <= start && end <= from + last)
    }
}

/// The stretch of characters of a kind around `at`. No further than an identifier reaches: texts
/// may be long and without a space.
fn around(hay: &Hay, at: usize, kind: impl Fn(char) -> bool) -> (usize, usize) {
    let reach = IDENTIFIER_CHARS + 1;
    let before = hay.folded[..at].iter().rev().take(reach).take_while(|c| kind(**c)).count();
    let after = hay.folded[at..].iter().take(reach).take_while(|c| kind(**c)).count();
    (at - before, at + after)
}

/// Where all clauses stand in `hay`; none when it is no hit.
pub fn find(hay: &Hay, clauses: &[Clause]) -> Option<Found> {
    find_in(&[hay], clauses).map(|mut each| each.swap_remove(0))
}

/// Where the clauses stand in each of `hays`; none when they are no hit: one that must stand
/// somewhere stands in none of them, or one that must not stands in one.
pub fn find_in(hays: &[&Hay], clauses: &[Clause]) -> Option<Vec<Found>> {
    let mut all = vec![Found::new(); hays.len()];
    for clause in clauses {
        let mut stands = false;
        for (hay, found) in hays.iter().zip(&mut all) {
            let places = clause.places(hay);
            stands |= !places.is_empty();
            found.extend(places);
        }
        if stands == clause.negated {
            return None;
        }
    }
    let sorted = |mut found: Found| {
        found.sort_unstable();
        merged(found)
    };
    Some(all.into_iter().map(sorted).collect())
}

fn merged(sorted: Found) -> Found {
    let mut out = Found::new();
    for (start, end) in sorted {
        match out.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _ => out.push((start, end)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str, query: &str) -> Option<Found> {
        find(&Hay::new(text), &[Clause::new(ClauseKind::Word, query, false).unwrap()])
    }

    fn phrase(text: &str, query: &str) -> bool {
        find(&Hay::new(text), &[Clause::new(ClauseKind::Phrase, query, false).unwrap()]).is_some()
    }

    #[test]
    fn english_is_found_by_the_beginnings_of_words() {
        assert_eq!(word("A Deployment", "deploy"), Some(vec![(2, 8)]));
        assert_eq!(word("redeploy", "deploy"), None);
    }

    #[test]
    fn identifiers_are_found_by_parts_and_substrings() {
        assert!(word("call getUserName()", "user").is_some());
        assert!(word("call getUserName()", "serna").is_some());
        assert!(word("call getUserName()", "se").is_none(), "too short inside");
        assert!(word("in foo_bar.baz:", "bar.b").is_some());
        assert!(word("c++ and c", "c++").is_some());
        assert!(word("just c", "c++").is_none());
    }

    #[test]
    fn chinese_is_found_anywhere() {
        assert_eq!(word("我们用PostgreSQL存数据。", "sql存"), Some(vec![(10, 14)]));
        assert!(word("ＡＢ数据", "ab数").is_some());
    }

    #[test]
    fn phrases_are_exact() {
        assert!(phrase("the quick\n  brown fox", "Quick brown"));
        assert!(!phrase("the quick brownie", "quick brown"));
        assert!(!phrase("quick, brown", "quick brown"));
        assert!(phrase("发布在周五", "在周"));
    }

    #[test]
    fn excluded_words_exclude() {
        let clauses = [
            Clause::new(ClauseKind::Word, "red", false).unwrap(),
            Clause::new(ClauseKind::Word, "blue", true).unwrap(),
        ];
        assert!(find(&Hay::new("red"), &clauses).is_some());
        assert!(find(&Hay::new("red blue"), &clauses).is_none());
        assert!(Clause::new(ClauseKind::Word, "--:)", false).is_none());
    }
}
