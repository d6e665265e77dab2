//! What an uploaded picture is, told from its first bytes without decoding it.

/// Largest width or height, in pixels: a decoder somewhere will have to hold it.
const MAX_SIDE: u32 = 4096;

/// The MIME type of a PNG, JPEG or WebP of 1 to 4,096 pixels a side.
pub(crate) fn picture(bytes: &[u8]) -> Option<&'static str> {
    let (mime, size) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        ("image/png", png(bytes))
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        ("image/jpeg", jpeg(bytes))
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        ("image/webp", webp(bytes))
    } else {
        return None;
    };
    let (width, height) = size?;
    let fits = |side: u32| (1..=MAX_SIDE).contains(&side);
    (fits(width) && fits(height)).then_some(mime)
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)))
}

fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    if bytes.get(12..16)? != b"IHDR" {
        return None;
    }
    let side = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    Some((side(16)?, side(20)?))
}

/// Walks the segments up to the frame header, which holds the size.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        match marker {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            // Frame headers are C0..CF without DHT, JPG and DAC.
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((be16(bytes, at + 7)?, be16(bytes, at + 5)?));
            }
            0xd9 | 0xda => return None,
            _ => {
                let length = be16(bytes, at + 2)? as usize;
                if length < 2 {
                    return None;
                }
                at += 2 + length;
            }
        }
    }
}

fn webp(bytes: &[u8]) -> Option<(u32, u32)> {
    let le24 = |at: usize| {
        let b = bytes.get(at..at + 3)?;
        Some(u32::from(b[0]) | u32::from(b[1]) << 8 | u32::from(b[2]) << 16)
    };
    match bytes.get(12..16)? {
        b"VP8X" => Some((le24(24)? + 1, le24(27)? + 1)),
        b"VP8L" => {
            let bits = u32::from_le_bytes(bytes.get(21..25)?.try_into().ok()?);
            (*bytes.get(20)? == 0x2f).then_some(((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1))
        }
        b"VP8 " => {
            let side = |at: usize| {
                Some(u32::from(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?)) & 0x3fff)
            };
            (bytes.get(23..26)? == [0x9d, 0x01, 0x2a]).then_some((side(26)?, side(28)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png_of(width: u32, height: u32) -> Vec<u8> {
        let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        out.extend(width.to_be_bytes());
        out.extend(height.to_be_bytes());
        out
    }

    #[test]
    fn pictures_are_known_by_their_bytes() {
        assert_eq!(picture(&png_of(64, 64)), Some("image/png"));
        assert_eq!(picture(&png_of(64, 5000)), None);
        assert_eq!(picture(&png_of(0, 1)), None);
        let jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xc0, 0, 17, 8, 0, 100, 0, 50];
        assert_eq!(picture(&jpeg), Some("image/jpeg"));
        let webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x3f\0\0\x3f\0\0";
        assert_eq!(picture(webp), Some("image/webp"));
    }

    #[test]
    fn everything_else_is_refused() {
        for bad in
            [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"GIF89a", b"", b"\xff\xd8\xff", b"RIFF"]
        {
            assert_eq!(picture(bad), None);
        }
        // Every prefix of a good one, and a segment that claims no length.
        let whole = png_of(64, 64);
        assert!((0..whole.len()).all(|n| picture(&whole[..n]).is_none()));
        assert_eq!(picture(&[0xff, 0xd8, 0xff, 0xe0, 0, 0, 0xff, 0xc0]), None);
    }
}
