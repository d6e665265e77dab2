/** Lets the browser start the client without a network; a browser that cannot goes on without. */
export function keepForOffline(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  addEventListener('load', () => {
    navigator.serviceWorker
      .register('/sw.js')
      .then(() => navigator.serviceWorker.ready)
      .then(keepLoaded)
      .catch(() => undefined)
  })
}

/** What the first visit loaded came before the worker: it is fetched again from the browser's own cache. */
async function keepLoaded(): Promise<void> {
  const loaded = performance.getEntriesByType('resource').map((entry) => new URL(entry.name))
  const own = loaded.filter((url) => url.origin === location.origin && url.pathname.startsWith('/assets/'))
  if (!navigator.serviceWorker.controller) return
  await Promise.allSettled(own.map((url) => fetch(url)))
}
