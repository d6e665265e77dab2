import './messages'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Hash, Plus, Search } from 'lucide-react'
import { Link, useLocation } from 'wouter'
import { Button, EmptyState, Tag, TextField, toast } from '@weft/ui'
import type { Conversation } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useAction, useSettled } from '../../shared/hooks'
import { emitIntent } from '../../shared/intents'
import { Page } from '../../shared/Page'
import { PagedList } from '../../shared/PagedList'
import { paths } from '../../shared/paths'
import { toastProblem } from '../../shared/problem'
import s from '../../shared/page.module.css'

/** Every public channel, to read into and to join. */
export default function BrowsePage() {
  const { t } = useTranslation('channels')
  const weft = useWeft()
  const [query, setQuery] = useState('')
  const settled = useSettled(query.trim())
  const create = () => void emitIntent('create-channel', settled ? { name: settled } : {})
  return (
    <Page
      title={t('browse.title')}
      back={paths.home(weft.org)}
      actions={
        <Button icon={<Plus size={16} aria-hidden />} onClick={create}>
          {t('create.title')}
        </Button>
      }
    >
      <div className={s.tools}>
        <div className={s.grow}>
          <TextField
            quiet
            type="search"
            label={t('browse.find')}
            placeholder={t('browse.find')}
            before={<Search size={15} aria-hidden />}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </div>
      </div>
      <PagedList<Conversation>
        label={t('browse.title')}
        load={(cursor) =>
          weft.api.conversations.browse({ cursor, limit: 100, ...(settled && { q: settled }) })
        }
        keys={[weft, settled]}
        height={60}
        rowKey={(channel) => channel.id}
        row={(channel) => <ChannelLine channel={channel} />}
        empty={
          <EmptyState
            icon={<Hash size={32} aria-hidden />}
            title={settled ? t('browse.noneFound', { query: settled }) : t('browse.none')}
            action={<Button onClick={create}>{t('create.title')}</Button>}
          >
            {t('browse.what')}
          </EmptyState>
        }
      />
    </Page>
  )
}

function ChannelLine({ channel }: { channel: Conversation }) {
  const { t } = useTranslation('channels')
  const weft = useWeft()
  const [, go] = useLocation()
  const joined = useObservable(weft.conversation(channel.id)) !== undefined
  const href = paths.conversation(weft.org, channel.id)
  const join = useAction(async () => {
    try {
      await weft.api.conversations.join(channel.id)
      toast({ text: t('browse.joined', { name: channel.name }) })
      go(href)
    } catch (error) {
      toastProblem(error)
    }
  })
  return (
    <div className={s.line} style={{ height: 60 }}>
      <Hash size={18} aria-hidden color="var(--text-muted)" />
      <div className={s.what}>
        <Link href={href} className={s.name} style={{ color: 'var(--text)' }}>
          {channel.name}
          {channel.default && <Tag>{t('browse.default')}</Tag>}
          {channel.archived && <Tag>{t('browse.archived')}</Tag>}
        </Link>
        <div className={s.note}>
          {[t('browse.members', { count: channel.member_count }), channel.purpose || channel.topic]
            .filter(Boolean)
            .join(' · ')}
        </div>
      </div>
      {joined ? (
        <span className={s.note}>{t('browse.isMember')}</span>
      ) : (
        !channel.archived && (
          <Button
            size="s"
            busy={join.busy}
            onClick={() => void join.run()}
            aria-label={t('browse.joinNamed', { name: channel.name })}
          >
            {t('browse.join')}
          </Button>
        )
      )}
    </div>
  )
}
