import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Modal, SelectField, Switch, TextArea, TextField } from '@weft/ui'
import { useWeft } from '@weft/sdk/react'
import './attention/words'
import { useAction, useMe } from './hooks'
import { ProblemBanner } from './problem'
import { EXPIRIES, expiryAt, liveStatus, type Expiry } from './status'
import { full } from './time'
import s from './StatusDialog.module.css'

const PRESETS = [
  { key: 'meeting', emoji: '📅', expiry: '1h' },
  { key: 'focus', emoji: '🎯', expiry: '4h' },
  { key: 'lunch', emoji: '🍜', expiry: '1h' },
  { key: 'travel', emoji: '✈️', expiry: 'week' },
  { key: 'sick', emoji: '🤒', expiry: 'today' },
  { key: 'away', emoji: '🌴', expiry: 'week' },
] as const

/** Sets what one is doing, in words and one emoji, and until when. */
export function StatusDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('app')
  const weft = useWeft()
  const current = liveStatus(useMe().status)
  const [emoji, setEmoji] = useState(current?.emoji ?? '')
  const [text, setText] = useState(current?.text ?? '')
  const [expiry, setExpiry] = useState<Expiry | 'keep'>(current?.until ? 'keep' : 'today')
  const [away, setAway] = useState(current?.away ?? false)
  const [reply, setReply] = useState(current?.reply ?? '')
  const save = useAction(async (clear: boolean) => {
    const until = expiry === 'keep' ? (current?.until ?? null) : expiryAt(expiry)
    const empty = clear || (!text.trim() && !emoji && !away)
    const leave = away ? { away, reply: reply.trim() } : {}
    const status = { emoji: emoji || (away ? '🌴' : '💬'), text: text.trim(), until, ...leave }
    await weft.api.me.update({ status: empty ? null : status })
    onClose()
  })
  return (
    <Modal
      size="s"
      title={t('status.title')}
      onClose={onClose}
      onSubmit={() => void save.run(false)}
      footer={
        <>
          {current && (
            <Button disabled={save.busy} onClick={() => void save.run(true)}>
              {t('status.clear')}
            </Button>
          )}
          <Button type="submit" variant="primary" busy={save.busy}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <div className={s.line}>
        <TextField
          label={t('status.emoji')}
          className={s.emoji}
          value={emoji}
          maxLength={16}
          onChange={(event) => setEmoji(lastGrapheme(event.target.value))}
        />
        <div className={s.grow}>
          <TextField
            label={t('status.text')}
            placeholder={t('status.example')}
            maxLength={100}
            data-autofocus
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      </div>
      <ul className={s.presets} aria-label={t('status.presets')}>
        {PRESETS.map((preset) => (
          <li key={preset.key}>
            <button
              type="button"
              onClick={() => {
                setEmoji(preset.emoji)
                setText(t(`status.preset.${preset.key}`))
                setExpiry(preset.expiry)
                setAway(preset.key === 'away')
              }}
            >
              <span aria-hidden>{preset.emoji}</span>
              {t(`status.preset.${preset.key}`)}
              <small>{t(`status.expiry.${preset.expiry}`)}</small>
            </button>
          </li>
        ))}
      </ul>
      <SelectField
        label={t('status.until')}
        value={expiry}
        onChange={(event) => setExpiry(event.target.value as Expiry)}
      >
        {current?.until && <option value="keep">{full(current.until)}</option>}
        {EXPIRIES.map((value) => (
          <option key={value} value={value}>
            {t(`status.expiry.${value}`)}
          </option>
        ))}
      </SelectField>
      <Switch
        label={t('attention:away.toggle')}
        hint={t('attention:away.toggleHint')}
        checked={away}
        onChange={setAway}
      />
      {away && (
        <TextArea
          label={t('attention:away.reply')}
          placeholder={t('attention:away.replyExample')}
          maxLength={300}
          rows={2}
          value={reply}
          onChange={(event) => setReply(event.target.value)}
        />
      )}
      <ProblemBanner problem={save.problem} />
    </Modal>
  )
}

/** Of what was typed or pasted, the last emoji; words are not taken. */
function lastGrapheme(value: string): string {
  const parts = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(value)].map(
    (p) => p.segment,
  )
  return parts.filter((part) => /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(part)).at(-1) ?? ''
}
