//! What is changed in a mail before it is parsed: the parser opens messages in messages as deep as
//! they go, and gives each back by calling itself.

/// What a part must not be taken for, and what it is taken for instead, of the same length.
const TYPES: [(&[u8], &[u8]); 3] = [(b"rfc822", b"x-mail"), (b"global", b"x-mail"), (b"digest", b"x-mult")];
/// The header that says what a part is.
const KIND: &[u8] = b"content-type";

/// Makes every message in `mail` a part like any other, and answers how many parts there are at most.
pub(super) fn make(mail: &mut [u8]) -> usize {
    let mut parts = 0;
    let mut at = 0;
    while let Some(found) = find(&mail[at..], KIND) {
        parts += 1;
        let from = at + found + KIND.len();
        let to = from + header(&mail[from..]);
        for (word, instead) in TYPES {
            let mut within = from;
            while let Some(found) = find(&mail[within..to], word) {
                mail[within + found..within + found + word.len()].copy_from_slice(instead);
                within += found + word.len();
            }
        }
        at = to;
    }
    parts
}

/// Where `word` begins, whatever its case.
fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    bytes.windows(word.len()).position(|window| window.eq_ignore_ascii_case(word))
}

/// How long a header's value is: to the end of the last line that it is folded over.
fn header(bytes: &[u8]) -> usize {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let last = ends.map(|(at, _)| at).find(|at| !matches!(bytes.get(at + 1), Some(b' ' | b'\t')));
    last.unwrap_or(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_headers_are_changed() {
        let mut mail =
            b"Content-Type: message/RFC822;\r\n x=digest\r\nSubject: my digest\r\n\r\nglobal digest".to_vec();
        assert_eq!(make(&mut mail), 1);
        let expected =
            b"Content-Type: message/x-mail;\r\n x=x-mult\r\nSubject: my digest\r\n\r\nglobal digest";
        assert_eq!(mail, expected);
        assert_eq!(make(&mut Vec::new()), 0);
        assert_eq!(make(&mut b"content-typecontent-type".to_vec()), 1);
    }
}
