import { useWeft } from '@weft/sdk/react'
import { Button, SkeletonRows, Tag, TextField, toast } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction, useLoaded } from '../../shared/hooks'
import { fieldError, ProblemBanner } from '../../shared/problem'
import s from '../../shared/sections.module.css'
import type { OwnNumber } from '../../shared/urgent/api'

/** The reader's phone number, proved by a code where the org can send one. */
export function PhoneForm() {
  const weft = useWeft()
  const own = useLoaded(() => weft.api.phones.own(), [weft])
  if (own.problem) return <ProblemBanner problem={own.problem} retry={own.reload} />
  if (!own.data) return <SkeletonRows rows={1} face={false} />
  return <NumberForm key={own.data.number} own={own.data} onChange={(next) => own.patch(() => next)} />
}

function NumberForm({ own, onChange }: { own: OwnNumber; onChange: (own: OwnNumber) => void }) {
  const { t } = useTranslation('urgent')
  const weft = useWeft()
  const [number, setNumber] = useState(own.number ?? '')
  const save = useAction(async () => {
    const set = await weft.api.phones.setOwn(number)
    onChange(set)
    toast({ text: t(set.code_sent ? 'phone.codeSent' : 'common:saved') })
  })
  const remove = useAction(async () => {
    await weft.api.phones.removeOwn()
    onChange({ ...own, number: null, verified: false, code_sent: false })
  })
  const same = number.trim() === (own.number ?? '')
  return (
    <>
      <form
        className={s.form}
        onSubmit={(event) => {
          event.preventDefault()
          void save.run()
        }}
      >
        <TextField
          type="tel"
          autoComplete="tel"
          label={t('phone.number')}
          placeholder="+86 138 0013 8000"
          hint={t(own.number && own.can_verify && !own.verified ? 'phone.unproved' : 'phone.hint')}
          value={number}
          error={fieldError(t, save.problem, 'number') && t('phone.wrong')}
          onChange={(event) => setNumber(event.target.value)}
        />
        {save.problem && !save.problem.field && <ProblemBanner problem={save.problem} />}
        <div className={s.row}>
          <Button
            type="submit"
            variant="primary"
            busy={save.busy}
            disabled={!number.trim() || (same && (own.verified || !own.can_verify))}
          >
            {t(same && own.can_verify ? 'phone.sendCode' : 'common:save')}
          </Button>
          {own.number && (
            <Button busy={remove.busy} onClick={() => void remove.run()}>
              {t('phone.remove')}
            </Button>
          )}
          {own.verified && <Tag tone="success">{t('phone.verified')}</Tag>}
        </div>
      </form>
      {own.number && own.can_verify && !own.verified && <Code onDone={onChange} />}
    </>
  )
}

function Code({ onDone }: { onDone: (own: OwnNumber) => void }) {
  const { t } = useTranslation('urgent')
  const weft = useWeft()
  const [code, setCode] = useState('')
  const verify = useAction(async () => {
    onDone(await weft.api.phones.verifyOwn(code))
    toast({ text: t('phone.verified') })
  })
  return (
    <form
      className={s.form}
      onSubmit={(event) => {
        event.preventDefault()
        void verify.run()
      }}
    >
      <TextField
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={6}
        label={t('phone.code')}
        value={code}
        error={verify.problem ? t('problem.wrong_code') : undefined}
        onChange={(event) => setCode(event.target.value)}
      />
      <div className={s.row}>
        <Button type="submit" busy={verify.busy} disabled={code.trim().length !== 6}>
          {t('phone.verify')}
        </Button>
      </div>
    </form>
  )
}
