import './messages'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { MessageCircle, Search, Users } from 'lucide-react'
import { EmptyState, IconButton, TextField } from '@weft/ui'
import type { Principal } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useSettled } from '../../shared/hooks'
import { emitIntent } from '../../shared/intents'
import { Page } from '../../shared/Page'
import { PagedList } from '../../shared/PagedList'
import { PersonTag, PresentAvatar } from '../../shared/PersonAvatar'
import { liveStatus } from '../../shared/status'
import { useOpenDirect } from './useOpenDirect'
import s from '../../shared/page.module.css'
import own from './people.module.css'

/** The directory: everybody in the org, found by name, pinyin, initials or e-mail. */
export default function PeoplePage() {
  const { t } = useTranslation('people')
  const weft = useWeft()
  const [query, setQuery] = useState('')
  const settled = useSettled(query.trim())
  return (
    <Page title={t('title')}>
      <div className={s.tools}>
        <div className={s.grow}>
          <TextField
            quiet
            type="search"
            label={t('find')}
            placeholder={t('find')}
            before={<Search size={15} aria-hidden />}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </div>
      </div>
      <PagedList<Principal>
        label={t('title')}
        load={(cursor) =>
          weft.api.people.list({ cursor, limit: 100, ...(settled ? { q: settled } : { state: 'active' }) })
        }
        keys={[weft, settled]}
        height={60}
        rowKey={(person) => person.id}
        row={(person) => <PersonLine person={person} />}
        empty={
          <EmptyState
            icon={<Users size={32} aria-hidden />}
            title={settled ? t('noneFound', { query: settled }) : t('none')}
          >
            {settled ? t('tryPinyin') : t('what')}
          </EmptyState>
        }
      />
    </Page>
  )
}

function PersonLine({ person }: { person: Principal }) {
  const { t } = useTranslation('people')
  const weft = useWeft()
  const direct = useOpenDirect()
  const status = liveStatus(person.status)
  useEffect(() => {
    // What the page brought is what the store knows from now on; nothing is fetched twice.
    weft.person(person.id)
  }, [weft, person.id])
  return (
    <div className={s.line} style={{ height: 60 }}>
      <button
        type="button"
        className={own.who}
        onClick={(event) => void emitIntent('profile', { person: person.id, anchor: event.currentTarget })}
      >
        <PresentAvatar id={person.id} size={36} />
        <span className={s.what}>
          <span className={s.name}>
            {person.name}
            {person.id === weft.me && <span className={s.note}>({t('common:you')})</span>}
            <PersonTag person={person} />
          </span>
          <span className={s.note} style={{ display: 'block' }}>
            {[person.title, status && `${status.emoji} ${status.text}`.trim()].filter(Boolean).join(' · ')}
          </span>
        </span>
      </button>
      <IconButton
        label={t('writeTo', { name: person.name })}
        icon={<MessageCircle size={18} />}
        disabled={direct.busy}
        onClick={() => void direct.run(person.id)}
      />
    </div>
  )
}
