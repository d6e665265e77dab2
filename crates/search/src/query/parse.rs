//! The query language: words, `"phrases"`, `-excluded`, and filters such as `from:mei`.
//!
//! Everything that can be typed is understood somehow; what was not understood as meant is told in
//! a [`Warning`], never refused.

use serde::Serialize;
use utoipa::ToSchema;

use crate::text::{Clause, ClauseKind};

/// Longest query that is read, in characters; the rest is left out.
pub const QUERY_CHARS: usize = 500;
/// Most words and phrases.
const CLAUSES: usize = 24;
/// Most filters.
const FILTERS: usize = 16;

/// What a filter is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FilterKey {
    /// Who sent it.
    From,
    /// Where it was said.
    In,
    /// `link`, `file`, `image`, `code`, `reaction`, `pin`.
    Has,
    /// Before a day, month or year.
    Before,
    /// After a day, month or year.
    After,
    /// On a day, in a month or year.
    On,
    /// `thread`, `edited`, `pinned`.
    Is,
    /// Who is mentioned.
    Mentions,
    /// Words of the message's or the conversation's topic.
    Topic,
}

const KEYS: [(&str, FilterKey); 9] = [
    ("from", FilterKey::From),
    ("in", FilterKey::In),
    ("has", FilterKey::Has),
    ("before", FilterKey::Before),
    ("after", FilterKey::After),
    ("on", FilterKey::On),
    ("is", FilterKey::Is),
    ("mentions", FilterKey::Mentions),
    ("topic", FilterKey::Topic),
];

/// A filter as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Filter {
    /// What it is about.
    pub key: FilterKey,
    /// What it asks for.
    pub value: String,
    /// Only what it does not fit.
    pub negated: bool,
}

/// Something of the query that was not taken as it may have been meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// `unknown_filter`, `unknown_value`, `unknown_person`, `unknown_conversation`, `unknown_date`,
    /// `open_quote`, `not_searchable`, `only_excluded`, `query_cut`.
    pub code: &'static str,
    /// The part of the query that it is about.
    pub part: String,
}

/// A query, understood.
#[derive(Debug, Default)]
pub struct Parsed {
    /// Words and phrases; all of them must fit.
    pub clauses: Vec<Clause>,
    /// The filters; all of them must fit.
    pub filters: Vec<Filter>,
    /// What was not understood.
    pub warnings: Vec<Warning>,
}

impl Parsed {
    pub(crate) fn warn(&mut self, code: &'static str, part: impl Into<String>) {
        let warning = Warning { code, part: part.into() };
        if !self.warnings.contains(&warning) && self.warnings.len() < CLAUSES {
            self.warnings.push(warning);
        }
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.filters.is_empty() && !self.clauses.iter().any(|clause| !clause.negated)
    }
}

/// Reads a query.
pub fn parse(text: &str) -> Parsed {
    // No text holds a NUL, and PostgreSQL would refuse the question.
    let mut chars: Vec<char> =
        text.chars().take(QUERY_CHARS + 1).map(|c| if c == '\0' { ' ' } else { c }).collect();
    let mut parsed = Parsed::default();
    if chars.len() > QUERY_CHARS {
        chars.truncate(QUERY_CHARS);
        parsed.warn("query_cut", "");
    }
    let mut reader = Reader { chars: &chars, at: 0 };
    while let Some(token) = reader.next(&mut parsed) {
        parsed.take(token);
    }
    if parsed.filters.is_empty() && !parsed.clauses.is_empty() && parsed.clauses.iter().all(|c| c.negated) {
        parsed.warn("only_excluded", "");
    }
    parsed
}

/// One word, phrase or filter.
struct Token {
    negated: bool,
    /// What stood before the colon.
    key: Option<String>,
    value: String,
    quoted: bool,
}

impl Parsed {
    fn take(&mut self, token: Token) {
        let Token { negated, key, value, quoted } = token;
        let Some(key) = key else { return self.clause(&value, quoted, negated) };
        let known = KEYS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&key)).map(|(_, key)| *key);
        match known {
            _ if self.filters.len() >= FILTERS => self.warn("query_cut", ""),
            Some(_) if value.trim().is_empty() => self.warn("unknown_value", format!("{key}:")),
            Some(key) => self.filters.push(Filter { key, value: value.trim().to_owned(), negated }),
            None => {
                // `error:timeout` may well stand in a text.
                self.warn("unknown_filter", format!("{key}:"));
                self.clause(&format!("{key}:{value}"), quoted, negated);
            }
        }
    }

    fn clause(&mut self, text: &str, quoted: bool, negated: bool) {
        let kind = if quoted { ClauseKind::Phrase } else { ClauseKind::Word };
        match Clause::new(kind, text, negated) {
            _ if self.clauses.len() >= CLAUSES => self.warn("query_cut", ""),
            Some(clause) => self.clauses.push(clause),
            None => self.warn("not_searchable", text),
        }
    }
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn next(&mut self, parsed: &mut Parsed) -> Option<Token> {
        while self.peek()?.is_whitespace() {
            self.at += 1;
        }
        let negated =
            self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|c| !c.is_whitespace());
        if negated {
            self.at += 1;
        }
        if let Some(value) = self.quoted(parsed) {
            return Some(Token { negated, key: None, value, quoted: true });
        }
        let key = self.key();
        if key.is_some()
            && let Some(value) = self.quoted(parsed)
        {
            return Some(Token { negated, key, value, quoted: true });
        }
        Some(Token { negated, key, value: self.word(), quoted: false })
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn word(&mut self) -> String {
        let word: String = self.chars[self.at..].iter().take_while(|c| !c.is_whitespace()).collect();
        self.at += word.chars().count();
        word
    }

    /// `name:` where a filter could stand; not in `http://…`, `a::b` or `10:30`.
    fn key(&mut self) -> Option<String> {
        let rest = &self.chars[self.at..];
        let letters = rest.iter().take_while(|c| c.is_ascii_alphabetic()).count();
        let colon = rest.get(letters).is_some_and(|c| matches!(c, ':' | '：'));
        if letters == 0 || !colon || matches!(rest.get(letters + 1), Some('/' | ':')) {
            return None;
        }
        self.at += letters + 1;
        Some(rest[..letters].iter().collect())
    }

    /// A quoted stretch, if one begins here. One that is not closed reaches to the end.
    fn quoted(&mut self, parsed: &mut Parsed) -> Option<String> {
        let close = match self.peek()? {
            '"' | '＂' => ['"', '＂'],
            '“' | '”' => ['”', '“'],
            _ => return None,
        };
        let rest = &self.chars[self.at + 1..];
        let length = rest.iter().position(|c| close.contains(c));
        let text: String = rest[..length.unwrap_or(rest.len())].iter().collect();
        if length.is_none() {
            parsed.warn("open_quote", &text);
        }
        self.at = (self.at + 2 + length.unwrap_or(rest.len())).min(self.chars.len());
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(parsed: &Parsed) -> Vec<(String, bool)> {
        parsed.clauses.iter().map(|c| (c.chars.iter().collect(), c.negated)).collect()
    }

    fn codes(parsed: &Parsed) -> Vec<&str> {
        parsed.warnings.iter().map(|w| w.code).collect()
    }

    #[test]
    fn words_phrases_and_filters_are_told_apart() {
        let parsed = parse("deploy -\"last week\" from:张伟 -in:\"#general\" “发布 会” http://a.b/c a::b");
        let expected = [
            ("deploy", false),
            ("last week", true),
            ("发布 会", false),
            ("http://a.b/c", false),
            ("a::b", false),
        ];
        assert_eq!(words(&parsed), expected.map(|(word, negated)| (word.to_owned(), negated)));
        assert_eq!(parsed.filters[0], Filter { key: FilterKey::From, value: "张伟".into(), negated: false });
        assert_eq!(parsed.filters[1], Filter { key: FilterKey::In, value: "#general".into(), negated: true });
        assert!(parsed.warnings.is_empty(), "{:?}", parsed.warnings);
    }

    #[test]
    fn unknown_filters_are_words_with_a_warning() {
        let parsed = parse("error:timeout from:");
        assert_eq!(words(&parsed), [("error:timeout".to_owned(), false)]);
        assert_eq!(codes(&parsed), ["unknown_filter", "unknown_value"]);
    }

    #[test]
    fn hostile_queries_are_read() {
        assert_eq!(codes(&parse("\"never closed")), ["open_quote"]);
        assert!(parse("- -- \"\" : :: -\" \" ---").is_empty());
        assert_eq!(codes(&parse("-a")), ["only_excluded"]);
        for text in ["\"", "-", "-\"", "from:\"", "：", "in：\"x", ""] {
            parse(text);
        }
        let long = parse(&"长".repeat(10_000));
        assert_eq!((long.clauses[0].chars.len(), codes(&long)), (QUERY_CHARS, vec!["query_cut"]));
        let many = parse(&"ab ".repeat(400));
        assert_eq!((many.clauses.len(), codes(&many)), (CLAUSES, vec!["query_cut"]));
    }
}
