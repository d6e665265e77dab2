//! Text files: told from binary ones, and their beginning as UTF-8.

/// Whether bytes are the beginning of a text: UTF-8, UTF-16 with a mark, or an older encoding
/// without control characters.
pub(crate) fn is_text(head: &[u8]) -> bool {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return head.len().is_multiple_of(2) || head.len() >= 1024;
    }
    let control = |b: &u8| *b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B);
    if head.iter().any(|b| control(b) || *b == 0x7F) {
        return false;
    }
    match std::str::from_utf8(head) {
        Ok(_) => true,
        // The head may end in the midst of a character.
        Err(error) if error.error_len().is_none() => true,
        // GB18030 and its like: mostly letters of two bytes, the first with its high bit.
        Err(_) => decoded(head).1,
    }
}

/// The text as UTF-8, and whether it was understood without a doubt.
pub(crate) fn decoded(bytes: &[u8]) -> (String, bool) {
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return (String::from_utf8_lossy(rest).into_owned(), true);
    }
    let utf16 = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = rest.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect::<String>()
    };
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return (utf16(rest, u16::from_le_bytes), true);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return (utf16(rest, u16::from_be_bytes), true);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => (text.to_owned(), true),
        Err(error) if error.error_len().is_none() => {
            (String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned(), true)
        }
        Err(_) => {
            let mut decoder = encoding_rs::GB18030.new_decoder_without_bom_handling();
            let mut text =
                String::with_capacity(decoder.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
            // Not the last piece: a character may be cut at the end.
            let (_, _, errors) = decoder.decode_to_string(bytes, &mut text, false);
            (text, !errors)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings() {
        let gbk = b"\xD6\xD0\xCE\xC4\xB1\xA8\xB8\xE6";
        assert!(is_text(gbk));
        assert_eq!(decoded(gbk).0, "中文报告");
        assert_eq!(decoded(b"\xFF\xFEh\0i\0").0, "hi");
        assert_eq!(decoded("半个字".as_bytes().split_last().unwrap().1).0, "半个");
        assert!(!is_text(b"\0\x01"));
        assert!(!is_text(b"\xFF\xD8\xFF\xE0\0"));
    }
}
