//! The terms that a text is indexed by.

use rustc_hash::FxHashSet;

use super::chars::{Hay, is_gram, is_word};

/// Longest word kept, in characters; longer ones are found by their beginning.
pub const WORD_CHARS: usize = 64;
/// Beginnings of words up to this length are terms of their own: so many words share them that
/// collecting those would take too long.
pub const EDGE_CHARS: usize = 3;

/// What a text is found by. Places are counted in words for `words`, in characters for `grams`.
#[derive(Debug, Default)]
pub struct Terms {
    /// Words and the parts of composed ones, with the number of the word.
    pub words: Vec<(String, usize)>,
    /// Beginnings of words and parts, up to [`EDGE_CHARS`].
    pub edges: FxHashSet<String>,
    /// Single characters and pairs of neighbours, with the character's place.
    pub grams: Vec<(String, usize)>,
    /// Three neighbours inside an identifier.
    pub trigrams: FxHashSet<String>,
}

impl Terms {
    /// The terms of a text.
    pub fn of(hay: &Hay) -> Terms {
        let mut terms = Terms::default();
        for (number, (start, end)) in hay.words().enumerate() {
            terms.word(hay, start, end, number);
            let parts = hay.parts(start, end);
            if parts.len() > 1 {
                for (from, to) in parts {
                    terms.word(hay, from, to, number);
                }
            }
        }
        terms.grams(&hay.folded);
        for (start, end) in hay.identifiers() {
            terms.trigrams.extend(hay.folded[start..end].windows(3).map(String::from_iter));
        }
        terms
    }

    fn word(&mut self, hay: &Hay, start: usize, end: usize, number: usize) {
        let word = hay.text(start, end.min(start + WORD_CHARS));
        for (at, c) in word.char_indices().take(EDGE_CHARS) {
            let beginning = &word[..at + c.len_utf8()];
            if !self.edges.contains(beginning) {
                self.edges.insert(beginning.to_owned());
            }
        }
        self.words.push((word, number));
    }

    fn grams(&mut self, folded: &[char]) {
        for (at, c) in folded.iter().enumerate() {
            if is_gram(*c) {
                self.grams.push((c.to_string(), at));
            }
            if let Some(next) = folded.get(at + 1)
                && is_pair(*c, *next)
            {
                self.grams.push((String::from_iter([c, next]), at));
            }
        }
    }
}

/// Whether two neighbours make a term: one of them stands for itself, the other too or is a letter
/// or digit. So `用v2发` is found by `v2发`, though the words' borders are not where it begins.
pub fn is_pair(a: char, b: char) -> bool {
    (is_gram(a) && (is_gram(b) || is_word(b))) || (is_word(a) && is_gram(b))
}

/// The fewest grams, with their places in `folded`, that together hold every gram character of it.
pub fn cover(folded: &[char]) -> Vec<(usize, String)> {
    let pair = |at: usize| at + 1 < folded.len() && is_pair(folded[at], folded[at + 1]);
    let text = |from: usize, to: usize| String::from_iter(&folded[from..to]);
    let mut out = Vec::new();
    let mut at = 0;
    while at < folded.len() {
        if pair(at) {
            out.push((at, text(at, at + 2)));
            at += 2;
        } else if !is_gram(folded[at]) {
            at += 1;
        } else if at > 0 && pair(at - 1) {
            // The odd one at the end: a pair is rarer than a single character.
            out.push((at - 1, text(at - 1, at + 1)));
            at += 1;
        } else {
            out.push((at, text(at, at + 1)));
            at += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(text: &str) -> Vec<(usize, String)> {
        cover(&Hay::new(text).folded)
    }

    #[test]
    fn pairs_cover_a_text() {
        let pair = |at: usize, text: &str| (at, text.to_owned());
        assert_eq!(covered("数据库"), [pair(0, "数据"), pair(1, "据库")]);
        assert_eq!(covered("数"), [pair(0, "数")]);
        assert_eq!(covered("v2发，好"), [pair(1, "2发"), pair(4, "好")]);
    }

    #[test]
    fn a_word_is_indexed_by_its_parts_and_beginnings() {
        let terms = Terms::of(&Hay::new("getName 用"));
        let words: Vec<&str> = terms.words.iter().map(|(word, _)| word.as_str()).collect();
        assert_eq!(words, ["getname", "get", "name"]);
        assert!(terms.edges.contains("na") && terms.edges.contains("get") && !terms.edges.contains("getn"));
        assert!(terms.trigrams.contains("tna"));
        assert_eq!(terms.grams, [("用".to_owned(), 8)]);
    }
}
