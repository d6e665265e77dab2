import { Menu, type MenuItem } from '@weft/ui'
import { Ellipsis, ListTree, MessageSquare, Tags } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { usePhone } from '../../shared/hooks'
import { ALT } from '../../shared/keys'
import css from './viewSwitch.module.css'
import { VIEWS, type View } from './useView'

const ICONS = { chat: MessageSquare, threads: ListTree, topics: Tags }

/** Chat, threads or topics: all in sight where there is room, a menu where there is not. */
export function ViewSwitch(props: {
  view: View
  onChoose: (view: View) => void
  /** What else the menu holds. */
  more: readonly MenuItem[]
}) {
  const { view, onChoose, more } = props
  const { t } = useTranslation('conversation')
  const phone = usePhone()
  if (phone) {
    const items = VIEWS.map((each) => {
      const Icon = ICONS[each]
      return {
        label: t(`view.${each}`),
        icon: <Icon size={16} aria-hidden />,
        checked: each === view,
        onSelect: () => onChoose(each),
      }
    })
    return (
      <Menu label={t('more')} items={[...items, '-', ...more]} align="end">
        <button type="button" className={css.button} aria-label={`${t('more')}, ${t(`view.${view}`)}`}>
          <Ellipsis size={18} aria-hidden />
        </button>
      </Menu>
    )
  }
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
