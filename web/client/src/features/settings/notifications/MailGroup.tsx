import { useTranslation } from 'react-i18next'
import { Banner, Button, Choice, SelectField, SkeletonRows, toast } from '@weft/ui'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useAction, useLoaded, useMe, useSetting } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import { Group } from '../../../shared/SectionPages'
import { session } from '../../../shared/session'
import s from '../../../shared/sections.module.css'

interface OwnMail {
  offered: boolean
  allowed: boolean
  email: string | null
  proven: boolean
  answered: boolean
}

/** When the reader is told by mail, as the server reads it from their settings. */
type Wish = { when: 'off' | 'soon' | 'hour' } | { when: 'day'; hour: number }

const WHEN = ['off', 'soon', 'hour', 'day'] as const
const FIRST_HOUR = 8
const HOURS = Array.from({ length: 24 }, (_, hour) => hour)

/** One mail that gathers what was missed, when the reader wants it. */
export function MailGroup() {
  const { t } = useTranslation('notifications')
  const weft = useWeft()
  const own = useLoaded(() => weft.api.get<OwnMail>('/me/mail'), [weft])
  if (own.data && !own.data.offered) return null
  return (
    <Group title={t('mail.title')} note={t('mail.note')}>
      <ProblemBanner problem={own.problem} retry={own.reload} />
      {!own.data && !own.problem && <SkeletonRows rows={2} face={false} />}
      {own.data && (own.data.allowed ? <When own={own.data} /> : <Banner>{t('mail.notAllowed')}</Banner>)}
    </Group>
  )
}

function When({ own }: { own: OwnMail }) {
  const { t } = useTranslation('notifications')
  const me = useMe()
  const [wish, set] = useSetting<Wish>('mail.digest', { when: 'hour' })
  const account = useObservable(useWeft().meView).account
  const zone = (me.timezone ?? account.timezone ?? 'UTC').replaceAll('_', ' ')
  return (
    <div className={s.form}>
      <Choice
        label={t('mail.label')}
        hint={own.answered && wish.when !== 'off' ? t('mail.answered') : undefined}
        value={wish.when}
        options={WHEN.map((each) => ({ value: each, label: t(`mail.${each}`) }))}
        onChange={(when) => set(when === 'day' ? { when, hour: FIRST_HOUR } : { when })}
      />
      {wish.when === 'day' && (
        <SelectField
          label={t('mail.at')}
          hint={t('mail.zone', { zone })}
          value={wish.hour}
          onChange={(event) => set({ when: 'day', hour: Number(event.target.value) })}
        >
          {HOURS.map((hour) => (
            <option key={hour} value={hour}>
              {String(hour).padStart(2, '0')}:00
            </option>
          ))}
        </SelectField>
      )}
      {own.email !== null &&
        (own.proven ? (
          <p className={s.quiet}>{t('mail.to', { email: own.email })}</p>
        ) : (
          <Prove email={own.email} />
        ))}
    </div>
  )
}

/** An address that nobody has shown to be theirs gets no messages. */
function Prove({ email }: { email: string }) {
  const { t } = useTranslation('notifications')
  const send = useAction(async () => {
    await session.api.post('/auth/email/verify')
    toast({ text: t('mail.sent', { email }) })
  })
  return (
    <>
      <Banner tone="warning">{t('mail.unproven', { email })}</Banner>
      <div className={s.row}>
        <Button busy={send.busy} onClick={() => void send.run()}>
          {t('mail.prove')}
        </Button>
      </div>
      <ProblemBanner problem={send.problem} />
    </>
  )
}
