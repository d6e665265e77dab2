import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Banner, Button, Modal, toast } from '@weft/ui'
import type { Principal } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useAction } from '../../shared/hooks'
import { PersonPicker } from '../../shared/PersonPicker'
import { ProblemBanner } from '../../shared/problem'

/** Gives an imported placeholder's history to a person who is here. */
export function MapDialog(props: { person: Principal; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const [to, setTo] = useState<string[]>([])
  const map = useAction(async () => {
    const target = to[0]
    if (!target) return
    await weft.api.people.map(props.person.id, target)
    toast({ text: t('members.mapped', { name: props.person.name }) })
    props.onDone()
  })
  return (
    <Modal
      title={t('members.mapTitle', { name: props.person.name })}
      onClose={props.onClose}
      onSubmit={() => void map.run()}
      footer={
        <>
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button type="submit" variant="primary" busy={map.busy} disabled={!to.length}>
            {t('members.mapSubmit')}
          </Button>
        </>
      }
    >
      <Banner tone="warning">{t('members.mapBody', { name: props.person.name })}</Banner>
      <PersonPicker
        label={t('members.mapTo')}
        placeholder={t('members.find')}
        empty={t('members.nobody')}
        max={1}
        value={to}
        exclude={[props.person.id]}
        onChange={setTo}
      />
      <ProblemBanner problem={map.problem} />
    </Modal>
  )
}
