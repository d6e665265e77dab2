// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Api, forgetDevice, Problem, type Me } from '@weft/sdk'
import { memory } from '../src/shared/memory'
import { Session } from '../src/shared/session'

vi.mock('@weft/sdk', async (original) => ({
  ...(await original<typeof import('@weft/sdk')>()),
  forgetDevice: vi.fn(() => Promise.resolve()),
}))

const seat = (id: string) => ({ org: { id, name: id }, principal: { id: `usr_${id}`, name: 'Lin' } })
const me = (org: string): Me =>
  ({
    account: { id: 'acc_1', email: 'lin@acme.cn', locale: null, timezone: null },
    principal: seat(org).principal,
    org: seat(org).org,
    orgs: [seat('org_a'), seat('org_b')],
    settings: {},
  }) as unknown as Me

/** A server that answers `GET /me` by the org asked for (`''`: none). */
function sessionWith(answer: (org: string) => Me | Problem): Session {
  const fetcher: typeof fetch = async (input, init) => {
    if (String(input).endsWith('/auth/account'))
      return Response.json({ orgs: [seat('org_b'), seat('org_a')] })
    const headers = new Headers(init?.headers)
    const result = answer(headers.get('Weft-Org') ?? '')
    if (!(result instanceof Problem)) return Response.json(result)
    if (result.code === 'offline') throw new TypeError('Failed to fetch')
    const { code, status } = result
    return Response.json({ code, status }, { status })
  }
  return new Session(new Api({ base: 'http://weft.test', fetch: fetcher }))
}

const refused = (status: number, code: string) => new Problem(code, { status })

beforeEach(() => localStorage.clear())

describe('who is signed in', () => {
  it('is nobody without a session', async () => {
    const state = await sessionWith(() => refused(401, 'unauthenticated')).check()
    expect(state).toEqual({ at: 'out' })
  })

  it('is taken over, and the org remembered', async () => {
    const session = sessionWith((org) => me(org || 'org_a'))
    expect(await session.check('org_b')).toMatchObject({
      at: 'in',
      stale: false,
      me: { org: { id: 'org_b' } },
    })
    expect(memory.get('org')).toBe('org_b')
  })

  it('falls back to another org when the one asked for is closed to them', async () => {
    const session = sessionWith((org) => (org === 'org_x' ? refused(403, 'not_a_member') : me('org_a')))
    expect(await session.check('org_x')).toMatchObject({ at: 'in', me: { org: { id: 'org_a' } } })
  })

  it('takes the first of several orgs when none is remembered', async () => {
    const session = sessionWith((org) => (org ? me(org) : refused(400, 'org_required')))
    expect(await session.check(null)).toMatchObject({ at: 'in', me: { org: { id: 'org_b' } } })
  })

  it('is who it was last while the server is out of reach', async () => {
    await sessionWith(() => me('org_a')).check('org_a')
    const later = sessionWith(() => refused(0, 'offline'))
    expect(await later.check('org_a')).toMatchObject({ at: 'in', stale: true, me: { org: { id: 'org_a' } } })
  })

  it('is unknown without a network on a new device, and says so', async () => {
    const state = await sessionWith(() => refused(0, 'offline')).check('org_a')
    expect(state).toMatchObject({ at: 'failed', problem: { code: 'offline' } })
  })

  it.each([
    ['session_expired', 'expired'],
    ['unauthenticated', 'ended'],
  ])('forgets the last answer once the server says %s', async (code, why) => {
    await sessionWith(() => me('org_a')).check('org_a')
    const later = sessionWith(() => refused(401, code))
    expect(await later.check('org_a')).toEqual({ at: 'out', why })
    expect(memory.get('me')).toBeNull()
    // Asked again, it is still known why.
    expect(await later.check('org_a')).toEqual({ at: 'out', why })
  })

  it('keeps what the device holds when the session ran out, and nothing when it was ended', async () => {
    vi.mocked(forgetDevice).mockClear()
    for (const [code, times] of [
      ['session_expired', 0],
      ['unauthenticated', 1],
    ] as const) {
      await sessionWith(() => me('org_a')).check('org_a')
      await sessionWith(() => refused(401, code)).check('org_a')
      expect(forgetDevice).toHaveBeenCalledTimes(times)
    }
  })
})
