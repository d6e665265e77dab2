//! Names that people give to people, orgs and conversations: cleaned once, at the border.

use crate::fault::Fault;

pub use crate::search_key::search_key;

/// Longest name, in characters.
pub const MAX_NAME_CHARS: usize = 80;

/// Whether `c` may not stand in a name or a single line: control characters, bidirectional
/// overrides and isolates (which can make one name look like another), and zero-width characters.
///
/// ZWJ and ZWNJ are refused too: emoji sequences in names are not worth spoofed names.
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{E0000}'..='\u{E0FFF}')
}

/// A clean single-line name: trimmed, inner white space folded to one space.
///
/// # Errors
/// `invalid` with `field` when it is empty, longer than `max` characters, or holds a character
/// that [`is_deceptive`].
pub fn clean_line(field: &'static str, text: &str, max: usize) -> Result<String, Fault> {
    if text.chars().any(|c| is_deceptive(c) && !c.is_whitespace() && c != '\t' && c != '\n') {
        return Err(Fault::invalid(
            field,
            "It holds an invisible or direction-changing character. Type it again without it.",
        ));
    }
    let clean = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if clean.is_empty() {
        return Err(Fault::invalid(field, "It must not be empty."));
    }
    if clean.chars().count() > max {
        return Err(Fault::invalid(field, format!("It may have at most {max} characters.")));
    }
    Ok(clean)
}

/// A clean text of several lines (a topic, a purpose): NUL and deceptive characters are refused,
/// line breaks kept. May be empty.
///
/// # Errors
/// `invalid` with `field`.
pub fn clean_text(field: &'static str, text: &str, max: usize) -> Result<String, Fault> {
    if text.chars().any(|c| is_deceptive(c) && c != '\n' && c != '\t' && c != '\u{200D}') {
        return Err(Fault::invalid(field, "It holds a control or direction-changing character."));
    }
    let clean = text.trim();
    if clean.chars().count() > max {
        return Err(Fault::invalid(field, format!("It may have at most {max} characters.")));
    }
    Ok(clean.to_owned())
}

/// The key by which names are compared and found: lower case, without surrounding white space.
pub fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}

/// A clean single-line name out of foreign data, which is made to fit instead of refused:
/// deceptive characters dropped, white space folded, cut at `max` characters. None when nothing
/// is left.
pub fn tidy_line(text: &str, max: usize) -> Option<String> {
    let visible: String = text.chars().filter(|c| c.is_whitespace() || !is_deceptive(*c)).collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let cut: String = line.chars().take(max).collect();
    let cut = cut.trim_end();
    (!cut.is_empty()).then(|| cut.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deceptive_names_are_refused() {
        for bad in ["a\u{202E}b", "a\u{200B}", "\u{0}x", "", "   ", "x\u{2066}y", "\u{FEFF}bob"] {
            assert!(clean_line("name", bad, 80).is_err(), "{bad:?}");
        }
        assert_eq!(clean_line("name", "  欧阳  娜娜 ", 80).unwrap(), "欧阳 娜娜");
        assert!(clean_line("name", &"长".repeat(81), 80).is_err());
    }

    #[test]
    fn foreign_names_are_made_to_fit() {
        assert_eq!(tidy_line(" a\u{202E}b\n c ", 80).as_deref(), Some("ab c"));
        assert_eq!(tidy_line("\u{200B}\u{0}", 80), None);
        assert_eq!(tidy_line(&"长".repeat(90), 80).map(|n| n.chars().count()), Some(80));
    }
}
