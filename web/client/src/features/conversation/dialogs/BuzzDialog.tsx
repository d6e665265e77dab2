import type { Message } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, Choice, Modal, toast } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction, useLoaded } from '../../../shared/hooks'
import { PersonPicker } from '../../../shared/PersonPicker'
import { ProblemBanner } from '../../../shared/problem'
import { StepsAhead } from '../../../shared/urgent/StepsAhead'
import '../../../shared/urgent/words'
import type { Shown } from '../context'

/** Makes an own message urgent that is there already. */
export function BuzzDialog(props: { message: Message; conversation: Shown; onClose: () => void }) {
  const { message, conversation, onClose } = props
  const { t } = useTranslation('urgent')
  const weft = useWeft()
  const asked = message.ack?.people ?? []
  const [who, setWho] = useState<'all' | 'chosen'>('all')
  const [people, setPeople] = useState<string[]>([])
  const urgency = useLoaded(() => weft.api.urgent.urgency(), [weft]).data
  const members = useLoaded(
    async () =>
      (await weft.api.conversations.members(conversation.id, { limit: 500 })).items.map((each) => each.id),
    [weft, conversation.id],
  ).data
  const buzz = useAction(async () => {
    await weft.api.urgent.buzz(message.id, who === 'chosen' ? people : undefined)
    toast({ text: t('buzzed') })
    onClose()
  })
  return (
    <Modal
      title={t('buzzTitle')}
      size="s"
      onClose={onClose}
      onSubmit={() => void buzz.run()}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={buzz.busy}
            disabled={urgency?.may_send === false || (who === 'chosen' && !people.length)}
          >
            {t('buzzDo')}
          </Button>
        </>
      }
    >
      <p>{t(message.ack ? 'buzzAsked' : 'note')}</p>
      <Choice
        label={t('for')}
        value={who}
        options={[
          { value: 'all', label: t('forAll') },
          { value: 'chosen', label: t('forChosen') },
        ]}
        onChange={setWho}
      />
      {who === 'chosen' && (
        <PersonPicker
          label={t('people')}
          placeholder={t('findPeople')}
          empty={t('nobody')}
          value={people}
          exclude={[weft.me]}
          only={asked.length ? asked : conversation.member_count <= 500 ? (members ?? []) : undefined}
          onChange={setPeople}
        />
      )}
      {urgency?.may_send === false ? (
        <p role="alert">{t('notAllowed')}</p>
      ) : (
        urgency && <StepsAhead steps={urgency.steps} />
      )}
      <ProblemBanner problem={buzz.problem} />
    </Modal>
  )
}
