//! Names of files: whatever a client sends, only a harmless last component is kept.

use weft_http::limits;
use weft_kernel::names::tidy_line;

/// A harmless name: no path, nothing invisible or direction-changing, not too long. The end, which
/// says what a file is, survives the cut.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String =
        last.chars().filter(|c| !matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*')).collect();
    let clean = tidy_line(&visible, usize::MAX).unwrap_or_default();
    // A name of dots is a folder; a trailing dot or space is dropped by Windows.
    let clean = clean.trim_end_matches(['.', ' ']);
    if clean.is_empty() {
        return "file".into();
    }
    shorten(clean, limits::FILE_NAME)
}

fn shorten(name: &str, max: usize) -> String {
    let count = name.chars().count();
    if count <= max {
        return name.to_owned();
    }
    let end = extension(name).map_or(0, |end| end.chars().count() + 1).min(20);
    let head: String = name.chars().take(max - end).collect();
    let tail: String = name.chars().skip(count - end).collect();
    head + &tail
}

/// What follows the last dot, in lower case, if it looks like an extension.
pub(crate) fn extension(name: &str) -> Option<String> {
    let (stem, end) = name.rsplit_once('.')?;
    let fits =
        !stem.is_empty() && (1..=16).contains(&end.len()) && end.bytes().all(|b| b.is_ascii_alphanumeric());
    fits.then(|| end.to_ascii_lowercase())
}

/// A `Content-Disposition` by RFC 6266: an ASCII name for old clients, the real one beside it.
pub fn disposition(inline: bool, name: &str) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let plain =
        |c: char| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        // attr-char of RFC 5987.
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("{kind}; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_become_harmless() {
        for (given, kept) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Windows\\system32\\evil.exe", "evil.exe"),
            ("a\u{202E}gnp.exe", "agnp.exe"),
            ("x\r\nSet-Cookie: a=b.txt", "x Set-Cookie a=b.txt"),
            ("nul\0byte.txt", "nulbyte.txt"),
            ("..", "file"),
            ("", "file"),
            ("\u{200B}\u{200B}", "file"),
            ("<img src=x onerror=alert(1)>.png", "img src=x onerror=alert(1).png"),
            ("季度 报告.pdf", "季度 报告.pdf"),
            ("trailing. . ", "trailing"),
        ] {
            assert_eq!(clean_name(given), kept, "{given:?}");
        }
        let long = clean_name(&format!("{}.tar.gz", "长".repeat(400)));
        assert_eq!(long.chars().count(), limits::FILE_NAME);
        assert!(long.ends_with(".gz"));
    }

    #[test]
    fn a_disposition_cannot_be_broken_out_of() {
        let header = disposition(false, "a\"; filename=evil.exe; x=\"报告.pdf");
        assert_eq!(
            header,
            "attachment; filename=\"a_; filename=evil.exe; x=___.pdf\"; \
             filename*=UTF-8''a%22%3B%20filename%3Devil.exe%3B%20x%3D%22%E6%8A%A5%E5%91%8A.pdf"
        );
    }

    #[test]
    fn extensions() {
        assert_eq!(extension("a.TAR.GZ").as_deref(), Some("gz"));
        assert_eq!(extension(".bashrc"), None);
        assert_eq!(extension("a."), None);
    }
}
