import type { Member } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { EmptyState, IconButton, SidePanel, Tag, toast } from '@weft/ui'
import { Megaphone, UserMinus, UserPlus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction, usePerson, useSettled } from '../../../shared/hooks'
import { emitIntent } from '../../../shared/intents'
import { PagedList } from '../../../shared/PagedList'
import { PersonTag, PresentAvatar } from '../../../shared/PersonAvatar'
import { toastProblem } from '../../../shared/problem'
import '../board/words'
import type { Shown } from '../context'
import css from './panels.module.css'

const PAGE = 100
const ROW = 52

/** Who is in a conversation: searched on the server, shown as far as scrolled, opens at once whatever the size. */
export function MembersPanel({ conversation, onClose }: { conversation: Shown; onClose: () => void }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const [query, setQuery] = useState('')
  const settled = useSettled(query.trim())
  const changes = useObservable(useMemo(() => weft.memberChanges(conversation.id), [weft, conversation.id]))
  const role = weft.meView.get().principal.role
  const manages =
    conversation.me !== null && (conversation.me.role === 'owner' || role === 'owner' || role === 'admin')
  const board = conversation.kind === 'announcement'
  const mayAdd =
    conversation.me !== null &&
    !conversation.archived &&
    conversation.kind !== 'direct' &&
    (manages || !board)
  return (
    <SidePanel
      title={t('membersTitle', { number: conversation.member_count.toLocaleString() })}
      onClose={onClose}
      actions={
        mayAdd && (
          <IconButton
            label={t('addPeople')}
            icon={<UserPlus size={18} />}
            onClick={() => emitIntent('add-people', { conversation: conversation.id })}
          />
        )
      }
    >
      <div className={css.search}>
        <input
          type="search"
          value={query}
          placeholder={t('memberSearch')}
          aria-label={t('memberSearch')}
          onChange={(e) => setQuery(e.target.value)}
        />
      </div>
      <PagedList<Member>
        label={t('members')}
        load={(cursor) =>
          weft.api.conversations.members(conversation.id, {
            cursor,
            limit: PAGE,
            ...(settled ? { q: settled } : {}),
          })
        }
        keys={[conversation.id, settled, changes]}
        height={ROW}
        rowKey={(m) => m.id}
        row={(m) => (
          <MemberRow member={m} conversation={conversation} removable={manages && m.id !== weft.me} />
        )}
        empty={<EmptyState title={t('memberNone')} />}
      />
    </SidePanel>
  )
}

function MemberRow({
  member,
  conversation,
  removable,
}: {
  member: Member
  conversation: Shown
  removable: boolean
}) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const person = usePerson(member.id)
  const publishes = member.role === 'publisher'
  const name = useAction(() =>
    weft.api.conversations
      .setRole(conversation.id, member.id, publishes ? 'member' : 'publisher')
      .catch(toastProblem),
  )
  const remove = useAction(async () => {
    await weft.api.conversations.removeMember(conversation.id, member.id).catch((error: unknown) => {
      toastProblem(error)
      throw error
    })
    toast({
      text: t('removedMember', { name: member.name }),
      undo: () => weft.api.conversations.addMembers(conversation.id, [member.id]).catch(toastProblem),
    })
  })
  return (
    <div className={css.member}>
      <button
        type="button"
        className={css.memberMain}
        onClick={(e) => emitIntent('profile', { person: member.id, anchor: e.currentTarget })}
      >
        <PresentAvatar id={member.id} size={32} />
        <span className={css.memberText}>
          <span className={css.memberName}>
            {member.name}
            {member.id === weft.me && <small>{t('you')}</small>}
          </span>
          {person?.title && <small>{person.title}</small>}
        </span>
        {member.role === 'owner' && <Tag>{t('channelOwner')}</Tag>}
        {member.role === 'publisher' && <Tag>{t('announcements:publisher')}</Tag>}
        <PersonTag person={member} />
      </button>
      {removable && (
        <span className={css.memberRemove}>
          {conversation.kind === 'announcement' && member.kind === 'member' && member.role !== 'owner' && (
            <IconButton
              size="s"
              side="left"
              label={t(`announcements:${publishes ? 'unname' : 'name'}`, { name: member.name })}
              icon={<Megaphone size={16} />}
              active={publishes}
              aria-pressed={publishes}
              disabled={name.busy}
              onClick={() => void name.run()}
            />
          )}
          <IconButton
            size="s"
            side="left"
            label={t('removeMember', { name: member.name })}
            icon={<UserMinus size={16} />}
            disabled={remove.busy}
            onClick={() => void remove.run()}
          />
        </span>
      )}
    </div>
  )
}
