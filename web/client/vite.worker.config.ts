import { createHash } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { defineConfig } from 'vite'

const dist = (path: string) => fileURLToPath(new URL(`./dist/${path}`, import.meta.url))

interface Chunk {
  file: string
  src?: string
  isEntry?: boolean
  imports?: string[]
  dynamicImports?: string[]
  css?: string[]
}

/** What is fetched when it is used: large, or of use only with a network. */
const LATER =
  /node_modules|^src\/(?:features\/admin\/|lib\/emoji\/data|lib\/markdown\/(?:Diagram|Formula|highlight))/
/** What must not be missing, wherever it may move. */
const NEEDED = [
  'src/app/resident/index.ts',
  'src/features/conversation/index.ts',
  'src/features/conversation/composer/Composer.tsx',
  'src/features/conversation/composer/rich/RichSurface.tsx',
  'src/i18n/en/index.ts',
  'src/i18n/zh-CN/index.ts',
]
/** Together, packed as they travel: more would cost too much on a first visit. */
const MOST_KB = 800
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
    chunk.dynamicImports?.filter((each) => !LATER.test(each)).forEach(add)
  }
  Object.keys(chunks)
    .filter((key) => chunks[key]?.isEntry)
    .forEach(add)
  const missing = NEEDED.filter((key) => !files.has(chunks[key]?.file ?? ''))
  if (missing.length > 0)
    throw new Error(`Parts that must work without a network have moved: ${missing.join(', ')}`)
  const size = [...files].reduce((sum, file) => sum + gzipSync(readFileSync(dist(file))).length, 0)
  if (size > MOST_KB * 1000)
    throw new Error(`${size} bytes are kept for a start without a network; at most ${MOST_KB} KB.`)
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
