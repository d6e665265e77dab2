import { useTranslation } from 'react-i18next'

import type { Quiet, StepPolicy } from './api'
import { clock } from './clock'
import css from './urgent.module.css'
import './words'

/** What will happen while somebody does not confirm, in plain words. */
export function StepsAhead({ steps, quiet }: { steps: readonly StepPolicy[]; quiet?: Quiet | null }) {
  const { t } = useTranslation('urgent')
  return (
    <ul className={css.ahead}>
      <li>{t('ahead.app')}</li>
      {steps.map((each) => {
        const what = t(`step.${each.step}`)
        const when =
          each.after_minutes === 0
            ? t('ahead.atOnce', { step: what })
            : t('ahead.after', { step: what, count: each.after_minutes })
        const held = quiet && !each.breaks_quiet
        return (
          <li key={each.step}>
            {when}
            {held && t('ahead.notBetween', { from: clock(quiet.from), to: clock(quiet.to) })}
            {each.per_month !== null && t('ahead.atMost', { count: each.per_month })}
          </li>
        )
      })}
      {steps.length > 0 && <li>{t('ahead.onward')}</li>}
    </ul>
  )
}
