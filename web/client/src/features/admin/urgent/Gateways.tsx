import { useWeft } from '@weft/sdk/react'
import { Button, Choice, SelectField, SkeletonRows, TextArea, TextField, toast } from '@weft/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction, useLoaded } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import s from '../../../shared/sections.module.css'
import {
  type Gateway,
  type GatewayKind,
  type Gateways as All,
  type Preset,
  type Template,
} from '../../../shared/urgent/api'
import css from './urgentAdmin.module.css'

const KINDS: readonly GatewayKind[] = ['sms', 'phone']

/** The gateways for SMS and calls, as their owner documents them. */
export function Gateways({ onChange }: { onChange: () => void }) {
  const { t } = useTranslation('urgentAdmin')
  const weft = useWeft()
  const all = useLoaded(() => weft.api.phones.gateways(), [weft])
  if (all.problem) return <ProblemBanner problem={all.problem} retry={all.reload} />
  if (!all.data) return <SkeletonRows rows={3} face={false} />
  const changed = () => {
    all.reload()
    onChange()
  }
  return (
    <>
      <ul className={css.steps}>
        {KINDS.map((kind) => (
          <li key={kind}>
            <One kind={kind} all={all.data as All} onChange={changed} />
          </li>
        ))}
      </ul>
      <Choice
        label={t('gateway.visible')}
        value={all.data.visible}
        options={[
          { value: 'admins', label: t('gateway.visibleAdmins') },
          { value: 'members', label: t('gateway.visibleMembers') },
        ]}
        onChange={(visible) => {
          all.patch((data) => ({ ...data, visible }))
          void weft.api.phones.setVisible(visible)
        }}
      />
    </>
  )
}

function One({ kind, all, onChange }: { kind: GatewayKind; all: All; onChange: () => void }) {
  const { t } = useTranslation('urgentAdmin')
  const weft = useWeft()
  const held = all.items.find((each) => each.kind === kind)
  const [editing, setEditing] = useState(false)
  const test = useAction(async () => {
    const { number } = await weft.api.phones.testGateway(kind)
    toast({ text: t('gateway.tested', { number }) })
  })
  const remove = useAction(async () => {
    await weft.api.phones.removeGateway(kind)
    onChange()
  })
  if (editing) {
    const presets = all.presets.filter((each) => each.kind === kind)
    return (
      <Form
        kind={kind}
        held={held}
        presets={presets}
        onDone={(done) => {
          setEditing(false)
          if (done) onChange()
        }}
      />
    )
  }
  return (
    <>
      <div className={s.row}>
        <div className={s.grow}>
          <b>{t(`urgent:step.${kind}`)}</b>
          <div className={s.quiet}>
            {held
              ? new URL(held.template.url.replaceAll('{{', '').replaceAll('}}', '')).host
              : t('gateway.none')}
          </div>
        </div>
        {held && (
          <>
            <Button size="s" busy={test.busy} onClick={() => void test.run()}>
              {t('gateway.test')}
            </Button>
            <Button size="s" busy={remove.busy} onClick={() => void remove.run()}>
              {t('gateway.remove')}
            </Button>
          </>
        )}
        <Button size="s" onClick={() => setEditing(true)}>
          {t(held ? 'gateway.edit' : 'gateway.setUp')}
        </Button>
      </div>
      <ProblemBanner problem={test.problem ?? remove.problem} />
    </>
  )
}

/** `Name: value` on each line. */
const lines = (headers: Template['headers']) =>
  headers.map(({ name, value }) => `${name}: ${value}`).join('\n')

function headersOf(text: string): Template['headers'] {
  return text
    .split('\n')
    .filter((line) => line.trim())
    .map((line) => {
      const at = line.indexOf(':')
      return {
        name: line.slice(0, at < 0 ? line.length : at).trim(),
        value: at < 0 ? '' : line.slice(at + 1).trim(),
      }
    })
}

const SECRET = /\{\{\s*secret\.([A-Za-z0-9_]+)/g

/** The secrets that a template calls by name. */
function secretsOf(template: Template): string[] {
  const all = JSON.stringify(template)
  return [...new Set(Array.from(all.matchAll(SECRET), (hit) => hit[1] as string))]
}

function Form(props: {
  kind: GatewayKind
  held: Gateway | undefined
  presets: readonly Preset[]
  onDone: (saved: boolean) => void
}) {
  const { t } = useTranslation('urgentAdmin')
  const weft = useWeft()
  const { held, presets, kind } = props
  const [template, setTemplate] = useState<Template>(held?.template ?? (presets[0] as Preset).template)
  const [headers, setHeaders] = useState(lines(template.headers))
  const [secrets, setSecrets] = useState<Record<string, string>>({})
  const set = (change: Partial<Template>) => setTemplate({ ...template, ...change })
  const full = { ...template, headers: headersOf(headers) }
  const names = secretsOf(full)
  const save = useAction(async () => {
    const given = Object.fromEntries(
      names.filter((name) => secrets[name]).map((name) => [name, secrets[name] as string]),
    )
    const dropped = (held?.secrets ?? []).filter((name) => !names.includes(name)).map((name) => [name, null])
    await weft.api.phones.setGateway(kind, {
      template: full,
      secrets: { ...given, ...Object.fromEntries(dropped) },
    })
    toast({ text: t('common:saved') })
    props.onDone(true)
  })
  const success = template.success
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
    >
      <b>{t(`urgent:step.${kind}`)}</b>
      <SelectField
        label={t('gateway.preset')}
        hint={t('gateway.presetHint')}
        value={template.preset ?? ''}
        onChange={(event) => {
          const preset = presets.find((each) => each.id === event.target.value)
          if (!preset) return
          setTemplate(preset.template)
          setHeaders(lines(preset.template.headers))
        }}
      >
        {presets.map((each) => (
          <option key={each.id} value={each.id}>
            {each.name}
          </option>
        ))}
      </SelectField>
      <div className={css.three}>
        <SelectField
          label={t('gateway.method')}
          value={template.method}
          onChange={(event) => set({ method: event.target.value as Template['method'] })}
        >
          {['POST', 'GET', 'PUT'].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </SelectField>
        <SelectField
          label={t('gateway.encoding')}
          value={template.encoding}
          onChange={(event) => set({ encoding: event.target.value as Template['encoding'] })}
        >
          {(['json', 'form', 'none'] as const).map((each) => (
            <option key={each} value={each}>
              {t(`gateway.as.${each}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <TextField
        label={t('gateway.url')}
        required
        value={template.url}
        onChange={(event) => set({ url: event.target.value })}
      />
      <TextArea
        label={t('gateway.headers')}
        value={headers}
        onChange={(event) => setHeaders(event.target.value)}
      />
      <TextArea
        label={t('gateway.body')}
        rows={6}
        hint={t('gateway.bodyHint')}
        value={template.body}
        onChange={(event) => set({ body: event.target.value })}
      />
      <div className={css.three}>
        <TextField
          label={t('gateway.pointer')}
          placeholder="/code"
          value={success.pointer ?? ''}
          onChange={(event) => set({ success: { ...success, pointer: event.target.value || null } })}
        />
        <TextField
          label={t('gateway.equals')}
          placeholder="0"
          value={success.equals ?? ''}
          onChange={(event) => set({ success: { ...success, equals: event.target.value || null } })}
        />
      </div>
      {names.map((name) => (
        <TextField
          key={name}
          type="password"
          autoComplete="off"
          label={t('gateway.secret', { name })}
          placeholder={held?.secrets.includes(name) ? t('gateway.kept') : ''}
          required={!held?.secrets.includes(name)}
          value={secrets[name] ?? ''}
          onChange={(event) => setSecrets({ ...secrets, [name]: event.target.value })}
        />
      ))}
      <ProblemBanner problem={save.problem} />
      <div className={s.row}>
        <Button onClick={() => props.onDone(false)}>{t('common:cancel')}</Button>
        <Button type="submit" variant="primary" busy={save.busy}>
          {t('common:save')}
        </Button>
      </div>
    </form>
  )
}
