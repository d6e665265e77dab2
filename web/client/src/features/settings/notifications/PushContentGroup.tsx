import { useTranslation } from 'react-i18next'
import { Choice } from '@weft/ui'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useSetting } from '../../../shared/hooks'
import { Group } from '../../../shared/SectionPages'

/** How much of a message a notification shows; the later, the less. */
const CONTENT = ['full', 'sender', 'nothing'] as const
type Content = (typeof CONTENT)[number]

/** How much of a message leaves the server with a notification, within what the org allows. */
export function PushContentGroup() {
  const { t } = useTranslation('notifications')
  const { org } = useObservable(useWeft().meView)
  const [wanted, set] = useSetting<Content>('push.content', 'full')
  const most = org.push?.content ?? 'full'
  const allowed = CONTENT.filter((each) => CONTENT.indexOf(each) >= CONTENT.indexOf(most))
  const value = allowed.includes(wanted) ? wanted : most
  return (
    <Group title={t('content.title')} note={t('content.note')}>
      <Choice
        label={t('content.label')}
        hint={most === 'full' ? t(`content.hint.${value}`) : t('content.limited')}
        value={value}
        options={allowed.map((each) => ({ value: each, label: t(`content.${each}`) }))}
        onChange={(next) => set(next === 'full' ? null : next)}
      />
    </Group>
  )
}
