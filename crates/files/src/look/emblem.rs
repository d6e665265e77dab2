//! Small pictures that stand between words: what they are is found in their bytes, and they are
//! decoded before they are taken, so that none is broken or a bomb.

use std::io::Cursor;

use image::{
    AnimationDecoder, ImageDecoder, ImageFormat, ImageReader,
    codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder},
};
use weft_http::limits;
use weft_kernel::{Fault, FaultKind};

use super::{picture, too_many_pixels};

/// What a small picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Emblem {
    pub(crate) mime: &'static str,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// It moves.
    pub(crate) animated: bool,
}

/// How large one may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// In bytes.
    pub(crate) bytes: usize,
    /// Of a side, in pixels.
    pub(crate) side: u32,
}

/// Looks at a picture. Blocks, and takes memory: hold a decoder's permit.
///
/// # Errors
/// `picture_too_large`, `picture_type`, `picture_dimensions`, `picture_broken`, `file_bomb`.
pub(crate) fn look(bytes: &[u8], frame: Frame) -> Result<Emblem, Fault> {
    if bytes.len() > frame.bytes {
        return Err(too_large(frame.bytes));
    }
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| broken())?;
    let (mime, format) = match reader.format() {
        Some(format @ ImageFormat::Png) => ("image/png", format),
        Some(format @ ImageFormat::Jpeg) => ("image/jpeg", format),
        Some(format @ ImageFormat::Gif) => ("image/gif", format),
        Some(format @ ImageFormat::WebP) => ("image/webp", format),
        _ => {
            return Err(
                Fault::invalid("file", "The picture must be PNG, JPEG, GIF or WebP.").code("picture_type")
            );
        }
    };
    let decoder = reader.into_decoder().map_err(|_| broken())?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits::IMAGE_PIXELS {
        return Err(too_many_pixels());
    }
    if width.max(height) > frame.side || width.min(height) == 0 {
        let detail = format!("The picture may have at most {0} × {0} pixels. Make it smaller.", frame.side);
        return Err(Fault::invalid("file", detail)
            .code("picture_dimensions")
            .param("max", i64::from(frame.side))
            .param("width", i64::from(width))
            .param("height", i64::from(height)));
    }
    drop(decoder);
    if picture::thumb(bytes, frame.side).is_none() {
        return Err(broken());
    }
    Ok(Emblem { mime, width, height, animated: moves(bytes, format) })
}

/// Refuses more than `max` bytes.
pub(crate) fn too_large(max: usize) -> Fault {
    let detail = format!("The picture may have at most {} KiB. Make it smaller.", max / 1024);
    Fault::new(FaultKind::TooLarge, detail).code("picture_too_large").param("max", max as i64)
}

fn broken() -> Fault {
    Fault::invalid("file", "The picture is broken: it cannot be read to its end. Save it again.")
        .code("picture_broken")
}

fn moves(bytes: &[u8], format: ImageFormat) -> bool {
    let file = Cursor::new(bytes);
    match format {
        ImageFormat::Gif => GifDecoder::new(file).is_ok_and(|gif| gif.into_frames().take(2).count() > 1),
        ImageFormat::WebP => WebPDecoder::new(file).is_ok_and(|webp| webp.has_animation()),
        ImageFormat::Png => PngDecoder::new(file).is_ok_and(|png| png.is_apng().unwrap_or(false)),
        _ => false,
    }
}
