import type { AckPerson, AckState, MessageAck } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, EmptyState, toast } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { formatWhen } from '../../../lib/time'
import { useAction, useSettled } from '../../../shared/hooks'
import { PagedList } from '../../../shared/PagedList'
import { PeoplePopover, PERSON_ROW, PersonRow } from '../../../shared/PeoplePopover'
import { toastProblem } from '../../../shared/problem'
import { useTimeStyle } from '../../../shared/timeStyle'
import { CancelUrgency, StepsOf, useReached } from './UrgentSteps'

const STATES: readonly AckState[] = ['waiting', 'acknowledged', 'done']
const PAGE = 100

interface Props {
  anchor: Element
  message: string
  ack: MessageAck
  onClose: () => void
}

/**
 * Who has confirmed an own message, and who has not; those can be reminded. Of an urgent one also how it
 * came to each.
 */
export function AckPopover({ anchor, message, ack, onClose }: Props) {
  const { t } = useTranslation('acks')
  const weft = useWeft()
  const style = useTimeStyle()
  const waiting = ack.total - ack.acknowledged
  const counts = { waiting, acknowledged: ack.acknowledged - ack.done, done: ack.done }
  const [which, setWhich] = useState<AckState>(waiting > 0 ? 'waiting' : 'acknowledged')
  const settled = useSettled(`${ack.acknowledged} ${ack.done} ${ack.total}`, 500)
  const reached = useReached(message, ack.urgent)
  const remind = useAction(async () => {
    await weft.api.messages.remind(message).catch((error: unknown) => {
      toastProblem(error)
      throw error
    })
    toast({ text: t('reminded', { count: waiting }) })
  })
  const label = (state: AckState) => t(`${state}Tab`, { number: counts[state].toLocaleString() })
  return (
    <PeoplePopover<AckState>
      anchor={anchor}
      label={t('who')}
      tabs={STATES.map((key) => ({ key, label: label(key) }))}
      which={which}
      onWhich={setWhich}
      onClose={onClose}
      foot={
        waiting > 0 && (
          <>
            {ack.urgent && ack.urgent.state !== 'cancelled' && (
              <CancelUrgency message={message} onDone={onClose} />
            )}
            <Button size="s" busy={remind.busy} onClick={() => void remind.run()}>
              {t('remind')}
            </Button>
          </>
        )
      }
    >
      <PagedList<AckPerson>
        label={label(which)}
        load={(cursor) => weft.api.messages.acks(message, { state: which, cursor, limit: PAGE })}
        keys={[message, which, settled]}
        height={PERSON_ROW}
        rowKey={(person) => person.id}
        row={({ id, at }) => (
          <PersonRow
            id={id}
            after={
              <>
                <StepsOf steps={reached?.get(id)} style={style} />
                {at !== null && <small>{formatWhen(at, Date.now() * 1000, style)}</small>}
              </>
            }
          />
        )}
        empty={<EmptyState title={t('nobody')} />}
      />
    </PeoplePopover>
  )
}
