/**
 * The client's own files. Those that a start needs are kept as one version: all of them, or none. The page is
 * asked from the server first, so that nobody starts an old one, and taken from that version when it does not answer.
 */

/** Path and content hash of each file; filled in by the build. A file named by its hash has none. */
declare const __SHELL__: readonly (readonly [path: string, hash: string])[]
declare const __VERSION__: string

export const SHELL = __SHELL__
const PREFIX = 'weft-shell-'
const CACHE = PREFIX + __VERSION__
const PAGE = '/'
/** Files kept besides, as they are used: pictures of the client, parts that load late. */
const MAX_FILES = 200
/** A server that answers later than this is treated as away. */
const PATIENCE_MS = 4000

/** Fetches what is not here yet; any failure leaves the version before in place. */
export async function install(): Promise<void> {
  const [cache, old] = await Promise.all([caches.open(CACHE), olderFiles()])
  const queue = [...SHELL]
  const work = async (): Promise<void> => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      const [path, hash] = file
      // A name that carries the content's hash is never anything else.
      const kept = hash ? undefined : ((await cache.match(path)) ?? (await old(path)))
      const response = kept ?? (await fetch(path, { cache: hash ? 'no-cache' : 'default' }))
      if (!response.ok || response.redirected) throw new Error(`${path}: ${response.status}`)
      if (hash && (await digest(response.clone())) !== hash) throw new Error(`${path} is of another version`)
      await cache.put(path, response)
    }
  }
  await Promise.all([work(), work(), work(), work()])
}

async function olderFiles(): Promise<(path: string) => Promise<Response | undefined>> {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  const older = await Promise.all(names.map((name) => caches.open(name)))
  return async (path) => {
    for (const cache of older) {
      const found = await cache.match(path)
      if (found) return found
    }
    return undefined
  }
}

async function digest(response: Response): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Forgets every other version. */
export async function activate(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  )
}

/** What is answered from here; undefined: the browser asks the server as if there was no worker. */
export function serve(request: Request, origin: string): Promise<Response> | undefined {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== origin || url.pathname.startsWith('/api/')) return undefined
  if (request.mode === 'navigate') return page(request)
  const ours = /^\/(?:assets|icons)\/|^\/favicon[\w-]*\.svg$|^\/manifest[\w-]*\.webmanifest$/
  return ours.test(url.pathname) ? file(request) : undefined
}

async function page(request: Request): Promise<Response> {
  const kept = async () => (await caches.open(CACHE)).match(PAGE)
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
    // A proxy's "bad gateway" page is of less use than the client itself.
    return response.status >= 500 ? ((await kept()) ?? response) : response
  } catch (error) {
    const page = await kept()
    if (page) return page
    throw error
  }
}

async function file(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(request)
  if (kept) return kept
  const response = await fetch(request)
  if (response.ok && !response.redirected) {
    await cache.put(request, response.clone())
    await prune(cache)
  }
  return response
}

/** The oldest of what is kept besides the version's own files gives way. */
async function prune(cache: Cache): Promise<void> {
  const own = new Set(SHELL.map(([path]) => path))
  const others = (await cache.keys()).filter((key) => !own.has(new URL(key.url).pathname))
  await Promise.all(others.slice(0, Math.max(0, others.length - MAX_FILES)).map((key) => cache.delete(key)))
}
