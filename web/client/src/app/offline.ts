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

/** What the first visit loaded came before the worker: it is fetched again, from the browser's own cache. */
async function keepLoaded(): Promise<void> {
  const { serviceWorker } = navigator
  if (!serviceWorker.controller) {
    await new Promise((resolve) =>
      serviceWorker.addEventListener('controllerchange', resolve, { once: true }),
    )
  }
  const loaded = performance.getEntriesByType('resource').map((entry) => new URL(entry.name))
  const own = loaded.filter((url) => url.origin === location.origin && url.pathname.startsWith('/assets/'))
  await Promise.allSettled(own.map((url) => fetch(url)))
}
