import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Smile } from 'lucide-react'
import { Button, SelectField, TextField, toast } from '@weft/ui'
import type { Principal } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useAction, useMe } from '../../shared/hooks'
import { fieldError, ProblemBanner } from '../../shared/problem'
import { Group } from '../../shared/SectionPages'
import { liveStatus } from '../../shared/status'
import { StatusDialog } from '../../shared/StatusDialog'
import { AvatarEditor } from './AvatarEditor'
import s from '../../shared/sections.module.css'

/** Who one is in this org. */
export function ProfileSection() {
  const { t } = useTranslation('settings')
  const me = useMe()
  const [editing, setEditing] = useState(false)
  const status = liveStatus(me.status)
  return (
    <>
      <Group title={t('profile.photo')} note={t('profile.everyone')}>
        <AvatarEditor me={me} />
      </Group>
      <Group title={t('profile.about')} note={t('profile.everyone')}>
        <About key={me.id} me={me} />
      </Group>
      <Group title={t('profile.status')} note={t('profile.everyone')}>
        <div className={s.row}>
          {status && (
            <span>
              {status.emoji} {status.text}
            </span>
          )}
          <Button icon={<Smile size={16} aria-hidden />} onClick={() => setEditing(true)}>
            {t('app:setStatus')}
          </Button>
        </div>
      </Group>
      {editing && <StatusDialog onClose={() => setEditing(false)} />}
    </>
  )
}

function zones(own: string | null): string[] {
  const all = typeof Intl.supportedValuesOf === 'function' ? Intl.supportedValuesOf('timeZone') : ['UTC']
  return own && !all.includes(own) ? [own, ...all] : all
}

function About({ me }: { me: Principal }) {
  const { t } = useTranslation('settings')
  const weft = useWeft()
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone
  const [name, setName] = useState(me.name)
  const [title, setTitle] = useState(me.title)
  const [timezone, setTimezone] = useState(me.timezone ?? here)
  const save = useAction(async () => {
    await weft.api.me.update({ name: name.trim(), title: title.trim(), timezone })
    toast({ text: t('common:saved') })
  })
  const changed = name.trim() !== me.name || title.trim() !== me.title || timezone !== me.timezone
  return (
    <form
      className={s.form}
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
    >
      <TextField
        label={t('profile.name')}
        autoComplete="name"
        maxLength={80}
        required
        value={name}
        error={fieldError(t, save.problem, 'name')}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t('profile.job')}
        placeholder={t('profile.jobExample')}
        autoComplete="organization-title"
        maxLength={100}
        value={title}
        error={fieldError(t, save.problem, 'title')}
        onChange={(event) => setTitle(event.target.value)}
      />
      <SelectField
        label={t('profile.timezone')}
        hint={t('profile.timezoneHint')}
        value={timezone}
        onChange={(event) => setTimezone(event.target.value)}
      >
        {zones(timezone).map((zone) => (
          <option key={zone} value={zone}>
            {zone.replaceAll('_', ' ')}
          </option>
        ))}
      </SelectField>
      {!save.problem?.field && <ProblemBanner problem={save.problem} />}
      <div className={s.row}>
        <Button type="submit" variant="primary" busy={save.busy} disabled={!changed || !name.trim()}>
          {t('common:save')}
        </Button>
      </div>
    </form>
  )
}
