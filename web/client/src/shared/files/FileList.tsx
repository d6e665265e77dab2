import type { FileKind, FileQuery, PostedFile } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { EmptyState } from '@weft/ui'
import { Download, Files, MessageSquare } from 'lucide-react'
import { lazy, Suspense, useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

import { formatWhen } from '../../lib/time'
import { usePerson, useSettled } from '../hooks'
import { PagedList } from '../PagedList'
import { paths } from '../paths'
import { PersonPicker } from '../PersonPicker'
import { useTimeStyle } from '../timeStyle'
import { KindIcon } from './FileCard'
import css from './files.module.css'
import { readable } from './layout'
import './messages'

const Viewer = lazy(() => import('./Viewer'))
const Preview = lazy(() => import('./Preview'))

const ROW = 64
const DAY = 86_400_000_000

const GROUPS = {
  all: [],
  media: ['image', 'video'],
  sound: ['audio', 'voice'],
  documents: ['pdf', 'office', 'text'],
  code: ['code'],
  other: ['archive', 'other'],
} satisfies Record<string, FileKind[]>
type Group = keyof typeof GROUPS
const TIMES = { any: 0, week: 7, month: 30, year: 365 }
type Time = keyof typeof TIMES

/** Files that one may read, of one conversation or of all, by kind, person, time and name. */
export function FileList({ conversation }: { conversation?: string }) {
  const { t } = useTranslation('files')
  const weft = useWeft()
  const [group, setGroup] = useState<Group>('all')
  const [time, setTime] = useState<Time>('any')
  const [people, setPeople] = useState<readonly string[]>([])
  const [words, setWords] = useState('')
  const q = useSettled(useDeferredValue(words).trim(), 250)
  const from = people[0]
  const query = useMemo<FileQuery>(
    () => ({
      conversation,
      kind: GROUPS[group],
      from,
      q: q || undefined,
      ...(TIMES[time] ? { after: Date.now() * 1000 - TIMES[time] * DAY } : {}),
    }),
    [conversation, group, from, q, time],
  )
  const filtered = group !== 'all' || time !== 'any' || from !== undefined || q !== ''
  return (
    <div className={css.list}>
      <div className={css.tools}>
        <input
          type="search"
          value={words}
          placeholder={t('search')}
          aria-label={t('searching')}
          onChange={(e) => setWords(e.target.value)}
        />
        <select aria-label={t('kinds')} value={group} onChange={(e) => setGroup(e.target.value as Group)}>
          {Object.keys(GROUPS).map((each) => (
            <option key={each} value={each}>
              {t(`kind.${each}`)}
            </option>
          ))}
        </select>
        <select aria-label={t('times')} value={time} onChange={(e) => setTime(e.target.value as Time)}>
          {Object.keys(TIMES).map((each) => (
            <option key={each} value={each}>
              {t(`time.${each}`)}
            </option>
          ))}
        </select>
        <span className={css.who}>
          <PersonPicker
            label={t('people')}
            placeholder={t('anyone')}
            empty={t('noMatch')}
            value={people}
            max={1}
            onChange={setPeople}
          />
        </span>
      </div>
      <PagedList<PostedFile>
        label={t('title')}
        load={(cursor) => weft.api.files.list({ ...query, cursor })}
        keys={[weft, query]}
        height={ROW}
        rowKey={(item) => `${item.message}.${item.file.id}`}
        row={(item) => <Row item={item} everywhere={conversation === undefined} />}
        empty={
          <EmptyState icon={<Files size={32} aria-hidden />} title={t(filtered ? 'noMatch' : 'empty')}>
            {t(filtered ? 'noMatchBody' : 'emptyBody')}
          </EmptyState>
        }
      />
    </div>
  )
}

function Row({ item, everywhere }: { item: PostedFile; everywhere: boolean }) {
  const { t } = useTranslation('files')
  const weft = useWeft()
  const style = useTimeStyle()
  const [open, setOpen] = useState(false)
  const { file } = item
  const who = usePerson(item.from)
  const where = useObservable(useMemo(() => weft.conversation(item.conversation), [weft, item.conversation]))
  const ref = { ...file, url: null }
  const shown = file.kind === 'image' && file.thumb
  const read = ['pdf', 'text', 'code', 'office'].includes(file.kind)
  const href = weft.api.files.url(file.id, true)
  const detail = [
    who?.name,
    everywhere ? where?.title : null,
    formatWhen(item.at, Date.now() * 1000, style),
    readable(file.size),
  ]
  return (
    <div className={css.row}>
      <span className={css.rowFace}>
        {file.thumb ? (
          <img src={weft.api.files.thumbUrl(file.id, 320)} alt="" loading="lazy" decoding="async" />
        ) : (
          <KindIcon kind={file.kind} />
        )}
      </span>
      <span className={css.rowMain}>
        {shown || read ? (
          <button type="button" aria-label={t('open', { name: file.name })} onClick={() => setOpen(true)}>
            {file.name}
          </button>
        ) : (
          <a href={href} download={file.name}>
            {file.name}
          </a>
        )}
        <small>{detail.filter(Boolean).join(' · ')}</small>
      </span>
      <span className={css.rowActs}>
        <Link
          className={css.save}
          href={paths.conversation(weft.org, item.conversation, item.seq)}
          aria-label={t('showInConversation')}
        >
          <MessageSquare size={16} aria-hidden />
        </Link>
        <a
          className={css.save}
          href={href}
          download={file.name}
          aria-label={t('downloadNamed', { name: file.name })}
        >
          <Download size={16} aria-hidden />
        </a>
      </span>
      {open && (
        <Suspense fallback={null}>
          {shown ? (
            <Viewer files={[ref]} start={0} onClose={() => setOpen(false)} />
          ) : (
            <Preview file={ref} onClose={() => setOpen(false)} />
          )}
        </Suspense>
      )}
    </div>
  )
}
