import type { Alerts, Level } from '@weft/sdk'
import { attention } from '@weft/sdk/attention'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, IconButton, SelectField, Switch, TextField } from '@weft/ui'
import { X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction } from '../../../shared/hooks'
import { PersonPicker } from '../../../shared/PersonPicker'
import { ProblemBanner } from '../../../shared/problem'
import { Group } from '../../../shared/SectionPages'
import css from './attention.module.css'

const MAX = 50
const KEYWORD_CHARS = 60

function useAlerts() {
  const weft = useWeft()
  const alerts = useObservable(attention(weft).alerts)
  const save = useAction((change: Partial<Alerts>) => attention(weft).setAlerts({ ...alerts, ...change }))
  return { alerts, save }
}

/** Words and people that call one. */
export function AlertsSection() {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const { alerts, save } = useAlerts()
  const [word, setWord] = useState('')
  const add = async () => {
    const keyword = word.trim()
    if (keyword && (await save.run({ keywords: [...alerts.keywords, keyword] }))) setWord('')
  }
  return (
    <Group title={t('alerts.title')} note={t('alerts.note')}>
      <form
        className={css.line}
        onSubmit={(event) => {
          event.preventDefault()
          void add()
        }}
      >
        <div className={css.grow}>
          <TextField
            label={t('alerts.keywords')}
            hint={t('alerts.keywordsHint')}
            placeholder={t('alerts.keywordPlaceholder')}
            maxLength={KEYWORD_CHARS}
            value={word}
            onChange={(event) => setWord(event.target.value)}
          />
        </div>
        <Button type="submit" disabled={!word.trim() || alerts.keywords.length >= MAX} busy={save.busy}>
          {t('alerts.add')}
        </Button>
      </form>
      {alerts.keywords.length > 0 && (
        <ul className={css.chips}>
          {alerts.keywords.map((keyword) => (
            <li key={keyword}>
              {keyword}
              <IconButton
                size="s"
                label={t('alerts.removeKeyword', { word: keyword })}
                icon={<X size={12} />}
                onClick={() =>
                  void save.run({ keywords: alerts.keywords.filter((each) => each !== keyword) })
                }
              />
            </li>
          ))}
        </ul>
      )}
      <div>
        <PersonPicker
          label={t('alerts.people')}
          placeholder={t('exceptions.vipsPlaceholder')}
          empty={t('exceptions.none')}
          value={alerts.people}
          max={MAX}
          exclude={[weft.me]}
          onChange={(people) => void save.run({ people })}
        />
        <p className={css.note}>{t('alerts.peopleHint')}</p>
      </div>
      <ProblemBanner problem={save.problem} />
    </Group>
  )
}

/** Who and what reaches one while notifications are paused. */
export function ExceptionsSection() {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const { alerts, save } = useAlerts()
  return (
    <Group title={t('exceptions.title')} note={t('exceptions.note')}>
      <Switch
        label={t('exceptions.mentions')}
        checked={alerts.mentions_pass}
        onChange={(mentions_pass) => void save.run({ mentions_pass })}
      />
      <PersonPicker
        label={t('exceptions.vips')}
        placeholder={t('exceptions.vipsPlaceholder')}
        empty={t('exceptions.none')}
        value={alerts.vips}
        max={MAX}
        exclude={[weft.me]}
        onChange={(vips) => void save.run({ vips })}
      />
      <ProblemBanner problem={save.problem} />
    </Group>
  )
}

/** What one wants of announcements, which stand apart from messages. */
export function StreamsSection() {
  const { t } = useTranslation('attention')
  const { alerts, save } = useAlerts()
  const wishes = alerts.streams?.announcements ?? { level: null, badge: true }
  const change = (next: Partial<typeof wishes>) =>
    void save.run({ streams: { announcements: { ...wishes, ...next } } })
  return (
    <Group title={t('stream.title')} note={t('stream.note')}>
      <SelectField
        label={t('stream.level')}
        value={wishes.level ?? 'all'}
        onChange={(event) =>
          change({ level: event.target.value === 'all' ? null : (event.target.value as Level) })
        }
      >
        <option value="all">{t('stream.asEver')}</option>
        <option value="mentions">{t('level.mentions')}</option>
        <option value="nothing">{t('level.nothing')}</option>
      </SelectField>
      <Switch label={t('stream.badge')} checked={wishes.badge} onChange={(badge) => change({ badge })} />
      <ProblemBanner problem={save.problem} />
    </Group>
  )
}
