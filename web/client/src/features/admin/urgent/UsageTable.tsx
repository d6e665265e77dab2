import { SkeletonRows } from '@weft/ui'
import { useWeft } from '@weft/sdk/react'
import { useTranslation } from 'react-i18next'

import { useLoaded, usePerson } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import s from '../../../shared/sections.module.css'
import type { Used } from '../../../shared/urgent/api'
import css from './urgentAdmin.module.css'

const KINDS = ['messages', 'push', 'email', 'sms', 'phone'] as const

/** Who used how much this month. */
export function UsageTable() {
  const { t } = useTranslation('urgentAdmin')
  const weft = useWeft()
  const usage = useLoaded(() => weft.api.urgent.usage(), [weft])
  if (usage.problem) return <ProblemBanner problem={usage.problem} retry={usage.reload} />
  if (!usage.data) return <SkeletonRows rows={2} face={false} />
  const { total, items } = usage.data
  if (!items.length) return <p className={s.quiet}>{t('unused')}</p>
  const kinds = KINDS.filter((kind) => kind === 'messages' || total[kind] > 0)
  return (
    <div className={css.scroll} tabIndex={0} role="region" aria-label={t('usage')}>
      <table className={css.table}>
        <thead>
          <tr>
            <th scope="col">{t('person')}</th>
            {kinds.map((kind) => (
              <th key={kind} scope="col">
                {kind === 'messages' ? t('messages') : t(`urgent:step.${kind}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((each) => (
            <Line key={each.id} id={each.id} used={each} kinds={kinds} />
          ))}
          <tr>
            <th scope="row">{t('total')}</th>
            {kinds.map((kind) => (
              <td key={kind}>{total[kind].toLocaleString()}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  )
}

function Line({ id, used, kinds }: { id: string; used: Used; kinds: readonly (keyof Used)[] }) {
  const person = usePerson(id)
  return (
    <tr>
      <th scope="row">{person?.name ?? '\u00a0'}</th>
      {kinds.map((kind) => (
        <td key={kind}>{used[kind].toLocaleString()}</td>
      ))}
    </tr>
  )
}
