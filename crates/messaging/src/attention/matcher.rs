//! Which alerts a message meets: one automaton for all keywords of an org, and who watches whom.
//! Its cost is that of reading the text once, however many people have alerts.

use aho_corasick::AhoCorasick;
use rustc_hash::FxHashMap;
use weft_kernel::{
    Fault, PrincipalKey,
    chars::{fold, is_gram, is_word},
    id::PrincipalId,
};

/// The alerts of one org, inverted.
#[derive(Default)]
pub(super) struct Matcher {
    keywords: Option<AhoCorasick>,
    /// By the automaton's pattern: the keyword, and who wants to know.
    patterns: Vec<(String, Vec<PrincipalKey>)>,
    watched: FxHashMap<PrincipalId, Vec<PrincipalKey>>,
}

/// What of somebody's alerts a message meets.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Hit {
    pub(super) keywords: Vec<String>,
    pub(super) person: bool,
}

impl Matcher {
    /// From everybody's keywords (as [`keyword`] makes them) and people.
    pub(super) fn build(
        rules: impl IntoIterator<Item = (PrincipalKey, Vec<String>, Vec<PrincipalId>)>,
    ) -> Result<Matcher, Fault> {
        let mut by_keyword: FxHashMap<String, Vec<PrincipalKey>> = FxHashMap::default();
        let mut watched: FxHashMap<PrincipalId, Vec<PrincipalKey>> = FxHashMap::default();
        for (who, keywords, people) in rules {
            for keyword in keywords {
                by_keyword.entry(keyword).or_default().push(who);
            }
            for person in people {
                watched.entry(person).or_default().push(who);
            }
        }
        let patterns: Vec<_> = by_keyword.into_iter().collect();
        let keywords = match patterns.as_slice() {
            [] => None,
            some => {
                let built = AhoCorasick::new(some.iter().map(|(keyword, _)| keyword.as_bytes()));
                Some(built.map_err(Fault::internal)?)
            }
        };
        Ok(Matcher { keywords, patterns, watched })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.is_empty() && self.watched.is_empty()
    }

    /// Whose alerts a message of `sender` meets that says `text`.
    pub(super) fn hits(&self, sender: PrincipalId, text: &str) -> FxHashMap<PrincipalKey, Hit> {
        let mut hits: FxHashMap<PrincipalKey, Hit> = FxHashMap::default();
        for who in self.watched.get(&sender).into_iter().flatten() {
            hits.entry(*who).or_default().person = true;
        }
        let Some(keywords) = &self.keywords else { return hits };
        let text = normal(text);
        let mut met = vec![false; self.patterns.len()];
        for found in keywords.find_overlapping_iter(&text) {
            let pattern = found.pattern().as_usize();
            if !met[pattern] && stands_alone(&text, found.start(), found.end()) {
                met[pattern] = true;
                let (keyword, people) = &self.patterns[pattern];
                for who in people {
                    hits.entry(*who).or_default().keywords.push(keyword.clone());
                }
            }
        }
        hits
    }
}

/// A keyword as it is looked for; none when it holds nothing that could be found.
pub(super) fn keyword(text: &str) -> Option<String> {
    let normal = normal(text);
    normal.chars().any(|c| is_word(c) || is_gram(c)).then_some(normal)
}

/// A text as keywords are looked for in it: folded as search does, without the characters that
/// make words bold, struck or code, ids as spaces, any white space as one space.
fn normal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let token = ["<@", "<#"].iter().any(|start| rest.starts_with(start));
        let end = token.then(|| rest.bytes().take(TOKEN).position(|b| b == b'>')).flatten();
        if let Some(end) = end {
            space(&mut out);
            rest = &rest[end + 1..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match fold(c) {
            '*' | '~' | '`' => {}
            c if c.is_whitespace() => space(&mut out),
            c => out.push(c),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Longest `<@usr_…>`, in bytes.
const TOKEN: usize = 40;

fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// Whether no word begins before `start` or goes on after `end`: where words have spaces between
/// them, part of one is not it.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let found = &text[start..end];
    let cuts = |inside: Option<char>, outside: Option<char>| {
        inside.is_some_and(is_word) && outside.is_some_and(is_word)
    };
    !cuts(found.chars().next(), text[..start].chars().next_back())
        && !cuts(found.chars().next_back(), text[end..].chars().next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Case {
        text: String,
        keyword: String,
        found: bool,
    }

    #[derive(serde::Deserialize)]
    struct Table {
        r#match: Vec<Case>,
    }

    fn someone() -> PrincipalId {
        weft_kernel::Id::from_uuid(uuid::Uuid::from_u128(7))
    }

    #[test]
    fn the_table_holds() {
        let table: Table = serde_json::from_str(include_str!("cases.json")).expect("the table");
        for case in table.r#match {
            let rules = [(PrincipalKey(1), vec![keyword(&case.keyword).expect("a keyword")], Vec::new())];
            let hits = Matcher::build(rules).expect("an automaton").hits(someone(), &case.text);
            assert_eq!(!hits.is_empty(), case.found, "{:?} in {:?}", case.keyword, case.text);
        }
    }

    #[test]
    fn everybody_hears_of_their_own() {
        let words = |all: &[&str]| all.iter().filter_map(|word| keyword(word)).collect::<Vec<_>>();
        let rules = [
            (PrincipalKey(1), words(&["发布", "plan", "release plan"]), vec![someone()]),
            (PrincipalKey(2), words(&["plan"]), Vec::new()),
            (PrincipalKey(3), words(&["budget"]), Vec::new()),
        ];
        let hits = Matcher::build(rules).expect("an automaton").hits(someone(), "Plan? The release plan!");
        let mut first = hits[&PrincipalKey(1)].clone();
        first.keywords.sort();
        assert_eq!(first, Hit { keywords: words(&["plan", "release plan"]), person: true });
        assert_eq!(hits[&PrincipalKey(2)].keywords, ["plan"]);
        assert!(!hits.contains_key(&PrincipalKey(3)));
        assert!(keyword("** ~").is_none());
    }
}
