import './words'
import { attention, type AwayNote } from '@weft/sdk/attention'
import { useObservable, useWeft } from '@weft/sdk/react'
import { IconButton } from '@weft/ui'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { usePerson } from '../hooks'
import { when } from '../time'
import css from './attention.module.css'

/** Who of those one wrote to here has answered that they are away. */
export default function AwayNotes({
  conversation,
  thread,
}: {
  conversation: string
  thread?: string | undefined
}) {
  const weft = useWeft()
  const notes = useObservable(attention(weft).away)
  const here = notes.filter((note) => note.conversation === conversation && note.thread === (thread ?? null))
  return here.map((note) => <Note key={note.who} note={note} />)
}

function Note({ note }: { note: AwayNote }) {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const name = usePerson(note.who)?.name ?? ''
  const away =
    note.until === null ? t('away.note', { name }) : t('away.noteUntil', { name, time: when(note.until) })
  return (
    <div className={css.away} role="status">
      <span aria-hidden style={{ flex: 'none' }}>
        {note.emoji || '🌴'}
      </span>
      <span>
        {note.text ? `${away} · ${note.text}` : away}
        {note.reply && <q>{note.reply}</q>}
      </span>
      <IconButton
        size="s"
        label={t('away.dismiss')}
        icon={<X size={14} />}
        onClick={() => attention(weft).forgetAway(note)}
      />
    </div>
  )
}
