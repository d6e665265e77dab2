import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const dist = (path: string) => fileURLToPath(new URL(`./dist/${path}`, import.meta.url))

interface Chunk {
  file: string
  src?: string
  isEntry?: boolean
  imports?: string[]
  css?: string[]
}

/** What a start without a network needs besides the entry: nearly every visit ends there. */
const NEEDED =
  /^src\/(?:app\/resident\/index\.ts|features\/conversation\/(?:index\.ts|composer\/Composer\.tsx|composer\/rich\/RichSurface\.tsx)|i18n\/(?:en|zh-CN)\/index\.ts|features\/entry\/index\.tsx)$/
const PLAIN = [
  'manifest.webmanifest',
  'manifest-zh.webmanifest',
  'favicon.svg',
  'favicon-unread.svg',
  'favicon-mention.svg',
  'icons/192.png',
  'icons/badge.png',
]

const hash = (path: string) =>
  createHash('sha256')
    .update(readFileSync(dist(path)))
    .digest('hex')

/** The files that are kept as one version, with the hash of those whose name has none. */
function shell(): [path: string, hash: string][] {
  const chunks: Record<string, Chunk> = JSON.parse(readFileSync(dist('.vite/manifest.json'), 'utf8'))
  const files = new Set<string>()
  const add = (key: string): void => {
    const chunk = chunks[key]
    if (!chunk || files.has(chunk.file)) return
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file)
    chunk.imports?.forEach(add)
  }
  const found = Object.keys(chunks).filter(
    (key) => chunks[key]?.isEntry || NEEDED.test(chunks[key]?.src ?? ''),
  )
  if (found.length < 7)
    throw new Error(`Parts that must work without a network have moved: only ${found.join(', ')} were found.`)
  found.forEach(add)
  return [
    ['/', hash('index.html')],
    ...PLAIN.map((path): [string, string] => [`/${path}`, hash(path)]),
    ...[...files].sort().map((path): [string, string] => [`/${path}`, '']),
  ]
}

// The service worker: built after the client, whose files it names. See `build` in package.json.
export default defineConfig(() => {
  const files = shell()
  rmSync(dist('.vite'), { recursive: true })
  const version = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 16)
  return {
    publicDir: false,
    define: { __SHELL__: JSON.stringify(files), __VERSION__: JSON.stringify(version) },
    build: {
      target: 'es2023',
      emptyOutDir: false,
      rollupOptions: {
        input: fileURLToPath(new URL('./src/worker/main.ts', import.meta.url)),
        output: { format: 'iife', entryFileNames: 'sw.js' },
      },
    },
  }
})
