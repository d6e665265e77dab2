import { emojiOf, type OrgEmoji } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, Choice, EmptyState, IconButton, Modal, SkeletonRows, TextField, toast } from '@weft/ui'
import { SmilePlus, SquarePen, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { EmojiImage } from '../../../shared/emoji/EmojiImage'
import { findOrgEmoji } from '../../../shared/emoji/find'
import { useMayAddEmoji } from '../../../shared/emoji/useMayAdd'
import '../../../shared/emoji/words'
import { useAction, usePerson } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import { Group } from '../../../shared/SectionPages'
import s from '../../../shared/sections.module.css'
import { day } from '../../../shared/time'
import { AddEmoji } from './AddEmoji'
import css from './emojiSection.module.css'

/** Rows shown at once; the rest is found by searching. */
const SHOWN = 100

type Asking = { kind: 'remove' | 'aliases'; emoji: OrgEmoji }

/** The org's own emoji: adding several at once, finding, other names, removing, and who may add. */
export default function EmojiSection() {
  const { t } = useTranslation('emoji')
  const weft = useWeft()
  const book = emojiOf(weft)
  const { all } = useObservable(book.set)
  const known = useObservable(book.known)
  const { org, principal } = useObservable(weft.meView)
  const admin = principal.role === 'owner' || principal.role === 'admin'
  const mayAdd = useMayAddEmoji()
  const [query, setQuery] = useState('')
  const [asking, setAsking] = useState<Asking | null>(null)
  const found = findOrgEmoji(all, query, SHOWN)
  const close = () => setAsking(null)
  return (
    <>
      <Group title={t('addTitle')} note={mayAdd ? t('addNote') : t('addNotAllowed')}>
        {mayAdd && <AddEmoji />}
      </Group>
      {admin && (
        <Group title={t('policyTitle')} note={t('policyNote')}>
          <Policy add={org.emoji?.add ?? 'everybody'} />
        </Group>
      )}
      <Group title={t('list', { count: all.length })}>
        {all.length > 0 && (
          <TextField
            quiet
            type="search"
            label={t('find')}
            placeholder={t('find')}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        )}
        {!known && <SkeletonRows rows={4} face={false} />}
        {known && all.length === 0 && (
          <EmptyState icon={<SmilePlus size={28} aria-hidden />} title={t('empty')}>
            {t('emptyNote')}
          </EmptyState>
        )}
        {all.length > 0 && found.length === 0 && <div className={s.quiet}>{t('notFound')}</div>}
        {found.length > 0 && (
          <ul className={s.items}>
            {found.map((emoji) => (
              <Row
                key={emoji.id}
                emoji={emoji}
                mine={admin || emoji.by === weft.me}
                onAsk={(kind) => setAsking({ kind, emoji })}
              />
            ))}
          </ul>
        )}
        {!query && all.length > SHOWN && (
          <div className={s.quiet}>{t('more', { count: all.length - SHOWN })}</div>
        )}
      </Group>
      {asking?.kind === 'remove' && <RemoveDialog emoji={asking.emoji} onClose={close} />}
      {asking?.kind === 'aliases' && <AliasDialog emoji={asking.emoji} onClose={close} />}
    </>
  )
}

interface RowProps {
  emoji: OrgEmoji
  mine: boolean
  onAsk: (kind: Asking['kind']) => void
}

function Row({ emoji, mine, onAsk }: RowProps) {
  const { t } = useTranslation('emoji')
  const by = usePerson(emoji.by)
  return (
    <li>
      <span className={css.picture}>
        <EmojiImage emoji={emoji} beside />
      </span>
      <div className={s.what}>
        <div className={s.name}>:{emoji.name}:</div>
        <div className={s.quiet}>
          {[
            ...emoji.aliases.map((alias) => `:${alias}:`),
            t('addedBy', { name: by?.name ?? '…', when: day(emoji.at) }),
          ].join(' · ')}
        </div>
      </div>
      {mine && (
        <>
          <IconButton
            label={t('aliasesOf', { name: emoji.name })}
            icon={<SquarePen size={16} />}
            onClick={() => onAsk('aliases')}
          />
          <IconButton
            label={t('removeOf', { name: emoji.name })}
            icon={<Trash2 size={16} />}
            onClick={() => onAsk('remove')}
          />
        </>
      )}
    </li>
  )
}

function Policy({ add }: { add: 'everybody' | 'admins' }) {
  const { t } = useTranslation('emoji')
  const weft = useWeft()
  const save = useAction(async (next: 'everybody' | 'admins') => {
    await weft.api.org.update({ emoji: { add: next } })
    toast({ text: t('common:saved') })
  })
  return (
    <div className={s.form}>
      <Choice
        label={t('policy')}
        value={add}
        options={[
          { value: 'everybody', label: t('everybody') },
          { value: 'admins', label: t('admins') },
        ]}
        onChange={(next) => void save.run(next)}
      />
      <ProblemBanner problem={save.problem} />
    </div>
  )
}

interface DialogProps {
  emoji: OrgEmoji
  onClose: () => void
}

function RemoveDialog({ emoji, onClose }: DialogProps) {
  const { t } = useTranslation('emoji')
  const weft = useWeft()
  const act = useAction(async () => {
    await emojiOf(weft).remove(emoji)
    toast({ text: t('removed', { name: emoji.name }) })
    onClose()
  })
  return (
    <Modal
      size="s"
      title={t('removeTitle', { name: emoji.name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button variant="danger" busy={act.busy} onClick={() => void act.run()}>
            {t('remove')}
          </Button>
        </>
      }
    >
      <p className={css.ask}>
        <EmojiImage emoji={emoji} beside /> {t('removeNote', { name: emoji.name })}
      </p>
      <ProblemBanner problem={act.problem} />
    </Modal>
  )
}

function AliasDialog({ emoji, onClose }: DialogProps) {
  const { t } = useTranslation('emoji')
  const weft = useWeft()
  const [text, setText] = useState(emoji.aliases.join(' '))
  const save = useAction(async () => {
    await emojiOf(weft).setAliases(emoji.id, text.split(/[\s,，、:：]+/u).filter(Boolean))
    toast({ text: t('common:saved') })
    onClose()
  })
  return (
    <Modal
      size="s"
      title={t('aliasesOf', { name: emoji.name })}
      onClose={onClose}
      onSubmit={() => void save.run()}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.busy}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('aliases')}
        hint={t('aliasesHint')}
        value={text}
        maxLength={400}
        data-autofocus
        onChange={(event) => setText(event.target.value)}
      />
      <ProblemBanner problem={save.problem} />
    </Modal>
  )
}
