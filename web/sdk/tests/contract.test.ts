import { describe, expect, it } from 'vitest'
import { Api } from '../src/index'

/** The server's own description, where it has been generated. */
const files = import.meta.glob<{ paths: Record<string, Record<string, unknown>> }>(
  '../src/generated/openapi.json',
  {
    eager: true,
    import: 'default',
  },
)
const openapi = Object.values(files)[0]

/** Parts that attach themselves call their routes by path. */
const attached = Object.values(
  import.meta.glob<string>(
    ['../src/*/*.ts', '../src/*.ts', '../../client/src/**/*.{ts,tsx}', '!../src/generated/*'],
    { eager: true, query: '?raw', import: 'default' },
  ),
).join('\n')

/** Whether some part names the path of `route`, with values in its places. */
function named(route: string): boolean {
  const path = route.split(' ')[1] ?? ''
  const text = path.replaceAll(/[/.]/g, '\\$&').replaceAll('{}', '\\$\\{[^}]+\\}')
  return new RegExp(`[\`'"}]${text}[\`'"?$]`).test(attached)
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete']
/** Not for `fetch`: a socket, a picture's address, and what operators and tools ask. */
const ELSEWHERE = [
  'GET /gateway',
  'GET /avatars/{}',
  'GET /links/{}/icon',
  // What a mail server hands over, and what readers of mails follow.
  'POST /mail/inbound',
  'GET /mail/unsubscribe/{}',
  'POST /mail/unsubscribe/{}',
  'GET /links/{}/image',
  // Named by a helper that adds the last word.
  'POST /scheduled/{}/send',
  'GET /openapi.json',
  'GET /auth/account',
  'GET /files/{}/content',
  'GET /files/{}/layout',
  'GET /files/{}/thumb',
  // The client's own uploads can be continued, which a form cannot; their bytes go by XMLHttpRequest.
  'POST /files',
  'PATCH /files/uploads/{}',
]

/** Calls every method of the API with ids for arguments, and notes what it would have asked. */
async function asked(): Promise<Set<string>> {
  const requests = new Set<string>()
  const api = new Api({
    base: 'http://weft.test',
    fetch: async (input, init) => {
      const path = new URL(String(input)).pathname.replace('/api/v1', '')
      requests.add(`${init?.method} ${path.replaceAll(/\/(ID|true|false)/g, '/{}')}`)
      return new Response('{}')
    },
  })
  const groups = Object.values(api).filter((group) => typeof group === 'object') as Record<string, unknown>[]
  for (const group of groups) {
    for (const method of Object.values(group)) {
      if (typeof method !== 'function') continue
      // Both values of a switch, such as setting and removing a pin.
      for (const flag of [true, false]) {
        await (method as (...args: unknown[]) => Promise<unknown>)('ID', 'ID', flag)
        await (method as (...args: unknown[]) => Promise<unknown>)('ID', flag, flag)
      }
    }
  }
  return requests
}

describe.skipIf(!openapi)('the routes', () => {
  it('are those of the server, all of them', async () => {
    const described = new Set<string>()
    for (const [path, operations] of Object.entries(openapi?.paths ?? {})) {
      const plain = path.replace('/api/v1', '').replaceAll(/\{[^}]+\}/g, '{}')
      for (const method of METHODS)
        if (method in operations) described.add(`${method.toUpperCase()} ${plain}`)
    }
    const known = await asked()
    const missing = [...described].filter(
      (route) => !known.has(route) && !named(route) && !ELSEWHERE.includes(route),
    )
    const invented = [...known].filter((route) => !described.has(route))
    expect({ missing, invented }).toEqual({ missing: [], invented: [] })
  })
})
