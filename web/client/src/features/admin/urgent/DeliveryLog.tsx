import { Button, SkeletonRows } from '@weft/ui'
import { useWeft } from '@weft/sdk/react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { formatFull } from '../../../lib/time'
import { useAction, useLoaded, usePerson } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import s from '../../../shared/sections.module.css'
import { useTimeStyle } from '../../../shared/timeStyle'
import type { Delivery } from '../../../shared/urgent/api'
import css from './urgentAdmin.module.css'

/** Every step to anybody, the latest first: who, how, when, and how it went. Nothing of what was said. */
export function DeliveryLog() {
  const { t } = useTranslation('urgentAdmin')
  const weft = useWeft()
  const [more, setMore] = useState<Delivery[]>([])
  const first = useLoaded(() => weft.api.urgent.deliveries(null), [weft])
  const [next, setNext] = useState<string | null>()
  const cursor = next === undefined ? (first.data?.next_cursor ?? null) : next
  const load = useAction(async () => {
    const page = await weft.api.urgent.deliveries(cursor)
    setMore([...more, ...page.items])
    setNext(page.next_cursor)
  })
  if (first.problem) return <ProblemBanner problem={first.problem} retry={first.reload} />
  if (!first.data) return <SkeletonRows rows={3} face={false} />
  const items = [...first.data.items, ...more]
  if (!items.length) return <p className={s.quiet}>{t('noDeliveries')}</p>
  return (
    <>
      <div className={css.scroll} tabIndex={0} role="region" aria-label={t('log')}>
        <table className={css.table}>
          <thead>
            <tr>
              {(['to', 'from', 'step', 'result', 'when'] as const).map((key) => (
                <th key={key} scope="col">
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <Line key={`${item.message}${item.to}${item.step}`} item={item} />
            ))}
          </tbody>
        </table>
      </div>
      <ProblemBanner problem={load.problem} />
      {cursor && (
        <div className={s.row}>
          <Button busy={load.busy} onClick={() => void load.run()}>
            {t('more')}
          </Button>
        </div>
      )}
    </>
  )
}

function Name({ id }: { id: string | null }) {
  const person = usePerson(id ?? '')
  return <>{person?.name ?? '\u00a0'}</>
}

function Line({ item }: { item: Delivery }) {
  const { t } = useTranslation('urgent')
  const style = useTimeStyle()
  const notSeen = item.step === 'app' && item.state === 'waiting'
  const how = t(notSeen ? 'state.notSeen' : `state.${item.state}`)
  return (
    <tr>
      <th scope="row">
        <Name id={item.to} />
      </th>
      <td>
        <Name id={item.from} />
      </td>
      <td>{t(`step.${item.step}`)}</td>
      <td>
        {how}
        {item.detail && ` · ${t(`detail.${item.detail}`, { defaultValue: item.detail })}`}
      </td>
      <td>{formatFull(item.at, style)}</td>
    </tr>
  )
}
