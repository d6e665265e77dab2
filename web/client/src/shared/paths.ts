/** Addresses of pages; the one place that spells them. */
export const paths = {
  setup: '/setup',
  signIn: '/sign-in',
  forgot: '/forgot',
  home: (org: string) => `/o/${org}`,
  conversation: (org: string, conversation: string, seq?: number) =>
    `/o/${org}/c/${conversation}${seq === undefined ? '' : `/${seq}`}`,
  browse: (org: string) => `/o/${org}/browse`,
  acks: (org: string) => `/o/${org}/acks`,
  later: (org: string, tab?: 'done' | 'scheduled' | 'away') => `/o/${org}/later${tab ? `/${tab}` : ''}`,
  inbox: (org: string) => `/o/${org}/inbox`,
  catchup: (org: string) => `/o/${org}/catchup`,
  threads: (org: string) => `/o/${org}/threads`,
  search: (org: string, asked: { q?: string; tab?: string; sort?: string } = {}) => {
    const params = new URLSearchParams()
    if (asked.q) params.set('q', asked.q)
    if (asked.tab && asked.tab !== 'messages') params.set('tab', asked.tab)
    if (asked.sort && asked.sort !== 'relevance') params.set('sort', asked.sort)
    const query = params.toString()
    return `/o/${org}/search${query && `?${query}`}`
  },
  files: (org: string) => `/o/${org}/files`,
  people: (org: string) => `/o/${org}/people`,
  settings: (org: string, section?: string) => `/o/${org}/settings${section ? `/${section}` : ''}`,
  admin: (org: string, section?: string) => `/o/${org}/admin${section ? `/${section}` : ''}`,
}

/** A path of this client as a full address to hand to others. */
export function absolute(path: string): string {
  return new URL(path, location.origin).href
}
