// Lets the client start without a network. The page is asked from the server first and from the cache when
// it does not answer; files whose name carries their hash are kept; the API is never touched.
const CACHE = 'weft-shell-1'
const PAGE = '/'
/** Files kept at most: a few versions of the client. */
const MAX_FILES = 200
/** A server that answers later than this is treated as away. */
const PATIENCE_MS = 4000

self.addEventListener('install', () => self.skipWaiting())
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/api/'))
    return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (url.pathname.startsWith('/assets/') || /^\/favicon[\w-]*\.svg$/.test(url.pathname)) {
    event.respondWith(file(request))
  }
})

async function page(request) {
  const cache = await caches.open(CACHE)
  try {
    const response = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) })
    const html = response.headers.get('Content-Type')?.includes('text/html')
    if (response.ok && html && !response.redirected) await cache.put(PAGE, response.clone())
    // A proxy's "bad gateway" page is of less use than the client itself.
    return response.status >= 500 ? ((await cache.match(PAGE)) ?? response) : response
  } catch (error) {
    const kept = await cache.match(PAGE)
    if (kept) return kept
    throw error
  }
}

async function file(request) {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(request)
  if (kept) return kept
  const response = await fetch(request)
  if (response.ok) {
    await cache.put(request, response.clone())
    const keys = await cache.keys()
    // Oldest first; the page itself stays.
    const old = keys
      .filter((key) => new URL(key.url).pathname !== PAGE)
      .slice(0, Math.max(0, keys.length - MAX_FILES))
    await Promise.all(old.map((key) => cache.delete(key)))
  }
  return response
}
