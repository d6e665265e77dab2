/** Addresses of pages; the one place that spells them. */
export const paths = {
  setup: '/setup',
  signIn: '/sign-in',
  forgot: '/forgot',
  home: (org: string) => `/o/${org}`,
  conversation: (org: string, conversation: string, seq?: number) =>
    `/o/${org}/c/${conversation}${seq === undefined ? '' : `/${seq}`}`,
  browse: (org: string) => `/o/${org}/browse`,
  threads: (org: string) => `/o/${org}/threads`,
  people: (org: string) => `/o/${org}/people`,
  settings: (org: string, section?: string) => `/o/${org}/settings${section ? `/${section}` : ''}`,
  admin: (org: string, section?: string) => `/o/${org}/admin${section ? `/${section}` : ''}`,
}

/** A path of this client as a full address to hand to others. */
export function absolute(path: string): string {
  return new URL(path, location.origin).href
}
