import type {
  FileDetails,
  FileLayout,
  FileLink,
  FileSettings,
  FileText,
  Micros,
  Page,
  PostedFile,
  StoredFile,
  Upload,
} from '../types'
import { type Http, seg } from './http'

/** What is said of a file before it is sent. */
export interface NewUpload extends Pick<FileDetails, 'width' | 'height' | 'duration_ms' | 'waveform'> {
  name: string
  size: number
  mime?: string
}

export interface FileQuery {
  conversation?: string | undefined
  kind?: readonly string[] | undefined
  from?: string | undefined
  after?: Micros | undefined
  before?: Micros | undefined
  q?: string | undefined
  cursor?: string | null | undefined
  limit?: number
}

export function fileRoutes(http: Http) {
  const at = (id: string, rest = ''): string => `/files/${seg(id)}${rest}`
  // Where no header can be sent, the query says the org.
  const here = http.org ? { org: http.org } : {}
  return {
    list: (query: FileQuery = {}): Promise<Page<PostedFile>> =>
      http.request('GET', '/files', {
        query: { ...query, kind: query.kind?.length ? query.kind : undefined },
      }),
    get: (id: string): Promise<StoredFile> => http.request('GET', at(id)),
    settings: (): Promise<FileSettings> => http.request('GET', '/files/settings'),
    setSettings: (
      patch: Partial<Pick<FileSettings, 'max_file_size' | 'quota' | 'link_previews'>>,
    ): Promise<FileSettings> => http.request('PATCH', '/files/settings', { body: patch }),
    /** Begins an upload. */
    begin: (upload: NewUpload): Promise<Upload> => http.request('POST', '/files/uploads', { body: upload }),
    /** How far it is; `not_found` once it is a file. */
    progress: (id: string): Promise<Upload> => http.request('GET', `/files/uploads/${seg(id)}`),
    cancel: (id: string): Promise<void> => http.request('DELETE', `/files/uploads/${seg(id)}`),
    /** A picture for a film. */
    setPoster: (id: string, picture: Blob): Promise<StoredFile> =>
      http.request('PUT', at(id, '/poster'), { raw: { data: picture, type: picture.type } }),
    link: (id: string): Promise<FileLink> => http.request('POST', at(id, '/link')),
    /** What the server has read in a document, such as a PDF or a sheet. */
    documentText: (id: string): Promise<FileText> => http.request('GET', at(id, '/text')),
    /** How far an Office document's layout is; whoever asks first has it made. */
    layout: (id: string): Promise<FileLayout> => http.request('POST', at(id, '/layout')),
    /** Address of the layout, a PDF. */
    layoutUrl: (id: string): string => http.url(at(id, '/layout'), here),
    /** The beginning of a text. */
    text: (id: string, signal?: AbortSignal): Promise<string> => http.text(at(id, '/preview'), signal),
    /** Address of the bytes, for `src` and `href`. */
    url: (id: string, download = false): string =>
      http.url(at(id, '/content'), { ...here, ...(download ? { download } : {}) }),
    /** Address of a picture of at least `size` pixels. */
    thumbUrl: (id: string, size: number): string => http.url(at(id, '/thumb'), { ...here, size }),
    /** Address of a picture of what a link leads to. */
    linkUrl: (id: string, picture: 'image' | 'icon'): string =>
      http.url(`/links/${seg(id)}/${picture}`, here),
    uploadUrl: (id: string): string => http.url(`/files/uploads/${seg(id)}`),
  }
}
