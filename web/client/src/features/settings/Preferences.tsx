import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Monitor, Moon, Sun } from 'lucide-react'
import { Choice, Switch } from '@weft/ui'
import { useWeft } from '@weft/sdk/react'
import { locale, setLocale, type Locale } from '../../i18n'
import { MOD } from '../../shared/keys'
import {
  useBubbles,
  useComposeInMarkdown,
  useEnterBehaviour,
  useLinkCards,
  usePreviews,
  useSaveDataWish,
} from '../../shared/preferences'
import { toastProblem } from '../../shared/problem'
import { Group } from '../../shared/SectionPages'
import { onThemeChange, setTheme, theme } from '../../shared/theme'

/** Language and theme. */
export function AppearanceSection() {
  const { t } = useTranslation('settings')
  const weft = useWeft()
  const [previews, setPreviews] = usePreviews()
  const [thrift, setThrift] = useSaveDataWish()
  const chosen = useSyncExternalStore(onThemeChange, theme)
  const change = (next: Locale) => {
    // Mails and other devices follow.
    Promise.all([setLocale(next), weft.api.me.update({ locale: next })]).catch(toastProblem)
  }
  return (
    <>
      <Group title={t('appearance.language')} note={t('appearance.languageNote')}>
        <Choice
          label={t('appearance.language')}
          value={locale()}
          options={[
            { value: 'zh-CN', label: '简体中文' },
            { value: 'en', label: 'English' },
          ]}
          onChange={change}
        />
      </Group>
      <Group title={t('app:theme.title')} note={t('appearance.themeNote')}>
        <Choice
          label={t('app:theme.title')}
          value={chosen}
          options={[
            { value: 'system', label: t('app:theme.system'), icon: <Monitor size={15} aria-hidden /> },
            { value: 'light', label: t('app:theme.light'), icon: <Sun size={15} aria-hidden /> },
            { value: 'dark', label: t('app:theme.dark'), icon: <Moon size={15} aria-hidden /> },
          ]}
          onChange={setTheme}
        />
      </Group>
      <Group title={t('appearance.list')} note={t('writing.onlyYou')}>
        <Switch
          label={t('appearance.previews')}
          hint={t('appearance.previewsHint')}
          checked={previews}
          onChange={setPreviews}
        />
      </Group>
      <Group title={t('appearance.data')} note={t('writing.onlyYou')}>
        <Choice
          label={t('appearance.saveData')}
          hint={t('appearance.saveDataHint')}
          value={thrift}
          options={[
            { value: 'auto', label: t('appearance.saveDataAuto') },
            { value: 'on', label: t('appearance.saveDataOn') },
            { value: 'off', label: t('appearance.saveDataOff') },
          ]}
          onChange={setThrift}
        />
      </Group>
    </>
  )
}

/** How messages are written and laid out. */
export function WritingSection() {
  const { t } = useTranslation('settings')
  const [enter, setEnter] = useEnterBehaviour()
  const [markdown, setMarkdown] = useComposeInMarkdown()
  const [bubbles, setBubbles] = useBubbles()
  const [links, setLinks] = useLinkCards()
  return (
    <>
      <Group title={t('writing.enter')} note={t('writing.onlyYou')}>
        <Choice
          label={t('writing.enter')}
          hint={t(`writing.enterHint.${enter}`, { mod: MOD })}
          value={enter}
          options={[
            { value: 'send', label: t('writing.enterSends') },
            { value: 'newline', label: t('writing.enterLine') },
          ]}
          onChange={setEnter}
        />
      </Group>
      <Group title={t('writing.format')} note={t('writing.onlyYou')}>
        <Switch
          label={t('writing.markdown')}
          hint={t('writing.markdownHint')}
          checked={markdown}
          onChange={setMarkdown}
        />
      </Group>
      <Group title={t('writing.layout')} note={t('writing.onlyYou')}>
        <Switch
          label={t('writing.bubbles')}
          hint={t('writing.bubblesHint')}
          checked={bubbles}
          onChange={setBubbles}
        />
        <Switch
          label={t('writing.links')}
          hint={t('writing.linksHint')}
          checked={links}
          onChange={setLinks}
        />
      </Group>
    </>
  )
}
