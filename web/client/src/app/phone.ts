/**
 * What makes the page behave as a phone's own app: the swipe back from the left edge, and a frame that ends
 * where the keyboard begins. Loaded on phones only.
 */

/** How far from the edge a swipe may begin. */
const EDGE_PX = 28
/** A finger that has moved this far has chosen its direction. */
const CHOICE_PX = 10
/** Past this share of the width, or faster than this, letting go leads back. */
const FAR = 0.4
const FAST_PX_MS = 0.4
const SETTLE = 'transform 160ms ease-out'
/** Less than any keyboard: the browser's own bars come and go. */
const KEYBOARD_PX = 120

interface Swipe {
  /** What follows the finger: the panel that covers the conversation, else the page. */
  layer: HTMLElement
  back: HTMLElement
  x: number
  y: number
  at: number
  moving: boolean
  dx: number
}

/** The layer on top and the button that leads back from it; null where there is nowhere to go. */
function topLayer(content: HTMLElement): Pick<Swipe, 'layer' | 'back'> | null {
  const layer = content.querySelector<HTMLElement>('[data-panel]') ?? content
  const back = layer.querySelector<HTMLElement>('[data-back]')
  return back && { layer, back }
}

/**
 * Follows a finger from the left edge of `content`; `peek` shows what lies under it, or hides it again. A swipe
 * presses the layer's own back button.
 */
export function swipeBack(content: HTMLElement, peek: (on: boolean) => void): () => void {
  let swipe: Swipe | null = null
  const calm = matchMedia('(prefers-reduced-motion: reduce)')

  const start = (event: TouchEvent) => {
    const touch = event.touches[0]
    const top = event.touches.length === 1 && touch && touch.clientX <= EDGE_PX ? topLayer(content) : null
    if (!top || !touch || document.querySelector('dialog[open], [popover]:popover-open')) return
    swipe = { ...top, x: touch.clientX, y: touch.clientY, at: event.timeStamp, moving: false, dx: 0 }
  }
  const move = (event: TouchEvent) => {
    const touch = event.touches[0]
    if (!swipe || !touch) return
    const dx = touch.clientX - swipe.x
    const dy = touch.clientY - swipe.y
    if (!swipe.moving) {
      if (Math.abs(dy) > CHOICE_PX || dx < -CHOICE_PX || event.touches.length > 1) swipe = null
      else if (dx > CHOICE_PX) begin(swipe)
      if (!swipe?.moving) return
    }
    event.preventDefault()
    swipe.dx = Math.max(0, dx)
    if (!calm.matches) swipe.layer.style.transform = `translateX(${swipe.dx}px)`
  }
  const begin = (now: Swipe) => {
    now.moving = true
    now.layer.dataset.swiped = ''
    now.layer.style.transition = 'none'
    if (now.layer === content && !calm.matches) peek(true)
  }
  const end = (event: TouchEvent) => {
    const now = swipe
    swipe = null
    if (!now?.moving) return
    const width = now.layer.offsetWidth
    const speed = now.dx / Math.max(1, event.timeStamp - now.at)
    const leaves = event.type === 'touchend' && (now.dx > width * FAR || speed > FAST_PX_MS)
    const done = () => (leaves ? now.back.click() : rest(now.layer))
    if (calm.matches || now.dx === 0) return done()
    now.layer.addEventListener('transitionend', done, { once: true })
    now.layer.style.transition = SETTLE
    now.layer.style.transform = leaves ? `translateX(${width}px)` : 'translateX(0)'
  }
  const rest = (layer: HTMLElement) => {
    clear(layer)
    peek(false)
  }
  content.addEventListener('touchstart', start, { passive: true })
  content.addEventListener('touchmove', move, { passive: false })
  content.addEventListener('touchend', end)
  content.addEventListener('touchcancel', end)
  return () => {
    content.removeEventListener('touchstart', start)
    content.removeEventListener('touchmove', move)
    content.removeEventListener('touchend', end)
    content.removeEventListener('touchcancel', end)
    clear(content)
  }
}

/** The page has changed under a swipe: nothing is moved any more. */
export function clear(layer: HTMLElement): void {
  delete layer.dataset.swiped
  layer.style.transform = layer.style.transition = ''
}

/** Keeps `frame` as high as what the keyboard leaves; where the browser does not shrink the page itself. */
export function aboveKeyboard(frame: HTMLElement): () => void {
  const view = window.visualViewport
  if (!view) return () => {}
  const fit = () => {
    const covered = view.scale === 1 ? window.innerHeight - view.height : 0
    frame.style.height = covered > KEYBOARD_PX ? `${view.height}px` : ''
    // Safari scrolls the page to the caret; the frame has made room for it already.
    if (covered > KEYBOARD_PX) window.scrollTo(0, 0)
  }
  view.addEventListener('resize', fit)
  return () => {
    view.removeEventListener('resize', fit)
    frame.style.height = ''
  }
}
