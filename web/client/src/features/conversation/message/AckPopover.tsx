import type { AckPerson, AckState, MessageAck } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, EmptyState, Floating, toast } from '@weft/ui'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'

import { formatWhen } from '../../../lib/time'
import { useAction, usePerson, useSettled } from '../../../shared/hooks'
import { emitIntent } from '../../../shared/intents'
import { PagedList } from '../../../shared/PagedList'
import { PersonAvatar } from '../../../shared/PersonAvatar'
import { toastProblem } from '../../../shared/problem'
import { useTimeStyle } from '../../../shared/timeStyle'
import css from './receiptPopover.module.css'

const STATES: readonly AckState[] = ['waiting', 'acknowledged', 'done']
const PAGE = 100
const ROW = 44

interface Props {
  anchor: Element
  message: string
  ack: MessageAck
  onClose: () => void
}

/** Who has confirmed an own message, and who has not; those can be reminded. */
export function AckPopover({ anchor, message, ack, onClose }: Props) {
  const { t } = useTranslation('acks')
  const weft = useWeft()
  const waiting = ack.total - ack.acknowledged
  const counts = { waiting, acknowledged: ack.acknowledged - ack.done, done: ack.done }
  const [which, setWhich] = useState<AckState>(waiting > 0 ? 'waiting' : 'acknowledged')
  const settled = useSettled(`${ack.acknowledged} ${ack.done} ${ack.total}`, 500)
  const panel = useRef<HTMLDivElement>(null)
  const id = useId()
  useEffect(() => {
    const back = document.activeElement as HTMLElement | null
    panel.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus({ preventScroll: true })
    return () => back?.focus({ preventScroll: true })
  }, [])
  const step = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (!by) return
    event.preventDefault()
    const next = STATES[(STATES.indexOf(which) + by + STATES.length) % STATES.length] as AckState
    setWhich(next)
    panel.current?.querySelector<HTMLElement>(`[data-which=${next}]`)?.focus()
  }
  const remind = useAction(async () => {
    await weft.api.messages.remind(message).catch((error: unknown) => {
      toastProblem(error)
      throw error
    })
    toast({ text: t('reminded', { count: waiting }) })
  })
  return (
    <Floating anchor={anchor} side="top" onClose={onClose} role="dialog" label={t('who')} panelRef={panel}>
      <div className={css.panel}>
        <div role="tablist" aria-label={t('who')} className={css.tabs} onKeyDown={step}>
          {STATES.map((state) => (
            <button
              key={state}
              type="button"
              role="tab"
              data-which={state}
              aria-selected={which === state}
              aria-controls={id}
              tabIndex={which === state ? 0 : -1}
              onClick={() => setWhich(state)}
            >
              {t(`${state}Tab`, { number: counts[state].toLocaleString() })}
            </button>
          ))}
        </div>
        <div role="tabpanel" id={id} className={css.list}>
          <PagedList<AckPerson>
            label={t(`${which}Tab`, { number: counts[which] })}
            load={(cursor) => weft.api.messages.acks(message, { state: which, cursor, limit: PAGE })}
            keys={[message, which, settled]}
            height={ROW}
            rowKey={(person) => person.id}
            row={(person) => <Row person={person} />}
            empty={<EmptyState title={t('nobody')} />}
          />
        </div>
        {waiting > 0 && (
          <div className={css.foot}>
            <Button size="s" busy={remind.busy} onClick={() => void remind.run()}>
              {t('remind')}
            </Button>
          </div>
        )}
      </div>
    </Floating>
  )
}

function Row({ person: { id, at } }: { person: AckPerson }) {
  const style = useTimeStyle()
  const person = usePerson(id)
  return (
    <button
      type="button"
      className={css.person}
      onClick={(e) => emitIntent('profile', { person: id, anchor: e.currentTarget })}
    >
      <PersonAvatar id={id} size={28} />
      <span className={css.name}>{person?.name ?? '\u00a0'}</span>
      {at !== null && <small>{formatWhen(at, Date.now() * 1000, style)}</small>}
    </button>
  )
}
