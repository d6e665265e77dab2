import { Button, SelectField, SkeletonRows, toast } from '@weft/ui'
import { useWeft } from '@weft/sdk/react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction, useLoaded } from '../../shared/hooks'
import { ProblemBanner } from '../../shared/problem'
import { Group } from '../../shared/SectionPages'
import s from '../../shared/sections.module.css'
import type { Preferences, Quiet } from '../../shared/urgent/api'
import { clock } from '../../shared/urgent/clock'
import { QuietFields } from '../../shared/urgent/QuietFields'
import '../../shared/urgent/words'
import { PhoneForm } from './PhoneForm'

/** When urgent messages may come to the reader outside the app. */
export function UrgentSection() {
  const { t } = useTranslation('urgent')
  const weft = useWeft()
  const loaded = useLoaded(() => weft.api.urgent.preferences(), [weft])
  if (loaded.problem) return <ProblemBanner problem={loaded.problem} retry={loaded.reload} />
  if (!loaded.data) return <SkeletonRows rows={3} face={false} />
  const { quiet, calls_per_day, org_quiet } = loaded.data
  return (
    <>
      <Group title={t('phone.group')} note={t('phone.groupNote')}>
        <PhoneForm />
      </Group>
      <Group title={t('mine')} note={t('mineNote')}>
        <Form initial={{ quiet, calls_per_day }} org={org_quiet} />
      </Group>
    </>
  )
}

const CALLS = [0, 1, 2, 3, 5, 10, 20]

function Form({ initial, org }: { initial: Preferences; org: Quiet | null }) {
  const { t } = useTranslation('urgent')
  const weft = useWeft()
  const [wanted, setWanted] = useState(initial)
  const [saved, setSaved] = useState(initial)
  const save = useAction(async () => {
    await weft.api.urgent.setPreferences(wanted)
    setSaved(wanted)
    toast({ text: t('common:saved') })
  })
  return (
    <form
      className={s.form}
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
    >
      <QuietFields value={wanted.quiet} onChange={(quiet) => setWanted({ ...wanted, quiet })} />
      {!wanted.quiet && (
        <p className={s.quiet}>
          {org ? t('orgQuiet', { from: clock(org.from), to: clock(org.to) }) : t('noOrgQuiet')}
        </p>
      )}
      <SelectField
        label={t('calls')}
        hint={t('callsHint')}
        value={wanted.calls_per_day ?? ''}
        onChange={(event) =>
          setWanted({
            ...wanted,
            calls_per_day: event.target.value === '' ? null : Number(event.target.value),
          })
        }
      >
        <option value="">{t('anyCalls')}</option>
        {CALLS.map((count) => (
          <option key={count} value={count}>
            {count}
          </option>
        ))}
      </SelectField>
      <ProblemBanner problem={save.problem} />
      <div className={s.row}>
        <Button
          type="submit"
          variant="primary"
          busy={save.busy}
          disabled={JSON.stringify(wanted) === JSON.stringify(saved)}
        >
          {t('common:save')}
        </Button>
      </div>
    </form>
  )
}
