import mermaid, { type MermaidConfig } from 'mermaid'

/** A diagram as an image, in CSS pixels. */
export interface Drawing {
  url: string
  width: number
  height: number
}

const FONT = 'system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
const MAX_CHARS = 10_000
const MAX_EDGES = 200
const KEPT = 60

const CONFIG: MermaidConfig = {
  startOnLoad: false,
  securityLevel: 'strict',
  suppressErrorRendering: true,
  maxTextSize: MAX_CHARS,
  maxEdges: MAX_EDGES,
  fontFamily: FONT,
  htmlLabels: false,
  flowchart: { htmlLabels: false },
  // What a diagram may not set for itself.
  secure: [
    'secure',
    'securityLevel',
    'startOnLoad',
    'maxTextSize',
    'maxEdges',
    'suppressErrorRendering',
    'theme',
    'themeCSS',
    'themeVariables',
    'fontFamily',
    'altFontFamily',
    'dompurifyConfig',
    'htmlLabels',
  ],
}

const known = new Map<string, Drawing | Error>()
let turn: Promise<unknown> = Promise.resolve()
let serial = 0

const key = (code: string, dark: boolean) => `${dark ? 'dark' : 'light'}\n${code}`

/** The drawing if it is at hand; `undefined` when it has yet to be made. */
export function knownDrawing(code: string, dark: boolean): Drawing | Error | undefined {
  return known.get(key(code, dark))
}

/**
 * Draws a diagram, one at a time. The result is shown as an image: whatever a hostile source smuggled past the
 * library's cleaning can neither run nor load there.
 */
export function drawDiagram(code: string, dark: boolean): Promise<void> {
  const drawing = turn.then(async () => {
    if (knownDrawing(code, dark)) return
    const made = await draw(code, dark).catch((e: unknown) => (e instanceof Error ? e : new Error(String(e))))
    if (known.size >= KEPT) known.delete(known.keys().next().value!)
    known.set(key(code, dark), made)
  })
  turn = drawing
  return drawing
}

async function draw(code: string, dark: boolean): Promise<Drawing> {
  if (code.length > MAX_CHARS) throw new Error(`More than ${MAX_CHARS} characters`)
  mermaid.initialize({ ...CONFIG, theme: dark ? 'dark' : 'default' })
  // Text is measured in the page, out of sight and out of everything's way.
  const bench = document.createElement('div')
  bench.setAttribute('aria-hidden', 'true')
  bench.inert = true
  bench.style.cssText =
    'position:fixed;inset:0 auto auto 0;width:1200px;height:800px;visibility:hidden;contain:strict;z-index:-1'
  document.body.append(bench)
  try {
    const { svg } = await mermaid.render(`diagram-${++serial}`, code, bench)
    return toImage(svg)
  } finally {
    bench.remove()
  }
}

function toImage(source: string): Drawing {
  const svg = new DOMParser().parseFromString(source, 'image/svg+xml').documentElement
  const box = (svg.getAttribute('viewBox') ?? '').split(/[\s,]+/).map(Number)
  const [width = 0, height = 0] = box.slice(2)
  if (svg.localName !== 'svg' || !(width > 0 && height > 0 && width < 20_000 && height < 20_000))
    throw new Error('The drawing has no size')
  svg.setAttribute('width', String(width))
  svg.setAttribute('height', String(height))
  const text = new XMLSerializer().serializeToString(svg)
  return { url: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`, width, height }
}
