import { createContext, memo, useContext, useMemo, type ComponentType, type ReactNode } from 'react'

import { CodeBlock } from './CodeBlock'
import { DiagramBlock, FormulaText } from './drawn'
import css from './markdown.module.css'
import type { MdNode } from './nodes'
import { parseMarkdown } from './parse'

/** How the surrounding app shows the ids that a text may carry. */
export interface MarkdownSlots {
  Person: ComponentType<{ id: string }>
  Everyone: ComponentType<{ which: 'all' | 'here' }>
  Channel: ComponentType<{ id: string }>
  /** What a name between colons means. */
  Emoji: ComponentType<{ name: string }>
}

const Slots = createContext<MarkdownSlots>({
  Person: ({ id }) => <span>@{id}</span>,
  Everyone: ({ which }) => <span>@{which}</span>,
  Channel: ({ id }) => <span>#{id}</span>,
  Emoji: ({ name }) => `:${name}:`,
})

export const MarkdownSlotsProvider = Slots.Provider

interface Props {
  text: string
  /** Shown after the last words, on the same line where possible, such as the "edited" mark. */
  tail?: ReactNode
}

/** A message text as React elements. Never uses HTML; links open apart and tell nothing about where they came from. */
export const Markdown = memo(function Markdown({ text, tail }: Props) {
  const nodes = useMemo(() => parseMarkdown(text), [text])
  const jumbo = useMemo(() => isJumbo(nodes), [nodes])
  const last = nodes.length - 1
  return (
    <div className={jumbo ? `${css.md} ${css.jumbo}` : css.md}>
      {nodes.map((n, i) =>
        i === last && tail && n.t === 'p' ? (
          <p key={i}>
            {children(n.c)} {tail}
          </p>
        ) : (
          <Node key={i} node={n} />
        ),
      )}
      {tail && nodes[last]?.t !== 'p' ? <div className={css.tail}>{tail}</div> : null}
    </div>
  )
})

const children = (nodes: readonly MdNode[]) => nodes.map((n, i) => <Node key={i} node={n} />)

function Node({ node }: { node: MdNode }): ReactNode {
  const slots = useContext(Slots)
  switch (node.t) {
    case 'text':
      return node.v
    case 'br':
      return <br />
    case 'hr':
      return <hr />
    case 'code':
      return <code className={css.code}>{node.v}</code>
    case 'fence':
      return <CodeBlock lang={node.lang} code={node.v} />
    case 'diagram':
      return <DiagramBlock code={node.v} />
    case 'formula':
      return <FormulaText tex={node.v} markup={node.markup} />
    case 'person':
      return <slots.Person id={node.id} />
    case 'everyone':
      return <slots.Everyone which={node.which} />
    case 'channel':
      return <slots.Channel id={node.id} />
    case 'emoji':
      return <slots.Emoji name={node.name} />
    case 'task':
      return (
        <input
          type="checkbox"
          className={css.task}
          checked={node.checked}
          aria-label={node.checked ? '☑' : '☐'}
          readOnly
          tabIndex={-1}
        />
      )
    case 'link':
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          {children(node.c)}
        </a>
      )
    case 'ol':
      return <ol start={node.start}>{children(node.c)}</ol>
    case 'cell': {
      const Cell = node.head ? 'th' : 'td'
      return <Cell style={node.align ? { textAlign: node.align } : undefined}>{children(node.c)}</Cell>
    }
    case 'table':
      return (
        <div className={css.table} tabIndex={0}>
          <table>{children(node.c)}</table>
        </div>
      )
    case 'li':
      return <li className={hasTask(node.c) ? css.taskItem : undefined}>{children(node.c)}</li>
    default: {
      const Tag = node.t
      return <Tag>{children(node.c)}</Tag>
    }
  }
}

function hasTask(nodes: readonly MdNode[]): boolean {
  const first = nodes[0]
  return first?.t === 'task' || (first?.t === 'p' && first.c[0]?.t === 'task')
}

const EMOJI_ONLY =
  /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\ufe0f|\u200d\p{Extended_Pictographic})*|\s)+$/u

/** Up to three emoji and nothing else are shown large. */
function isJumbo(nodes: readonly MdNode[]): boolean {
  const only = nodes.length === 1 ? nodes[0] : undefined
  if (only?.t !== 'p' || only.c.length === 0 || only.c.length > 5) return false
  let count = 0
  for (const n of only.c) {
    if (n.t === 'emoji') count++
    else if (n.t !== 'text' || n.v.length > 40 || !EMOJI_ONLY.test(n.v)) return false
    else
      count += [...n.v.matchAll(/\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic}|\ufe0f)*/gu)]
        .length
  }
  return count > 0 && count <= 3
}
