import { Menu, type MenuItem } from '@weft/ui'
import { Ellipsis, ListTree, MessageSquare, Tags } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { ALT } from '../../shared/keys'
import css from './viewSwitch.module.css'
import { VIEWS, type View } from './useView'

const ICONS = { chat: MessageSquare, threads: ListTree, topics: Tags }

interface ViewSwitchProps {
  view: View
  onChoose: (view: View) => void
}

/** The same as a menu, for phones, with what else a header has no room for. */
export function ViewMenu(props: {
  view: View
  /** Null where there is one view only. */
  onChoose: ((view: View) => void) | null
  more: readonly MenuItem[]
}) {
  const { view, onChoose, more } = props
  const { t } = useTranslation('conversation')
  const views = VIEWS.map((each) => {
    const Icon = ICONS[each]
    return {
      label: t(`view.${each}`),
      icon: <Icon size={16} aria-hidden />,
      checked: each === view,
      onSelect: () => onChoose?.(each),
    }
  })
  const label = onChoose ? `${t('more')}, ${t(`view.${view}`)}` : t('more')
  return (
    <Menu label={t('more')} items={onChoose ? [...views, '-', ...more] : [...more]} align="end">
      <button type="button" className={css.button} aria-label={label}>
        <Ellipsis size={18} aria-hidden />
      </button>
    </Menu>
  )
}

/** Chat, threads or topics, all in sight. */
export function ViewSwitch({ view, onChoose }: ViewSwitchProps) {
  const { t } = useTranslation('conversation')
  return (
    <div className={css.switch} role="group" aria-label={t('view.label')}>
      {VIEWS.map((each, at) => {
        const Icon = ICONS[each]
        return (
          <button
            key={each}
            type="button"
            aria-pressed={each === view}
            title={`${t(`view.${each}`)} (${ALT} Shift ${at + 1})`}
            onClick={() => onChoose(each)}
          >
            <Icon size={14} aria-hidden />
            <span>{t(`view.${each}`)}</span>
          </button>
        )
      })}
    </div>
  )
}
