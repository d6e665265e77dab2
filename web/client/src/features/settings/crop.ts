/** The edge of an uploaded photo, in pixels: sharp at 96 CSS pixels on every screen, well below 2 MB. */
export const EDGE = 512

/** Where a square looks at a picture: `zoom` 1 shows the shorter side, `x`/`y` 0–1 along what is left over. */
export interface Crop {
  zoom: number
  x: number
  y: number
}

/** The square of the picture that a crop shows, in the picture's pixels. */
export function cropSquare(
  width: number,
  height: number,
  crop: Crop,
): { left: number; top: number; edge: number } {
  const edge = Math.min(width, height) / Math.max(1, crop.zoom)
  const clamp = (value: number) => Math.min(1, Math.max(0, value))
  return { left: clamp(crop.x) * (width - edge), top: clamp(crop.y) * (height - edge), edge }
}

/** The crop after dragging the picture by `dx`, `dy` in a view of `view` pixels. */
export function drag(width: number, height: number, crop: Crop, dx: number, dy: number, view: number): Crop {
  const { edge } = cropSquare(width, height, crop)
  const move = (at: number, delta: number, size: number) =>
    size - edge < 1 ? at : Math.min(1, Math.max(0, at - (delta * edge) / view / (size - edge)))
  return { ...crop, x: move(crop.x, dx, width), y: move(crop.y, dy, height) }
}

/** Draws the crop of a picture over a square canvas. */
export function drawCrop(canvas: HTMLCanvasElement, picture: ImageBitmap, crop: Crop): void {
  const cx = canvas.getContext('2d')
  if (!cx) return
  const { left, top, edge } = cropSquare(picture.width, picture.height, crop)
  cx.imageSmoothingQuality = 'high'
  // Transparent pictures stand on white in both themes; the stored file must not depend on one.
  cx.fillStyle = '#fff'
  cx.fillRect(0, 0, canvas.width, canvas.height)
  cx.drawImage(picture, left, top, edge, edge, 0, 0, canvas.width, canvas.height)
}

/** The crop as a file of at most 512 × 512 pixels; WebP where the browser writes it, else PNG. */
export function cropFile(picture: ImageBitmap, crop: Crop): Promise<Blob> {
  const canvas = document.createElement('canvas')
  const { edge } = cropSquare(picture.width, picture.height, crop)
  canvas.width = canvas.height = Math.max(1, Math.min(EDGE, Math.round(edge)))
  drawCrop(canvas, picture, crop)
  return new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be written'))),
      'image/webp',
      0.9,
    ),
  )
}
