import { Button, Checkbox, Choice, SelectField, SkeletonRows, Switch, TextField, toast } from '@weft/ui'
import { useWeft } from '@weft/sdk/react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { addMessages } from '../../../i18n'
import en from '../../../i18n/en/urgentAdmin.json'
import zh from '../../../i18n/zh-CN/urgentAdmin.json'
import { useAction, useLoaded, useMe } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import { Group } from '../../../shared/SectionPages'
import s from '../../../shared/sections.module.css'
import { STEPS, type Policy, type Step, type StepPolicy } from '../../../shared/urgent/api'
import { QuietFields } from '../../../shared/urgent/QuietFields'
import { StepsAhead } from '../../../shared/urgent/StepsAhead'
import '../../../shared/urgent/words'
import { DeliveryLog } from './DeliveryLog'
import { Gateways } from './Gateways'
import { UsageTable } from './UsageTable'
import css from './urgentAdmin.module.css'

addMessages('urgentAdmin', en, zh)

/** What the org's owner decides about urgent messages, and what became of them. */
export default function UrgentSection() {
  const { t } = useTranslation('urgentAdmin')
  const weft = useWeft()
  const owner = useMe().role === 'owner'
  const loaded = useLoaded(async () => (owner ? await weft.api.urgent.policy() : null), [weft, owner])
  if (!owner) return <p className={s.quiet}>{t('ownersOnly')}</p>
  if (loaded.problem) return <ProblemBanner problem={loaded.problem} retry={loaded.reload} />
  if (!loaded.data) return <SkeletonRows rows={6} face={false} />
  return (
    <>
      <PolicyForm initial={loaded.data.policy} offered={loaded.data.offered} />
      <Group title={t('gateways')} note={t('gatewaysNote')}>
        <Gateways onChange={loaded.reload} />
      </Group>
      <Group title={t('usage')} note={t('usageNote')}>
        <UsageTable />
      </Group>
      <Group title={t('log')} note={t('logNote')}>
        <DeliveryLog />
      </Group>
    </>
  )
}

const number = (text: string) => (text.trim() === '' ? Number.NaN : Number(text))

function PolicyForm({ initial, offered }: { initial: Policy; offered: readonly Step[] }) {
  const { t } = useTranslation('urgentAdmin')
  const weft = useWeft()
  const [policy, setPolicy] = useState(initial)
  const [saved, setSaved] = useState(initial)
  const set = (change: Partial<Policy>) => setPolicy({ ...policy, ...change })
  const save = useAction(async () => {
    const answer = await weft.api.urgent.setPolicy(policy)
    setPolicy(answer.policy)
    setSaved(answer.policy)
    toast({ text: t('common:saved') })
  })
  const count = (key: 'people_limit' | 'per_person_per_day' | 'per_org_per_day', max: number) => (
    <TextField
      type="number"
      min={key === 'people_limit' ? 1 : 0}
      max={max}
      required
      label={t(key)}
      value={Number.isNaN(policy[key]) ? '' : policy[key]}
      onChange={(event) => set({ [key]: number(event.target.value) })}
    />
  )
  const ahead = policy.steps
    .filter((each) => offered.includes(each.step))
    .toSorted((a, b) => a.after_minutes - b.after_minutes)
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
    >
      <Group title={t('who')} note={t('whoNote')}>
        <Switch label={t('enabled')} checked={policy.enabled} onChange={(enabled) => set({ enabled })} />
        <SelectField
          label={t('senders')}
          value={policy.senders}
          onChange={(event) => set({ senders: event.target.value as Policy['senders'] })}
        >
          {(['owners', 'admins', 'members', 'everybody'] as const).map((each) => (
            <option key={each} value={each}>
              {t(`sender.${each}`)}
            </option>
          ))}
        </SelectField>
        <div className={css.three}>
          {count('people_limit', 500)}
          {count('per_person_per_day', 1_000_000)}
          {count('per_org_per_day', 1_000_000)}
        </div>
      </Group>
      <Group title={t('steps')} note={t('stepsNote')}>
        <StepFields policy={policy} offered={offered} onChange={(steps) => set({ steps })} />
        <Choice
          label={t('stopsOn')}
          value={policy.stops_on}
          options={[
            { value: 'confirmed', label: t('stop.confirmed') },
            { value: 'read', label: t('stop.read') },
          ]}
          onChange={(stops_on) => set({ stops_on })}
        />
        <Switch
          label={t('withText')}
          hint={t('withTextHint')}
          checked={policy.with_text}
          onChange={(with_text) => set({ with_text })}
        />
      </Group>
      <Group title={t('quiet')} note={t('quietNote')}>
        <QuietFields value={policy.quiet} onChange={(quiet) => set({ quiet })} />
      </Group>
      <Group title={t('preview')} note={t('previewNote')}>
        {policy.enabled ? (
          <StepsAhead steps={ahead} quiet={policy.quiet} />
        ) : (
          <p className={s.quiet}>{t('off')}</p>
        )}
        <ProblemBanner problem={save.problem} />
        <div className={s.row}>
          <Button
            type="submit"
            variant="primary"
            busy={save.busy}
            disabled={JSON.stringify(policy) === JSON.stringify(saved)}
          >
            {t('common:save')}
          </Button>
        </div>
      </Group>
    </form>
  )
}

const FRESH: Record<Step, number> = { app: 0, push: 0, email: 5, sms: 15, phone: 30 }

/** The steps outside the app that this server can take, each on or off. */
function StepFields(props: {
  policy: Policy
  offered: readonly Step[]
  onChange: (steps: StepPolicy[]) => void
}) {
  const { t } = useTranslation('urgentAdmin')
  const { steps } = props.policy
  const change = (step: Step, next: StepPolicy | null) =>
    props.onChange([...steps.filter((each) => each.step !== step), ...(next ? [next] : [])])
  if (!props.offered.length) return <p className={s.quiet}>{t('noSteps')}</p>
  return (
    <ul className={css.steps}>
      {STEPS.filter((step) => props.offered.includes(step)).map((step) => {
        const held = steps.find((each) => each.step === step)
        const fresh = { step, after_minutes: FRESH[step], breaks_quiet: step !== 'sms', per_month: null }
        return (
          <li key={step}>
            <Checkbox
              label={t(`urgent:step.${step}`)}
              checked={held !== undefined}
              onChange={(event) => change(step, event.target.checked ? fresh : null)}
            />
            {held && (
              <div className={css.three}>
                <TextField
                  type="number"
                  min={0}
                  max={1440}
                  required
                  label={t('after')}
                  value={Number.isNaN(held.after_minutes) ? '' : held.after_minutes}
                  onChange={(event) => change(step, { ...held, after_minutes: number(event.target.value) })}
                />
                <TextField
                  type="number"
                  min={0}
                  max={1_000_000}
                  label={t('perMonth')}
                  placeholder={t('noQuota')}
                  value={held.per_month ?? ''}
                  onChange={(event) =>
                    change(step, {
                      ...held,
                      per_month: event.target.value === '' ? null : number(event.target.value),
                    })
                  }
                />
                <Checkbox
                  label={t('breaksQuiet')}
                  checked={held.breaks_quiet}
                  onChange={(event) => change(step, { ...held, breaks_quiet: event.target.checked })}
                />
              </div>
            )}
          </li>
        )
      })}
    </ul>
  )
}
