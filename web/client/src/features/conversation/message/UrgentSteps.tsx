import type { MessageUrgency } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button } from '@weft/ui'
import { Bell, Mail, MessageSquare, MonitorSmartphone, Phone, type LucideIcon } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { formatTime, type TimeStyle } from '../../../lib/time'
import { useAction, useLoaded, useSettled } from '../../../shared/hooks'
import { toastProblem } from '../../../shared/problem'
import type { Step, StepSeen } from '../../../shared/urgent/api'
import { urgentNews } from '../../../shared/urgent/news'
import '../../../shared/urgent/words'
import css from './urgentSteps.module.css'

const ICONS: Record<Step, LucideIcon> = {
  app: MonitorSmartphone,
  push: Bell,
  email: Mail,
  sms: MessageSquare,
  phone: Phone,
}

/** How an own urgent message came to each, by person; it follows while it is looked at. */
export function useReached(
  message: string,
  urgent: MessageUrgency | undefined,
): ReadonlyMap<string, StepSeen[]> | null {
  const weft = useWeft()
  const news = useMemo(() => urgentNews(weft), [weft])
  const [turn, setTurn] = useState(0)
  useEffect(() => news.listen((id) => id === message && setTurn((n) => n + 1)), [news, message])
  const settled = useSettled(`${turn} ${urgent?.state}`, 300)
  const page = useLoaded(
    async () => (urgent ? await weft.api.urgent.page(message) : null),
    [weft, message, settled],
  )
  return useMemo(
    () => (page.data ? new Map(page.data.items.map((person) => [person.id, person.steps])) : null),
    [page.data],
  )
}

/** One person's steps as small marks: each says which, how it went and when. */
export function StepsOf({ steps, style }: { steps: StepSeen[] | undefined; style: TimeStyle }) {
  const { t } = useTranslation('urgent')
  if (!steps) return null
  return (
    <span className={css.steps}>
      {steps.map(({ step, state, at, detail }) => {
        const Icon = ICONS[step]
        const why = detail ? ` · ${t(`detail.${detail}`, { defaultValue: detail })}` : ''
        const how = t(step === 'app' && state === 'waiting' ? 'state.notSeen' : `state.${state}`)
        const words = `${t(`step.${step}`)}: ${how}${why} · ${formatTime(at, style)}`
        return (
          <span key={step} className={css.step} data-state={state} title={words}>
            <Icon size={14} aria-hidden />
            <span className="visually-hidden">{words}</span>
          </span>
        )
      })}
    </span>
  )
}

/** Takes the urgency of an own message back. */
export function CancelUrgency({ message, onDone }: { message: string; onDone: () => void }) {
  const { t } = useTranslation('urgent')
  const weft = useWeft()
  const cancel = useAction(async () => {
    await weft.api.urgent.cancel(message).catch((error: unknown) => {
      toastProblem(error)
      throw error
    })
    onDone()
  })
  return (
    <Button size="s" variant="ghost" busy={cancel.busy} onClick={() => void cancel.run()}>
      {t('cancel')}
    </Button>
  )
}
