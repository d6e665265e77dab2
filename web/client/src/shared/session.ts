import { Api, forgetDevice, Problem, Weft, type Me, type Observable, type OrgSeat } from '@weft/sdk'
import { clearToasts } from '@weft/ui'
import { isLocale, suggestLocale } from '../i18n'
import { memory } from './memory'
import { titles } from './titles'

/** How it came that nobody is signed in any more: signed out here; the session ran out; it was ended elsewhere; the person may no longer come in. */
export type Ending = 'signed_out' | 'expired' | 'ended' | 'revoked'

/** Who is signed in on this browser, and in which orgs. */
export type SessionState =
  | { at: 'unknown' }
  | { at: 'out'; why?: Ending | undefined }
  | { at: 'in'; me: Me; orgs: readonly OrgSeat[]; stale: boolean }
  | { at: 'failed'; problem: Problem }

/**
 * The browser's sign-in: one account, several orgs, one live `Weft` for each. Pages outside an org
 * (sign-in, invitation) change it; the frame reads it.
 */
export class Session implements Observable<SessionState> {
  readonly api: Api
  #state: SessionState = { at: 'unknown' }
  readonly #listeners = new Set<() => void>()
  readonly #open = new Map<string, Promise<Weft>>()
  #ready: readonly Weft[] = []

  constructor(api = new Api()) {
    this.api = api
  }

  get(): SessionState {
    return this.#state
  }

  subscribe(fn: () => void): () => void {
    this.#listeners.add(fn)
    return () => this.#listeners.delete(fn)
  }

  /** The orgs that are open and kept up to date now. */
  readonly workspaces: Observable<readonly Weft[]> = {
    get: () => this.#ready,
    subscribe: (fn) => this.subscribe(fn),
  }

  /**
   * Asks the server who is signed in, as a person of `org` when given. On a fresh page the last answer serves
   * until this one comes, so that the client opens at once, and without a network too.
   */
  async check(org: string | null = memory.get('org')): Promise<SessionState> {
    const last = this.#state.at === 'unknown' ? readCache(org) : null
    if (last) this.#set({ at: 'in', me: last, orgs: last.orgs, stale: true })
    try {
      this.enter(await (org ? this.api.withOrg(org) : this.api).me.get())
    } catch (error) {
      const problem = Problem.of(error)
      if (problem.status === 401) await this.#refused(problem)
      else if (problem.code === 'org_required' && !org) return this.#choose()
      else if (org && [400, 403, 404].includes(problem.status)) {
        memory.set('org', null)
        return this.check(null)
      } else if (this.#state.at !== 'in' || !problem.transient) this.#set({ at: 'failed', problem })
    }
    return this.#state
  }

  /** No session is valid: it ran out, somebody ended it, or nobody was signed in here. */
  async #refused(problem: Problem): Promise<void> {
    if (this.#state.at === 'out') return
    if (problem.code === 'session_expired') await this.forget('expired')
    else if (this.#state.at === 'in') await this.forget('ended')
    else this.#set({ at: 'out' })
  }

  /** Takes over an answer of `GET /me`: after signing in, setting up, accepting an invitation. */
  enter(me: Me): void {
    if (isLocale(me.account.locale)) suggestLocale(me.account.locale)
    memory.set('org', me.org.id)
    memory.set('me', JSON.stringify(me))
    this.#set({ at: 'in', me, orgs: me.orgs, stale: false })
  }

  /** Signs in and asks who that is in the org used last, else the first. */
  async signIn(email: string, password: string): Promise<Me> {
    const { orgs } = await this.api.auth.signIn(email, password)
    const last = memory.get('org')
    const seat = orgs.find((seat) => seat.org.id === last) ?? orgs[0]
    if (!seat)
      throw new Problem('no_org', { status: 403, detail: 'This account belongs to no organisation.' })
    const me = await this.api.withOrg(seat.org.id).me.get()
    this.enter(me)
    return me
  }

  /** Ends this session on the server and forgets everything this browser kept of it. */
  async signOut(everywhere = false): Promise<void> {
    if (everywhere) await this.api.auth.signOutEverywhere()
    else await this.api.auth.signOut()
    await this.forget('signed_out')
  }

  /**
   * Leaves every org after the session ended. What the device held goes with it, unless the session only ran
   * out: then it stays for the same person's return, with what was not sent yet.
   */
  async forget(why: Ending): Promise<void> {
    const open = [...this.#open.values()]
    this.#open.clear()
    this.#ready = []
    memory.set('me', null)
    memory.clear('last.')
    clearToasts()
    this.#set({ at: 'out', why })
    for (const each of await Promise.allSettled(open)) {
      if (each.status !== 'fulfilled') continue
      if (why === 'expired') each.value.close()
      else await each.value.wipe()
    }
    // Orgs that were not open in this visit have left their stores too.
    if (why !== 'expired') await forgetDevice().catch(() => undefined)
  }

  /** The live state of one org, opened once. */
  workspace(org: string): Promise<Weft> {
    const known = this.#open.get(org)
    if (known) return known
    const state = this.#state
    const seat = state.at === 'in' ? state.orgs.find((seat) => seat.org.id === org) : undefined
    const mine = state.at === 'in' && state.me.org.id === org ? state.me : undefined
    if (!seat) return Promise.reject(new Problem('not_found', { status: 404 }))
    const opening = Weft.open({
      api: this.api.withOrg(org),
      org,
      me: mine ?? seat.principal.id,
      joinNames: titles,
    })
    this.#open.set(org, opening)
    opening.then(
      (weft) => this.#adopt(org, weft),
      () => this.#open.delete(org),
    )
    return opening
  }

  #adopt(org: string, weft: Weft): void {
    if (!this.#open.has(org)) return
    this.#ready = [...this.#ready, weft]
    this.#tell()
    weft.connection.subscribe(() => {
      if (weft.connection.get().state === 'signed_out' && this.#open.has(org)) void this.#lost(org, weft)
    })
  }

  /** One org ended: another may go on (deactivated in one), else the account is signed out. */
  async #lost(org: string, weft: Weft): Promise<void> {
    this.#open.delete(org)
    this.#ready = this.#ready.filter((each) => each !== weft)
    // A revoked org has wiped itself.
    weft.close()
    const before = this.#state
    const state = await this.check(null)
    if (state.at === 'failed' && state.problem.status === 403) await this.forget('revoked')
    else if (state.at !== 'out' && (state.at !== 'in' || state === before)) await this.forget('expired')
  }

  /** Several orgs and none remembered: the account's first one. */
  async #choose(): Promise<SessionState> {
    try {
      const { orgs } = await this.api.get<{ orgs: OrgSeat[] }>('/auth/account')
      const first = orgs[0]
      if (first) return await this.check(first.org.id)
      this.#set({ at: 'out' })
    } catch (error) {
      this.#set({ at: 'failed', problem: Problem.of(error) })
    }
    return this.#state
  }

  #set(state: SessionState): void {
    this.#state = state
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}

function readCache(org: string | null): Me | null {
  try {
    const me = JSON.parse(memory.get('me') ?? 'null') as Me | null
    return me && (!org || me.orgs.some((seat) => seat.org.id === org)) ? me : null
  } catch {
    return null
  }
}

/** The one session of this page. */
export const session = new Session()
