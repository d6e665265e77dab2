import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Modal, toast } from '@weft/ui'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useAction } from '../../shared/hooks'
import { PersonPicker } from '../../shared/PersonPicker'
import { ProblemBanner } from '../../shared/problem'

/** Takes people into a channel or group. */
export function AddPeopleDialog({ conversation, onClose }: { conversation: string; onClose: () => void }) {
  const { t } = useTranslation('channels')
  const weft = useWeft()
  const view = useObservable(weft.conversation(conversation))
  const [people, setPeople] = useState<string[]>([])
  const add = useAction(async () => {
    await weft.api.conversations.addMembers(conversation, people)
    toast({ text: t('add.done', { count: people.length }) })
    onClose()
  })
  return (
    <Modal
      title={t('add.title', { name: view?.title ?? '' })}
      onClose={onClose}
      onSubmit={() => people.length > 0 && void add.run()}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button type="submit" variant="primary" busy={add.busy} disabled={!people.length}>
            {t('add.submit')}
          </Button>
        </>
      }
    >
      <PersonPicker
        label={t('add.people')}
        placeholder={t('find')}
        empty={t('nobody')}
        value={people}
        exclude={[weft.me, ...(view?.peers ?? [])]}
        onChange={setPeople}
      />
      <ProblemBanner problem={add.problem} />
    </Modal>
  )
}
