import { Banner, Button, SelectField, Switch } from '@weft/ui'
import type { Level } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { chime } from '../../../shared/attention/chime'
import { permission, setDevice, useDevice } from '../../../shared/attention/device'
import { show } from '../../../shared/attention/show'
import { paths } from '../../../shared/paths'
import { toastProblem } from '../../../shared/problem'
import { Group } from '../../../shared/SectionPages'

const LEVELS = ['all', 'mentions', 'nothing'] as const

/** What this browser shows and sounds. */
export function DeviceSection() {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const settings = useDevice()
  const [allowed, setAllowed] = useState(permission)
  const ask = async () => setAllowed(await Notification.requestPermission())
  const test = () => {
    if (settings.sound) chime()
    const url = paths.settings(weft.org, 'notifications')
    show({ title: 'Weft', body: t('device.testBody'), tag: 'weft:test', silent: true, url }, () => {}).catch(
      toastProblem,
    )
  }
  return (
    <Group title={t('device.title')} note={t('device.note')}>
      {allowed === 'unsupported' && <Banner>{t('device.unsupported')}</Banner>}
      {allowed === 'denied' && <Banner tone="warning">{t('device.blocked')}</Banner>}
      <Switch
        label={t('device.desktop')}
        hint={t('device.desktopHint')}
        checked={settings.desktop && allowed === 'granted'}
        disabled={allowed === 'denied' || allowed === 'unsupported'}
        onChange={(desktop) => {
          setDevice({ desktop })
          if (desktop && allowed === 'default') void ask().catch(toastProblem)
        }}
      />
      <Switch label={t('device.sound')} checked={settings.sound} onChange={(sound) => setDevice({ sound })} />
      <SelectField
        label={t('device.level')}
        hint={t('device.levelHint')}
        value={settings.level ?? ''}
        onChange={(event) => setDevice({ level: (event.target.value || null) as Level | null })}
      >
        <option value="">{t('device.asSet')}</option>
        {LEVELS.map((level) => (
          <option key={level} value={level}>
            {t(`level.${level}`)}
          </option>
        ))}
      </SelectField>
      {allowed === 'granted' && settings.desktop && (
        <div>
          <Button onClick={test}>{t('device.test')}</Button>
        </div>
      )}
    </Group>
  )
}
