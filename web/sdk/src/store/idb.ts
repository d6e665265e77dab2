import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from 'idb'
import { laneConversation } from '../sync/model'
import type { Draft, Principal, ThreadState } from '../types'
import type { Batch, Meta, OutboxEntry, Store, Stored, StoredConversation, Tail } from './store'

/** Raised with the shape of what is kept: an older database is emptied, for the server to fill again. */
const VERSION = 1
const PREFIX = 'weft:'
const MAX_TAILS = 50
const MAX_PEOPLE = 5000

interface Schema extends DBSchema {
  /** `owner`: whose data this is; `meta`: one `Meta`. */
  meta: { key: string; value: { key: 'owner'; me: string } | { key: 'meta'; meta: Meta } }
  conversations: { key: string; value: StoredConversation }
  people: { key: string; value: Principal }
  threads: { key: string; value: ThreadState }
  drafts: { key: [string, string]; value: Omit<Draft, 'thread'> & { thread: string } }
  tails: { key: string; value: Tail; indexes: { used: number; conversation: string; epoch: string } }
  outbox: { key: string; value: OutboxEntry }
}

type Name = 'meta' | 'conversations' | 'people' | 'threads' | 'drafts' | 'tails' | 'outbox'
const ALL: Name[] = ['meta', 'conversations', 'people', 'threads', 'drafts', 'tails', 'outbox']

/**
 * One org's data in IndexedDB. Every write first makes sure that the data is still the same person's: a tab
 * left open by the one before cannot write into the next one's.
 */
export class IdbStore implements Store {
  readonly shared = true
  readonly #db: IDBPDatabase<Schema>
  readonly #me: string

  private constructor(db: IDBPDatabase<Schema>, me: string) {
    this.#db = db
    this.#me = me
  }

  static async open(org: string, me: string): Promise<IdbStore> {
    const db = await openDB<Schema>(PREFIX + org, VERSION, {
      upgrade(database) {
        for (const name of ALL) if (database.objectStoreNames.contains(name)) database.deleteObjectStore(name)
        database.createObjectStore('meta', { keyPath: 'key' })
        database.createObjectStore('conversations', { keyPath: 'id' })
        database.createObjectStore('people', { keyPath: 'id' })
        database.createObjectStore('threads', { keyPath: 'root' })
        database.createObjectStore('drafts', { keyPath: ['conversation', 'thread'] })
        const tails = database.createObjectStore('tails', { keyPath: 'lane' })
        tails.createIndex('used', 'used')
        tails.createIndex('conversation', 'conversation')
        tails.createIndex('epoch', 'epoch')
        database.createObjectStore('outbox', { keyPath: 'nonce' })
      },
      // A newer page wants to upgrade, or the device is to forget: stand aside.
      blocking: (_current, _next, event) => (event.target as IDBDatabase).close(),
    })
    return new IdbStore(db, me)
  }

  async load(me: string): Promise<Stored | null> {
    const tx = this.#db.transaction(ALL, 'readwrite')
    const metas = tx.objectStore('meta')
    const owner = await metas.get('owner')
    if (owner?.key !== 'owner' || owner.me !== me) {
      await Promise.all(ALL.map((name) => tx.objectStore(name).clear()))
      await metas.put({ key: 'owner', me })
      await tx.done
      return null
    }
    const [meta, conversations, people, threads, drafts] = await Promise.all([
      metas.get('meta'),
      tx.objectStore('conversations').getAll(),
      tx.objectStore('people').getAll(null, MAX_PEOPLE),
      tx.objectStore('threads').getAll(),
      tx.objectStore('drafts').getAll(),
    ])
    await tx.done
    if (meta?.key !== 'meta' || meta.meta.epoch === null) return null
    const unkeyed = drafts.map((draft) => ({ ...draft, thread: draft.thread || null }))
    return { meta: meta.meta, conversations, people, threads, drafts: unkeyed }
  }

  async save(batch: Batch): Promise<void> {
    const tx = await this.#write(['meta', 'conversations', 'people', 'threads', 'drafts', 'tails'])
    if (!tx) return
    const at = <N extends Name>(name: N) => tx.objectStore(name)
    void at('meta').put({ key: 'meta', meta: batch.meta })
    if (batch.replace) {
      void at('conversations').clear()
      void at('threads').clear()
      const joined = new Set(batch.conversations.map((row) => row.id))
      const valid = new Set(await at('tails').index('epoch').getAllKeys(batch.meta.epoch))
      for (const lane of await at('tails').getAllKeys()) {
        if (!valid.has(lane) || !joined.has(laneConversation(lane))) void at('tails').delete(lane)
      }
    }
    for (const row of batch.conversations) void at('conversations').put(row)
    for (const id of batch.left) {
      void at('conversations').delete(id)
      const lanes = await at('tails').index('conversation').getAllKeys(id)
      for (const lane of lanes) void at('tails').delete(lane)
    }
    const tooMany = batch.people.length > 0 && (await at('people').count()) > MAX_PEOPLE
    if (tooMany || batch.forgetPeople) void at('people').clear()
    for (const principal of batch.people) void at('people').put(principal)
    for (const thread of batch.threads) void at('threads').put(thread)
    if (batch.drafts) {
      void at('drafts').clear()
      for (const draft of batch.drafts) void at('drafts').put({ ...draft, thread: draft.thread ?? '' })
    }
    await tx.done
  }

  tail(lane: string): Promise<Tail | undefined> {
    return this.#db.get('tails', lane)
  }

  async saveTail(tail: Tail): Promise<void> {
    const tx = await this.#write(['meta', 'tails'])
    if (!tx) return
    const tails = tx.objectStore('tails')
    void tails.put(tail)
    let surplus = (await tails.count()) - MAX_TAILS
    let cursor = surplus > 0 ? await tails.index('used').openCursor() : null
    while (cursor && surplus > 0) {
      void cursor.delete()
      surplus -= 1
      cursor = await cursor.continue()
    }
    await tx.done
  }

  outbox(): Promise<OutboxEntry[]> {
    return this.#db.getAll('outbox')
  }

  async putOutbox(entry: OutboxEntry): Promise<void> {
    const tx = await this.#write(['meta', 'outbox'], 'strict')
    if (!tx) return
    void tx.objectStore('outbox').put(entry)
    await tx.done
  }

  async deleteOutbox(nonce: string): Promise<void> {
    await this.#db.delete('outbox', nonce)
  }

  async wipe(): Promise<void> {
    const tx = this.#db.transaction(ALL, 'readwrite')
    await Promise.all(ALL.map((name) => tx.objectStore(name).clear()))
    await tx.done
  }

  close(): void {
    this.#db.close()
  }

  /** A transaction to write in, or null where the data is no longer this person's. */
  async #write(names: Name[], durability: 'relaxed' | 'strict' = 'relaxed') {
    const tx = this.#db.transaction(names, 'readwrite', { durability })
    const owner = await tx.objectStore('meta').get('owner')
    if (owner?.key === 'owner' && owner.me === this.#me) return tx
    await tx.done
    return null
  }
}

/** Removes what every org has left on this device. */
export async function forgetDevice(): Promise<void> {
  if (typeof indexedDB === 'undefined' || !indexedDB.databases) return
  const names = (await indexedDB.databases()).flatMap(({ name }) => (name?.startsWith(PREFIX) ? name : []))
  await Promise.all(names.map((name) => deleteDB(name)))
}
