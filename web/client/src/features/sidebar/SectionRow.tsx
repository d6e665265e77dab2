import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ChevronDown, Ellipsis, Plus } from 'lucide-react'
import { cx, IconButton, Menu, toast, UnreadBadge, type MenuItem } from '@weft/ui'
import { emitIntent } from '../../shared/intents'
import type { SidebarActions } from './actions'
import { CHANNELS, FAVOURITES, PEOPLE, STREAMS, type Row } from './model'
import { SectionDialog } from './parts'
import s from './sidebar.module.css'

interface Props {
  row: Extract<Row, { type: 'section' }>
  actions: SidebarActions
  onBrowse: () => void
  over: boolean
}

/** A section's heading: folds, and holds what can be done to the section. */
export function SectionRow({ row, actions, onBrowse, over }: Props) {
  const { t } = useTranslation('sidebar')
  const [renaming, setRenaming] = useState(false)
  const own = ![FAVOURITES, CHANNELS, PEOPLE, ...Object.values(STREAMS)].includes(row.id)
  const name = row.name ?? t(`section.${row.id}`)
  const { prefs } = actions
  const at = prefs.sections.findIndex((section) => section.id === row.id)

  const remove = () => {
    const { sections, order } = prefs
    actions.removeSection(row.id)
    toast({ text: t('section.removed', { name }), undo: () => actions.restoreSections(sections, order) })
  }
  const items: MenuItem[] = own
    ? [
        { label: t('section.rename'), onSelect: () => setRenaming(true) },
        { label: t('section.up'), disabled: at <= 0, onSelect: () => actions.shiftSection(row.id, -1) },
        {
          label: t('section.down'),
          disabled: at >= prefs.sections.length - 1,
          onSelect: () => actions.shiftSection(row.id, 1),
        },
        '-',
        { label: t('section.remove'), danger: true, onSelect: remove },
      ]
    : []
  if (prefs.order[row.id]?.length) {
    items.unshift({ label: t('section.resetOrder'), onSelect: () => actions.resetOrder(row.id) })
  }
  return (
    <div className={cx(s.section, over && s.into)}>
      <button
        type="button"
        className={s.fold}
        aria-expanded={!row.folded}
        onClick={() => actions.toggleFold(row.id)}
      >
        <ChevronDown size={14} aria-hidden className={cx(s.chevron, row.folded && s.folded)} />
        <span className={s.heading}>{name}</span>
        {row.folded && row.count > 0 && (
          <span className={s.count} data-tabular>
            {row.count}
          </span>
        )}
      </button>
      {row.folded && row.mentions === 0 && row.unread > 0 && (
        <UnreadBadge count={row.unread} label={t('common:unreadCount', { count: row.unread })} />
      )}
      {row.folded && (
        <UnreadBadge mention count={row.mentions} label={t('common:mentionCount', { count: row.mentions })} />
      )}
      <span className={s.tools}>
        {row.id === CHANNELS && (
          <Menu
            label={t('addChannel')}
            items={[
              { label: t('createChannel'), onSelect: () => void emitIntent('create-channel', {}) },
              { label: t('browse'), onSelect: onBrowse },
            ]}
          >
            <IconButton size="s" label={t('addChannel')} icon={<Plus size={16} />} />
          </Menu>
        )}
        {row.id === PEOPLE && (
          <IconButton
            size="s"
            label={t('newMessage')}
            icon={<Plus size={16} />}
            onClick={() => void emitIntent('new-message', {})}
          />
        )}
        {items.length > 0 && (
          <Menu label={name} items={items}>
            <IconButton size="s" label={t('section.options', { name })} icon={<Ellipsis size={16} />} />
          </Menu>
        )}
      </span>
      {renaming && (
        <Suspense fallback={null}>
          <SectionDialog
            initial={name}
            onClose={() => setRenaming(false)}
            onSave={(next) => actions.renameSection(row.id, next)}
          />
        </Suspense>
      )}
    </div>
  )
}
