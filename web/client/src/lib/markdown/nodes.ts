/** The tree a message text becomes: plain data, safe to cache and to render without touching HTML. */
export type MdNode =
  | { t: 'text'; v: string }
  | { t: 'br' }
  | { t: 'hr' }
  | { t: 'code'; v: string }
  | { t: 'fence'; lang: string; v: string }
  /** TeX, and the dollars around it: two for a formula on a line of its own. */
  | { t: 'formula'; v: string; markup: string }
  | { t: 'diagram'; v: string }
  | { t: 'link'; href: string; c: MdNode[] }
  | { t: 'person'; id: string }
  | { t: 'everyone'; which: 'all' | 'here' }
  | { t: 'channel'; id: string }
  | { t: 'emoji'; name: string }
  | { t: 'task'; checked: boolean }
  | { t: 'ol'; start: number; c: MdNode[] }
  | { t: 'cell'; head: boolean; align: 'left' | 'center' | 'right' | null; c: MdNode[] }
  | { t: ElementTag; c: MdNode[] }

/** Elements that carry nothing but children. */
export type ElementTag =
  | 'p'
  | 'strong'
  | 'em'
  | 's'
  | 'blockquote'
  | 'ul'
  | 'li'
  | 'h1'
  | 'h2'
  | 'h3'
  | 'h4'
  | 'h5'
  | 'h6'
  | 'table'
  | 'thead'
  | 'tbody'
  | 'tr'

/** The visible text of a tree, for copying, previews and notifications. */
export function nodesText(nodes: readonly MdNode[], name: (id: string) => string = (id) => id): string {
  let out = ''
  for (const n of nodes) {
    switch (n.t) {
      case 'text':
      case 'code':
        out += n.v
        break
      case 'fence':
      case 'diagram':
        out += n.v
        break
      case 'formula':
        out += n.markup + n.v + n.markup
        break
      case 'br':
        out += '\n'
        break
      case 'hr':
        out += '\n'
        break
      case 'person':
        out += '@' + name(n.id)
        break
      case 'everyone':
        out += '@' + n.which
        break
      case 'channel':
        out += '#' + name(n.id)
        break
      case 'emoji':
        out += `:${n.name}:`
        break
      case 'task':
        out += n.checked ? '☑ ' : '☐ '
        break
      default:
        out += nodesText(n.c, name)
        if (n.t === 'p' || n.t === 'tr' || (n.t === 'li' && !out.endsWith('\n'))) out += '\n'
        else if (n.t === 'cell') out += '\t'
    }
  }
  return out
}
