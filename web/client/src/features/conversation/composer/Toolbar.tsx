import { IconButton } from '@weft/ui'
import {
  Bold,
  Code,
  Italic,
  Link,
  List,
  ListOrdered,
  ListTodo,
  SquareCode,
  Strikethrough,
  Table,
  TextQuote,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { MAC } from '../../../shared/keys'
import css from './composer.module.css'
import type { Format } from './format'

const BUTTONS: [Format, typeof Bold, string?][] = [
  ['bold', Bold, 'Ctrl B'],
  ['italic', Italic, 'Ctrl I'],
  ['strike', Strikethrough, 'Ctrl ⇧ X'],
  ['code', Code, 'Ctrl E'],
  ['codeBlock', SquareCode, 'Ctrl ⇧ E'],
  ['quote', TextQuote, 'Ctrl ⇧ 9'],
  ['list', List, 'Ctrl ⇧ 8'],
  ['numbered', ListOrdered, 'Ctrl ⇧ 7'],
  ['task', ListTodo],
  ['link', Link, 'Ctrl ⇧ U'],
  ['table', Table],
]

/** Keys with Ctrl or ⌘ that format; shifted digits arrive as their signs on many layouts. */
export const FORMAT_KEYS: Partial<Record<string, Format>> = {
  b: 'bold',
  i: 'italic',
  e: 'code',
  'shift+x': 'strike',
  'shift+e': 'codeBlock',
  'shift+9': 'quote',
  'shift+(': 'quote',
  'shift+8': 'list',
  'shift+*': 'list',
  'shift+7': 'numbered',
  'shift+&': 'numbered',
  'shift+u': 'link',
}

/** Formatting buttons over the text; folded away by default. */
export function Toolbar(props: { active: ReadonlySet<Format>; onFormat: (f: Format) => void }) {
  const { t } = useTranslation('conversation')
  return (
    <div className={css.toolbar} role="toolbar" aria-label={t('formatting')}>
      {BUTTONS.map(([format, Icon, keys]) => (
        <IconButton
          key={format}
          size="s"
          side="top"
          label={t(`format.${format}`)}
          active={props.active.has(format)}
          aria-pressed={props.active.has(format)}
          icon={<Icon size={16} />}
          onPointerDown={(e) => e.preventDefault()}
          onClick={() => props.onFormat(format)}
          {...(keys ? { keys: MAC ? keys.replace('Ctrl', '⌘') : keys } : {})}
        />
      ))}
    </div>
  )
}
