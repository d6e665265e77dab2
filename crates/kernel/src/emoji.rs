//! Names of emoji, as they stand between colons.

use std::{collections::HashSet, sync::LazyLock};

/// Longest name of an emoji, in characters.
pub const MAX_NAME_CHARS: usize = 32;

/// Whether `name` can be that of an org's own emoji, as it stands between colons: small Latin
/// letters, Chinese characters, digits, `_` and `-`, with at least one letter or character, so
/// that no time of day is one, and none of the signs at an end, where they would be Markdown.
pub fn is_name(name: &str) -> bool {
    let letter = |c: char| {
        c.is_ascii_lowercase()
            || matches!(c, '々' | '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{2FA1F}')
    };
    let fits = |c: char| letter(c) || c.is_ascii_digit() || c == '_' || c == '-';
    let edge = |c: Option<char>| c.is_some_and(|c| c != '_' && c != '-');
    let (first, last) = (name.chars().next(), name.chars().last());
    edge(first)
        && edge(last)
        && name.chars().count() <= MAX_NAME_CHARS
        && name.chars().all(fits)
        && name.chars().any(letter)
}

/// The names that every client knows, as the web client's table has them.
static STANDARD: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("standard_emoji.txt").lines().collect());

/// Whether `name` means an emoji that is a character. Clients read a hyphen as an underscore where
/// that makes it one.
pub fn is_standard(name: &str) -> bool {
    STANDARD.contains(name) || STANDARD.contains(name.replace('-', "_").as_str())
}
