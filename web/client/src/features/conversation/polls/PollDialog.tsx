import { type NewPoll, type PollResults, Problem } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, Choice, IconButton, Modal, SelectField, Switch, TextField } from '@weft/ui'
import { Plus, X } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import { pollOf, TIMES, type Form, type Missing } from './form'
import css from './poll.module.css'
import './words'

/** Where a poll goes. */
export interface Lane {
  conversation: string
  thread?: string | undefined
}

const MOST = 20
const RESULTS: readonly PollResults[] = ['always', 'voted', 'closed']

interface PollDialogProps {
  lane: Lane
  /** What was said already. */
  asked?: { question: string; options: readonly string[] }
  onClose: () => void
}

/** Asks the people of a conversation to vote. */
export default function PollDialog({ lane, asked, onClose }: PollDialogProps) {
  const { t } = useTranslation('polls')
  const weft = useWeft()
  const [form, setForm] = useState<Form>(() => begun(asked))
  const [missing, setMissing] = useState<Missing | null>(null)
  const set = (patch: Partial<Form>) => {
    setForm((now) => ({ ...now, ...patch }))
    setMissing(null)
  }
  // The same poll again is the same message, when an answer was lost.
  const nonce = useRef<{ key: string; nonce: string } | null>(null)
  const send = useAction(async (poll: NewPoll) => {
    const key = JSON.stringify(poll)
    if (nonce.current?.key !== key) nonce.current = { key, nonce: `poll.${crypto.randomUUID()}` }
    const { thread } = lane
    const body = { nonce: nonce.current.nonce, text: '', poll, ...(thread ? { thread } : {}) }
    await weft.api.messages.send(lane.conversation, body)
    onClose()
  })
  const submit = () => {
    const made = pollOf(form, Date.now() * 1000)
    if (typeof made === 'string') return setMissing(made)
    void send.run(made)
  }
  const filled = form.options.filter((text) => text.trim()).length
  return (
    <Modal
      title={t('new')}
      size="m"
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" busy={send.busy} disabled={!form.question.trim()}>
            {t('send')}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        <ProblemBanner problem={send.problem && Problem.of(send.problem)} />
        <TextField
          label={t('question')}
          placeholder={t('questionHint')}
          value={form.question}
          maxLength={300}
          data-autofocus
          onChange={(e) => set({ question: e.target.value })}
        />
        <Options
          options={form.options}
          error={missing === 'twice' || missing === 'tooFew' ? t(missing) : undefined}
          onChange={(options) => set({ options })}
        />
        <Choice
          label={t('choices')}
          value={form.many ? 'multiple' : 'single'}
          options={[
            { value: 'single', label: t('single') },
            { value: 'multiple', label: t('multiple') },
          ]}
          onChange={(value) => set({ many: value === 'multiple' })}
        />
        {form.many && filled > 2 && (
          <SelectField
            label={t('most')}
            value={form.most}
            onChange={(e) => set({ most: Number(e.target.value) })}
          >
            <option value={0}>{t('mostAny')}</option>
            {Array.from({ length: filled - 2 }, (_, i) => (
              <option key={i} value={i + 2}>
                {i + 2}
              </option>
            ))}
          </SelectField>
        )}
        <Switch
          label={t('anonymous')}
          hint={t('anonymousHint')}
          checked={form.anonymous}
          onChange={(anonymous) => set({ anonymous })}
        />
        <Switch label={t('mayAdd')} checked={form.mayAdd} onChange={(mayAdd) => set({ mayAdd })} />
        <div className={css.pair}>
          <SelectField
            label={t('results')}
            value={form.results}
            onChange={(e) => set({ results: e.target.value as PollResults })}
          >
            {RESULTS.map((each) => (
              <option key={each} value={each}>
                {t(each)}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t('closes')}
            value={form.within}
            onChange={(e) => set({ within: e.target.value as Form['within'] })}
          >
            {[...Object.keys(TIMES), 'at'].map((each) => (
              <option key={each} value={each}>
                {t(each)}
              </option>
            ))}
          </SelectField>
        </div>
        {form.within === 'at' && (
          <TextField
            label={t('time')}
            type="datetime-local"
            value={form.at}
            error={missing === 'badTime' ? t('badTime') : undefined}
            onChange={(e) => set({ at: e.target.value })}
          />
        )}
      </div>
    </Modal>
  )
}

const EMPTY: Form = {
  question: '',
  options: ['', ''],
  many: false,
  most: 0,
  anonymous: false,
  mayAdd: false,
  results: 'always',
  within: 'never',
  at: '',
}

/** The form with what was said; at least two options are asked for. */
function begun(asked: PollDialogProps['asked']): Form {
  if (!asked) return EMPTY
  const options = asked.options.slice(0, MOST).map((text) => [...text].slice(0, 120).join(''))
  while (options.length < 2) options.push('')
  return { ...EMPTY, question: [...asked.question].slice(0, 300).join(''), options }
}

interface OptionsProps {
  options: readonly string[]
  error: string | undefined
  onChange: (options: string[]) => void
}

function Options({ options, error, onChange }: OptionsProps) {
  const { t } = useTranslation('polls')
  const list = useRef<HTMLFieldSetElement>(null)
  const id = useId()
  const focus = (at: number) =>
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLInputElement>('input')[at]?.focus())
  const add = () => {
    if (options.length >= MOST) return
    onChange([...options, ''])
    focus(options.length)
  }
  const put = (at: number, text: string) => {
    // A list that is pasted becomes one option for each line.
    const lines = text.split(/\r?\n/).filter((line) => line.trim())
    const next = [...options]
    next.splice(at, 1, ...(lines.length > 1 ? lines : [text]))
    onChange(next.slice(0, MOST))
  }
  return (
    <fieldset ref={list} className={css.list} aria-describedby={error ? id : undefined}>
      <legend>{t('options')}</legend>
      {options.map((text, i) => (
        <div key={i} className={css.line}>
          <TextField
            label={t('option', { number: i + 1 })}
            quiet
            placeholder={t('option', { number: i + 1 })}
            value={text}
            maxLength={120}
            onChange={(e) => put(i, e.target.value)}
            onPaste={(e) => {
              const pasted = e.clipboardData.getData('text/plain')
              if (!/\n/.test(pasted.trim())) return
              e.preventDefault()
              put(i, pasted)
            }}
            onKeyDown={(e) => {
              if (e.key !== 'Enter' || e.nativeEvent.isComposing) return
              e.preventDefault()
              if (i === options.length - 1) add()
              else focus(i + 1)
            }}
          />
          {options.length > 2 && (
            <IconButton
              size="s"
              label={t('removeOption', { number: i + 1 })}
              icon={<X size={16} />}
              onClick={() => onChange(options.filter((_, at) => at !== i))}
            />
          )}
        </div>
      ))}
      {error && (
        <p id={id} role="alert" className={css.error}>
          {error}
        </p>
      )}
      {options.length < MOST && (
        <div>
          <Button size="s" variant="ghost" icon={<Plus size={16} aria-hidden />} onClick={add}>
            {t('addOption')}
          </Button>
        </div>
      )}
    </fieldset>
  )
}
