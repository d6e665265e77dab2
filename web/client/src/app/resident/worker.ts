import i18next from 'i18next'
import { toast } from '@weft/ui'

/** How often the server is asked for a newer version of the client. */
const LOOK_MS = 3600 * 1000
/** A worker that does not answer for so long is of a version that cannot. */
const ANSWER_MS = 3000

/** Starts the worker, and says when a newer version of the client is there. */
export function startWorker(): void {
  navigator.serviceWorker
    .register('/sw.js', { updateViaCache: 'none' })
    .then(watch)
    // A browser that refuses goes on without.
    .catch(() => undefined)
}

function watch(registration: ServiceWorkerRegistration): void {
  const { serviceWorker } = navigator
  let controlled = serviceWorker.controller !== null
  let reloading = false
  const look = async (): Promise<void> => {
    const next = registration.waiting
    // The first one takes the page over by itself; one of this page's version was asked to just now.
    if (!next || !controlled || (await isOfThisPage(next))) return
    say(() => {
      reloading = true
      next.postMessage({ t: 'take over' })
    })
  }
  serviceWorker.addEventListener('controllerchange', () => {
    if (reloading) return location.reload()
    const worker = serviceWorker.controller
    // The reader has taken the new version in another tab: here it comes with the next load.
    if (controlled && worker) void isOfThisPage(worker).then((same) => !same && say(() => location.reload()))
    controlled = true
  })
  registration.addEventListener('updatefound', () => {
    const next = registration.installing
    next?.addEventListener('statechange', () => next.state === 'installed' && void look())
  })
  void look()
  const ask = (): void => void registration.update().catch(() => undefined)
  setInterval(ask, LOOK_MS)
  addEventListener('online', ask)
}

/** Whether `worker` keeps the very files that this page is made of; then it takes over without a word. */
function isOfThisPage(worker: ServiceWorker): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  const entry = document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ANSWER_MS)
    port1.onmessage = (event) => {
      clearTimeout(timer)
      resolve(event.data === true)
    }
    worker.postMessage({ t: 'loaded', entry: entry && new URL(entry).pathname }, [port2])
  })
}

let saying: (() => void) | undefined

function say(run: () => void): void {
  saying?.()
  const t = i18next.getFixedT(null, 'resident')
  saying = toast({ text: t('newVersion'), lasting: true, action: { label: t('reload'), run } })
}
