import { IdbStore } from './idb'
import { MemoryStore } from './memory'
import type { Store } from './store'

/** The store of one principal in one org; in memory where the platform cannot keep one. */
export async function openStore(org: string, me: string, kind: 'indexeddb' | 'memory'): Promise<Store> {
  if (kind === 'memory' || typeof indexedDB === 'undefined') return new MemoryStore()
  return IdbStore.open(org, me).catch(() => new MemoryStore())
}
