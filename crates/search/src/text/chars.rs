//! Characters: how they are folded, which are words, which stand for themselves.

pub use weft_kernel::chars::{fold, is_gram, is_word};

/// Longest stretch without white space that is searched for its inner parts, in characters.
pub const IDENTIFIER_CHARS: usize = 200;
/// Most parts of one word that are told apart.
const PARTS: usize = 24;

/// A text to be searched or indexed.
#[derive(Debug)]
pub struct Hay {
    /// As written; decides where `camelCase` has its humps.
    pub original: Vec<char>,
    /// Folded, of the same length.
    pub folded: Vec<char>,
}

impl Hay {
    /// Reads `text`.
    pub fn new(text: &str) -> Hay {
        let original: Vec<char> = text.chars().collect();
        let folded = original.iter().map(|c| fold(*c)).collect();
        Hay { original, folded }
    }

    /// The words, as places: maximal runs of [`is_word`].
    pub fn words(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        runs(&self.folded, is_word)
    }

    /// The parts of the word `start..end`: at humps, and where letters meet digits. A word without
    /// any is its only part.
    pub fn parts(&self, start: usize, end: usize) -> Vec<(usize, usize)> {
        let mut parts = Vec::new();
        let mut from = start;
        for at in start + 1..end {
            if parts.len() + 1 < PARTS && self.hump(at, end) {
                parts.push((from, at));
                from = at;
            }
        }
        parts.push((from, end));
        parts
    }

    /// Whether a new part begins at `at`, inside a word that ends at `end`.
    fn hump(&self, at: usize, end: usize) -> bool {
        let (before, here) = (self.original[at - 1], self.original[at]);
        if before.is_numeric() != here.is_numeric() {
            return true;
        }
        if !here.is_uppercase() {
            return false;
        }
        // `aB` begins a part at B, `ABc` too: `HTTPServer` is `HTTP` and `Server`.
        before.is_lowercase() || (at + 1 < end && self.original[at + 1].is_lowercase())
    }

    /// Identifiers, as places: stretches without white space that are more than one plain word
    /// (`getUserName`, `v2.1`, `foo_bar`, `https://…`), at most [`IDENTIFIER_CHARS`] long.
    pub fn identifiers(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        runs(&self.folded, |c| !c.is_whitespace() && !is_gram(c) && (is_word(c) || c.is_ascii_graphic()))
            .filter_map(|(start, end)| self.identifier(start, end))
    }

    fn identifier(&self, mut start: usize, mut end: usize) -> Option<(usize, usize)> {
        while start < end && !is_word(self.folded[start]) {
            start += 1;
        }
        while start < end && !is_word(self.folded[end - 1]) {
            end -= 1;
        }
        let run = start..end;
        let composed = run.clone().any(|at| {
            let c = self.folded[at];
            !is_word(c) || c.is_numeric() || (at > start && self.hump(at, end))
        });
        composed.then(|| (start, end.min(start + IDENTIFIER_CHARS)))
    }

    /// The folded text of a place.
    pub fn text(&self, start: usize, end: usize) -> String {
        self.folded[start..end].iter().collect()
    }
}

/// Maximal runs of characters of a kind.
fn runs(chars: &[char], kind: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < chars.len() && !kind(chars[at]) {
            at += 1;
        }
        let start = at;
        while at < chars.len() && kind(chars[at]) {
            at += 1;
        }
        (at > start).then_some((start, at))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(word: &str) -> Vec<String> {
        let hay = Hay::new(word);
        hay.parts(0, hay.folded.len()).into_iter().map(|(a, b)| hay.text(a, b)).collect()
    }

    #[test]
    fn words_have_parts() {
        assert_eq!(parts("getUserName"), ["get", "user", "name"]);
        assert_eq!(parts("HTTPServer2"), ["http", "server", "2"]);
        assert_eq!(parts("plain"), ["plain"]);
    }

    #[test]
    fn identifiers_are_more_than_a_word() {
        let hay = Hay::new("the (foo_bar), e.g. getName at v2 用v3发 Plain END.");
        let found: Vec<String> = hay.identifiers().map(|(a, b)| hay.text(a, b)).collect();
        assert_eq!(found, ["foo_bar", "e.g", "getname", "v2", "v3"]);
    }

    #[test]
    fn folding_keeps_places() {
        let hay = Hay::new("ＡＢ İstanbul ẞ");
        assert_eq!(hay.original.len(), hay.folded.len());
        assert_eq!(hay.text(0, 2), "ab");
    }
}
