import { useTranslation } from 'react-i18next'
import { Kbd, Modal } from '@weft/ui'
import en from '../../i18n/en/shortcuts.json'
import zh from '../../i18n/zh-CN/shortcuts.json'
import { addMessages } from '../../i18n'
import { ALT, MOD } from '../../shared/keys'
import s from './shortcuts.module.css'

addMessages('shortcuts', en, zh)

const MAP: readonly { group: string; keys: readonly (readonly [string, string])[] }[] = [
  {
    group: 'everywhere',
    keys: [
      ['switcher', `${MOD} K`],
      ['search', `${MOD} Shift F`],
      ['newMessage', `${ALT} N`],
      ['previous', `${ALT} ↑`],
      ['next', `${ALT} ↓`],
      ['previousUnread', `${ALT} Shift ↑`],
      ['nextUnread', `${ALT} Shift ↓`],
      ['people', `${ALT} P`],
      ['browse', `${ALT} C`],
      ['list', `${ALT} L`],
      ['view', `${ALT} Shift 1–3`],
      ['putAway', 'E'],
      ['settings', `${MOD} ,`],
      ['map', '?'],
    ],
  },
  {
    group: 'messages',
    keys: [
      ['move', '↑ ↓'],
      ['reply', 'R'],
      ['thread', 'T'],
      ['react', '+'],
      ['edit', 'E'],
      ['forward', 'F'],
      ['saveMessage', 'S'],
      ['close', 'Esc'],
    ],
  },
  {
    group: 'composer',
    keys: [
      ['mention', '@'],
      ['channel', '#'],
      ['emoji', ':'],
      ['command', '/'],
      ['sendLater', `${MOD} Shift Enter`],
      ['editLast', '↑'],
      ['bold', `${MOD} B`],
      ['italic', `${MOD} I`],
      ['strike', `${MOD} Shift X`],
      ['code', `${MOD} E`],
      ['bullets', `${MOD} Shift 8`],
      ['link', `${MOD} Shift U`],
    ],
  },
]

/** The keyboard map. */
export default function ShortcutMap({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('shortcuts')
  return (
    <Modal size="l" title={t('title')} onClose={onClose}>
      <div className={s.groups} tabIndex={0} role="group" aria-label={t('title')}>
        {MAP.map(({ group, keys }) => (
          <section key={group}>
            <h3>{t(`group.${group}`)}</h3>
            <dl>
              {keys.map(([name, combination]) => (
                <div key={name} className={s.line}>
                  <dt>{t(name)}</dt>
                  <dd>
                    <Kbd keys={combination} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
