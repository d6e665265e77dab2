import type { Api } from './api'
import { seg } from './api/http'
import type { FileRef } from './fileTypes'
import type { Micros } from './types'

/** A message that is a picture. */
export interface StickerPart {
  type: 'sticker'
  /** What stands for it in words. */
  name: string
  animated: boolean
  file: FileRef
}

export interface Sticker {
  id: string
  name: string
  animated: boolean
  width: number
  height: number
}

export interface StickerPack {
  id: string
  name: string
  by: string
  at: Micros
  /** The first stands for the pack. */
  stickers: Sticker[]
}

/** All that one can send. */
export interface StickerSet {
  packs: StickerPack[]
  mine: Sticker[]
}

/** What became of several pictures. */
export interface TakenStickers {
  added: Sticker[]
  refused: { name: string; code: string }[]
}

/** The routes of stickers. */
export function stickerRoutes(api: Api) {
  const pack = (id: string): string => `/sticker-packs/${seg(id)}`
  return {
    all: (): Promise<StickerSet> => api.get('/stickers'),
    /** Address of a picture; `still`: one that does not move. */
    url: (id: string, still = false): string =>
      api.http.url(`/stickers/${seg(id)}/image`, {
        ...(still ? { still } : {}),
        ...(api.http.org ? { org: api.http.org } : {}),
      }),
    makePack: (name: string): Promise<{ id: string }> => api.post('/sticker-packs', { name }),
    renamePack: (id: string, name: string): Promise<void> => api.patch(pack(id), { name }),
    removePack: (id: string): Promise<void> => api.delete(pack(id)),
    /** Adds pictures, and zips of them, to a pack, or to one's own. */
    add: async (id: string | null, files: Iterable<Blob>): Promise<TakenStickers> => {
      const form = new FormData()
      for (const file of files) form.append('file', file)
      // The boundary is the browser's to choose, and says so only in the header.
      const packed = new Response(form)
      const raw = { data: await packed.arrayBuffer(), type: packed.headers.get('Content-Type') ?? '' }
      const path = id === null ? '/stickers' : `/sticker-packs/${seg(id)}/stickers`
      return api.request('POST', path, { raw })
    },
    /** Adds a picture that one was sent to one's own; null where it was there already. */
    collect: (file: string, name: string): Promise<{ sticker: Sticker | null }> =>
      api.post('/stickers/collect', { file, name }),
    remove: (id: string): Promise<void> => api.delete(`/stickers/${seg(id)}`),
  }
}
