import { useTranslation } from 'react-i18next'
import { Button } from '@weft/ui'
import { useObservable } from '@weft/sdk/react'
import { install, installOffer } from '../../../shared/push/install'
import { Group } from '../../../shared/SectionPages'
import s from '../../../shared/sections.module.css'

/** Puts Weft among the device's apps, where the browser offers it. */
export function InstallGroup() {
  const { t } = useTranslation('notifications')
  const offer = useObservable(installOffer)
  if (!offer) return null
  return (
    <Group title={t('install.title')} note={t('install.note')}>
      <div className={s.row}>
        <Button onClick={() => void install()}>{t('install.button')}</Button>
      </div>
    </Group>
  )
}
