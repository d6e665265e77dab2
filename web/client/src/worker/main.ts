/**
 * The service worker: starts the client without a network, and shows what the server pushes. It never keeps an
 * answer of the API.
 */
import { answer, click, push, renew } from './push'
import type { WorkerScope } from './scope'
import { activate, install, serve, SHELL } from './shell'

const scope = self as unknown as WorkerScope

scope.addEventListener('install', (event) => event.waitUntil(install()))
scope.addEventListener('activate', (event) => event.waitUntil(activate().then(() => scope.clients.claim())))
scope.addEventListener('fetch', (event) => {
  const served = serve(event.request, scope.location.origin)
  if (served) event.respondWith(served)
})

/** One after the other: each looks at what the one before has left to see. */
let pushes: Promise<unknown> = Promise.resolve()
scope.addEventListener('push', (event) => {
  pushes = pushes.then(() => push(scope, event.data?.json())).catch(() => undefined)
  event.waitUntil(pushes)
})
scope.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const { action, reply, notification } = event
  event.waitUntil(action ? answer(scope, notification, action, reply ?? '') : click(scope, notification))
})
scope.addEventListener('pushsubscriptionchange', (event) =>
  event.waitUntil(renew(scope, event.oldSubscription, event.newSubscription)),
)
scope.addEventListener('message', (event) => {
  const { t, entry } = (event.data ?? {}) as { t?: string; entry?: string }
  if (t === 'take over') event.waitUntil(scope.skipWaiting())
  if (t !== 'loaded') return
  const same = SHELL.some(([path]) => path === entry)
  event.ports[0]?.postMessage(same)
  // A page that came from the server is of this version already.
  if (same) event.waitUntil(scope.skipWaiting())
})
