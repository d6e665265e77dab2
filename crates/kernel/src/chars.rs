//! Characters: how they are folded, which are words, which stand for themselves.

/// The form in which characters are compared: lower case, full-width forms as ordinary ones.
/// One character stays one character, so that places in the folded text are places in the text.
pub fn fold(c: char) -> char {
    let narrow = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    };
    if narrow.is_ascii() {
        return narrow.to_ascii_lowercase();
    }
    narrow.to_lowercase().next().unwrap_or(narrow)
}

/// Whether `c` is written without spaces between words, or is a picture: it is indexed by itself
/// and together with its neighbour.
pub fn is_gram(c: char) -> bool {
    matches!(c,
        '\u{2600}'..='\u{27BF}' | '\u{2E80}'..='\u{2FDF}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{312F}' | '\u{3131}'..='\u{318E}' | '\u{31A0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{A960}'..='\u{A97F}'
        | '\u{AC00}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9F}'
        | '\u{1F000}'..='\u{1FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether `c` (folded) belongs to a word that has spaces or punctuation around it.
pub fn is_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() && !is_gram(c) }
}
