import type { Poll } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { EmptyState } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { formatWhen } from '../../../lib/time'
import { useSettled } from '../../../shared/hooks'
import { PagedList } from '../../../shared/PagedList'
import { PeoplePopover, PERSON_ROW, PersonRow } from '../../../shared/PeoplePopover'
import { useTimeStyle } from '../../../shared/timeStyle'
import { votesOf, type Voter } from './votes'

interface Props {
  anchor: Element
  message: string
  poll: Poll
  option: number
  onClose: () => void
}

/** Who chose which option of a named poll. */
export function PollVoters({ anchor, message, poll, option, onClose }: Props) {
  const { t } = useTranslation('polls')
  const votes = votesOf(useWeft())
  const style = useTimeStyle()
  const [which, setWhich] = useState(String(option))
  const settled = useSettled(poll.options.map((each) => each.votes).join(), 800)
  const tabs = poll.options.map(({ id, text, votes: count }) => ({
    key: String(id),
    label: `${text} ${(count ?? 0).toLocaleString()}`,
  }))
  return (
    <PeoplePopover<string>
      anchor={anchor}
      label={t('who')}
      tabs={tabs}
      which={which}
      onWhich={setWhich}
      onClose={onClose}
    >
      <PagedList<Voter>
        label={tabs.find((tab) => tab.key === which)?.label ?? t('who')}
        load={(cursor) => votes.voters(message, Number(which), cursor)}
        keys={[message, which, settled]}
        height={PERSON_ROW}
        rowKey={(person) => person.id}
        row={({ id, at }) => (
          <PersonRow id={id} after={<small>{formatWhen(at, Date.now() * 1000, style)}</small>} />
        )}
        empty={<EmptyState title={t('nobodyHere')} />}
      />
    </PeoplePopover>
  )
}
