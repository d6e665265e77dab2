//! A card, as it is stored. Messages are read with it; the names are theirs, too.

use serde::Serialize;

/// Longest title, in characters.
const TITLE: usize = 200;
/// Longest description, in characters.
const DESCRIPTION: usize = 400;
/// Longest name of a site, in characters.
const SITE: usize = 80;

/// What was found at an address.
#[derive(Debug, Default, Serialize)]
pub(super) struct Card {
    pub(super) url: String,
    pub(super) site: String,
    pub(super) title: String,
    pub(super) description: String,
    pub(super) icon: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<Image>,
}

/// Its picture, made small.
#[derive(Debug, Serialize)]
pub(super) struct Image {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) color: String,
}

impl Card {
    /// A card of cleaned texts.
    pub(super) fn new(url: &str, site: &str, title: &str, description: &str) -> Card {
        Card {
            url: url.to_owned(),
            site: line(site, SITE),
            title: line(title, TITLE),
            description: line(description, DESCRIPTION),
            icon: false,
            image: None,
        }
    }
}

/// One line without what deceives, of at most so many characters.
fn line(text: &str, max: usize) -> String {
    let visible: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !weft_kernel::names::is_deceptive(*c) || *c == '\u{200D}')
        .take(max * 8)
        .collect();
    let words = visible.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match words.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", words[..end].trim_end()),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_line_is_one_line_and_shows_what_it_is() {
        assert_eq!(line("  a\n\t b\u{202E}c\u{0}  ", 10), "a bc");
        assert_eq!(line("经纬经纬经纬", 4), "经纬经纬…");
        assert_eq!(line("", 4), "");
    }
}
