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
  // Told of what is still under way too: it was asked for before the worker, and ends after this.
  const asked = new Set<string>()
  const observer = new PerformanceObserver((list) => {
    for (const { name } of list.getEntries()) {
      const { origin, pathname } = new URL(name)
      if (origin !== location.origin || !pathname.startsWith('/assets/') || asked.has(name)) continue
      asked.add(name)
      void fetch(name).catch(() => undefined)
    }
  })
  observer.observe({ type: 'resource', buffered: true })
}
