//! Pictures: measured by their headers, decoded within limits, and shown small. What is made here
//! holds pixels only: no EXIF, no place, no camera.

use std::io::{BufRead, Cursor, Seek};

use image::{
    DynamicImage, ImageDecoder, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, webp::WebPEncoder},
    metadata::Orientation,
};
use weft_http::limits;
use weft_kernel::Fault;

/// Sides of thumbnails, in pixels.
pub(crate) const SIZES: [u32; 3] = [320, 960, 1920];
const JPEG_QUALITY: u8 = 80;

/// What a picture is.
pub(super) struct Seen {
    /// Upright.
    pub(super) width: u32,
    /// Upright.
    pub(super) height: u32,
    /// None when it is broken or too large to decode here.
    pub(super) thumb: Option<Thumb>,
}

/// A picture made small.
pub(crate) struct Thumb {
    /// JPEG, or WebP where something is transparent.
    pub(crate) bytes: Vec<u8>,
    /// Its mean, `#rrggbb`.
    pub(crate) color: String,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

fn limits_of_memory(bytes: u64) -> Limits {
    let mut memory = Limits::default();
    memory.max_alloc = Some(bytes);
    memory
}

/// Looks at a picture; none when it is broken.
///
/// # Errors
/// `file_bomb` when its header says that it has too many pixels.
pub(super) fn look(file: impl BufRead + Seek, size: i64) -> Result<Option<Seen>, Fault> {
    let Ok(mut reader) = ImageReader::new(file).with_guessed_format() else { return Ok(None) };
    reader.limits(limits_of_memory(limits::IMAGE_MEMORY));
    let Ok(mut decoder) = reader.into_decoder() else { return Ok(None) };
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits::IMAGE_PIXELS {
        return Err(super::too_many_pixels());
    }
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let thumb = (size <= limits::IMAGE_FILE)
        .then(|| decode(decoder, limits::IMAGE_MEMORY))
        .flatten()
        .and_then(|image| shrink(image, turn, SIZES[0]));
    let (width, height) = if swaps(turn) { (height, width) } else { (width, height) };
    Ok(Some(Seen { width, height, thumb }))
}

fn decode(mut decoder: impl ImageDecoder, memory: u64) -> Option<DynamicImage> {
    // The decoder may hold more than it was asked for; the output alone must fit, too.
    if decoder.total_bytes() > memory {
        return None;
    }
    decoder.set_limits(limits_of_memory(memory)).ok()?;
    DynamicImage::from_decoder(decoder).ok()
}

fn swaps(turn: Orientation) -> bool {
    matches!(
        turn,
        Orientation::Rotate90
            | Orientation::Rotate270
            | Orientation::Rotate90FlipH
            | Orientation::Rotate270FlipH
    )
}

/// A thumbnail of at most `side` pixels; none when the bytes are no picture that can be decoded.
pub(crate) fn thumb(bytes: &[u8], side: u32) -> Option<Thumb> {
    thumb_within(bytes, side, limits::IMAGE_MEMORY)
}

/// The same of a picture that nobody here has sent: less is spent on it.
pub(crate) fn thumb_of_stranger(bytes: &[u8], side: u32) -> Option<Thumb> {
    thumb_within(bytes, side, limits::LINK_PICTURE_MEMORY)
}

fn thumb_within(bytes: &[u8], side: u32, memory: u64) -> Option<Thumb> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    reader.limits(limits_of_memory(memory));
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits::IMAGE_PIXELS {
        return None;
    }
    let turn = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    shrink(decode(decoder, memory)?, turn, side)
}

fn shrink(image: DynamicImage, turn: Orientation, side: u32) -> Option<Thumb> {
    let fits = image.width() <= side && image.height() <= side;
    let mut small = if fits { image } else { image.thumbnail(side, side) };
    small.apply_orientation(turn);
    let pixel = small.thumbnail_exact(1, 1).to_rgb8();
    let [r, g, b] = pixel.get_pixel(0, 0).0;
    let mut bytes = Vec::new();
    let transparent = small.color().has_alpha() && small.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255);
    if transparent {
        small.to_rgba8().write_with_encoder(WebPEncoder::new_lossless(&mut bytes)).ok()?;
    } else {
        small.to_rgb8().write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY)).ok()?;
    }
    let (width, height) = (small.width(), small.height());
    Some(Thumb { bytes, color: format!("#{r:02x}{g:02x}{b:02x}"), width, height })
}

/// The type of what [`thumb`] made.
pub(crate) fn mime(thumb: &[u8]) -> &'static str {
    if thumb.starts_with(b"RIFF") { "image/webp" } else { "image/jpeg" }
}
