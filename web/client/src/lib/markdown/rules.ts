import type { MarkdownIt, StateCore, StateInline, Token } from 'markdown-it'

const MENTION = /<(?:@(usr_[0-9a-z]{1,40}|all|here)|#(cnv_[0-9a-z]{1,40}))>/y
const LESS_THAN = 0x3c

/** `<@usr_…>`, `<@all>`, `<@here>` and `<#cnv_…>` become tokens of their own, before autolinks are tried. */
export function mentions(md: MarkdownIt): void {
  md.inline.ruler.before('autolink', 'weft_mention', (state: StateInline, silent: boolean) => {
    if (state.src.charCodeAt(state.pos) !== LESS_THAN) return false
    MENTION.lastIndex = state.pos
    const hit = MENTION.exec(state.src)
    if (!hit) return false
    if (!silent) {
      const token = state.push(hit[1] ? 'weft_mention' : 'weft_channel', '', 0)
      token.content = hit[1] ?? hit[2] ?? ''
    }
    state.pos += hit[0].length
    return true
  })
}

const TASK = /^\[([ xX])\][ \u3000]/

/** `- [ ] item` and `- [x] item`: marks the text's first token; the list item itself stays a list item. */
export function taskLists(md: MarkdownIt): void {
  md.core.ruler.after('inline', 'weft_tasks', (state: StateCore) => {
    const tokens = state.tokens
    for (let i = 2; i < tokens.length; i++) {
      const inline = tokens[i]!
      if (inline.type !== 'inline' || tokens[i - 1]!.type !== 'paragraph_open') continue
      if (tokens[i - 2]!.type !== 'list_item_open') continue
      const first = inline.children?.[0]
      const hit = first?.type === 'text' ? TASK.exec(first.content) : null
      if (!first || !hit) continue
      first.content = first.content.slice(hit[0].length)
      const box = new state.Token('weft_task', '', 0)
      box.info = hit[1] === ' ' ? '' : 'x'
      inline.children!.unshift(box)
    }
  })
}

/** Where a bare address ends in Chinese text: full-width punctuation is never part of it. */
const FULL_WIDTH_STOP = /[，。；：！？、…“”‘’（）《》〈〉「」『』【】]/

/** Ends bare links at the first full-width punctuation mark: `看 https://a.cn/x，谢谢` links only the address. */
export function trimBareLinks(md: MarkdownIt): void {
  md.core.ruler.after('linkify', 'weft_trim_links', (state: StateCore) => {
    for (const block of state.tokens) {
      if (block.type !== 'inline' || !block.children) continue
      const out: Token[] = []
      const kids = block.children
      for (let i = 0; i < kids.length; i++) {
        const open = kids[i]!
        const text = kids[i + 1]
        const close = kids[i + 2]
        out.push(open)
        if (open.type !== 'link_open' || open.markup !== 'linkify' || !text || !close) continue
        const stop = text.content.search(FULL_WIDTH_STOP)
        if (stop <= 0) continue
        const shown = text.content.slice(0, stop)
        open.attrSet('href', bareHref(shown))
        const rest = new state.Token('text', '', 0)
        rest.content = text.content.slice(stop)
        text.content = shown
        out.push(text, close, rest)
        i += 2
      }
      block.children = out
    }
  })
}

function bareHref(shown: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(shown)) return shown
  return shown.includes('@') ? `mailto:${shown}` : `https://${shown}`
}
