import { useTranslation } from 'react-i18next'
import { Hash, SearchX } from 'lucide-react'
import { Link } from 'wouter'
import { EmptyState, Tag } from '@weft/ui'
import type { Conversation, Principal } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'

import { emitIntent } from '../../shared/intents'
import { PagedList } from '../../shared/PagedList'
import { paths } from '../../shared/paths'
import { PersonTag, PresentAvatar } from '../../shared/PersonAvatar'
import s from '../../shared/page.module.css'
import { words } from './language'
import css from './search.module.css'

function Nothing() {
  const { t } = useTranslation('search')
  return (
    <EmptyState icon={<SearchX size={32} aria-hidden />} title={t('noneOf')}>
      {t('noneHint')}
    </EmptyState>
  )
}

/** People by name, pinyin or initials. */
export function People({ query }: { query: string }) {
  const { t } = useTranslation('search')
  const weft = useWeft()
  const q = words(query).replace(/^@/, '').slice(0, 80)
  return (
    <PagedList<Principal>
      label={t('people')}
      load={(cursor) => weft.api.people.list({ cursor, limit: 100, q })}
      keys={[weft, q]}
      height={60}
      rowKey={(person) => person.id}
      row={(person) => (
        <button
          type="button"
          className={`${s.line} ${css.other}`}
          onClick={(event) => void emitIntent('profile', { person: person.id, anchor: event.currentTarget })}
        >
          <PresentAvatar id={person.id} size={36} />
          <span className={s.what}>
            <span className={s.name}>
              {person.name}
              <PersonTag person={person} />
            </span>
            <span className={s.note}>{person.title}</span>
          </span>
        </button>
      )}
      empty={<Nothing />}
    />
  )
}

/** Channels by name, pinyin or initials: one's own and the public ones. */
export function Channels({ query }: { query: string }) {
  const { t } = useTranslation('search')
  const weft = useWeft()
  const q = words(query).replace(/^#/, '').slice(0, 80)
  return (
    <PagedList<Conversation>
      label={t('channels')}
      load={async () => ({
        items: (await weft.api.search.everything(q, 20)).conversations,
        next_cursor: null,
      })}
      keys={[weft, q]}
      height={60}
      rowKey={(channel) => channel.id}
      row={(channel) => (
        <Link href={paths.conversation(weft.org, channel.id)} className={`${s.line} ${css.other}`}>
          <Hash size={18} aria-hidden color="var(--text-muted)" />
          <span className={s.what}>
            <span className={s.name}>
              {channel.name}
              {channel.archived && <Tag>{t('archived')}</Tag>}
            </span>
            <span className={s.note}>{channel.topic || channel.purpose}</span>
          </span>
        </Link>
      )}
      empty={<Nothing />}
    />
  )
}
