//! The text of a page whose author may have written in any encoding.

use encoding_rs::Encoding;

use crate::look::text;

/// How far into a page its own word for its encoding is looked for.
const PRESCAN: usize = 4096;

/// The text of `bytes`, by a byte order mark, the server's word, the page's own word, or what the
/// bytes look like.
pub(super) fn text(bytes: &[u8], content_type: Option<&str>) -> String {
    if Encoding::for_bom(bytes).is_none()
        && let Some(encoding) = content_type.and_then(of_server).or_else(|| of_page(bytes))
    {
        return encoding.decode_without_bom_handling(bytes).0.into_owned();
    }
    text::decoded(bytes).0
}

fn of_server(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let (_, after) = lower.split_once("charset=")?;
    label(after.as_bytes())
}

fn of_page(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(PRESCAN)].to_ascii_lowercase();
    let mut rest = head.as_slice();
    while let Some(at) = memchr::memmem::find(rest, b"charset") {
        rest = &rest[at + b"charset".len()..];
        let after = rest.trim_ascii_start();
        if let Some(found) = after.strip_prefix(b"=").and_then(label) {
            // What is read as ASCII so far cannot be UTF-16, whatever it says.
            let wide = [encoding_rs::UTF_16BE, encoding_rs::UTF_16LE].contains(&found);
            return Some(if wide { encoding_rs::UTF_8 } else { found });
        }
    }
    None
}

fn label(after: &[u8]) -> Option<&'static Encoding> {
    let after = after.trim_ascii_start();
    let after = after.strip_prefix(b"\"").or_else(|| after.strip_prefix(b"'")).unwrap_or(after);
    let end = after.iter().position(|b| b"\"';> \t\r\n/".contains(b)).unwrap_or(after.len());
    Encoding::for_label(&after[..end])
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn whoever_says_the_encoding_is_believed_in_this_order() {
        let gbk: &[u8] = b"<meta charset=gbk>\xD6\xD0\xCE\xC4";
        assert!(text(gbk, Some("text/html")).ends_with("中文"));
        let silent: &[u8] = b"<title>\xD6\xD0\xCE\xC4\xB1\xA8\xB8\xE6</title>";
        assert_eq!(text(silent, None), "<title>中文报告</title>");
        assert_eq!(text(silent, Some("text/html; charset=\"GB2312\"")), "<title>中文报告</title>");
        let http_equiv: &[u8] = b"<meta http-equiv=content-type content='text/html; charset=big5'>\xA4\xA4";
        assert!(text(http_equiv, None).ends_with('中'));
        assert_eq!(text(b"\xEF\xBB\xBFa\xE4\xB8\xAD", Some("text/html; charset=gbk")), "a中");
        assert!(text("<meta charset=utf-16>中".as_bytes(), None).ends_with('中'));
        let broken = text(b"<meta charset=nonsense>\xFF\xFF\x80", Some("text/html; charset=also-nonsense"));
        assert!(broken.starts_with("<meta"));
    }
}
