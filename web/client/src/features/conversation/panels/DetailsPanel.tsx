import type { Level } from '@weft/sdk'
import { levelByDefault } from '@weft/sdk/attention'
import { useWeft } from '@weft/sdk/react'
import { Button, Modal, SelectField, SidePanel, Switch } from '@weft/ui'
import { Archive, ArchiveRestore, LogOut } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

import { formatDate } from '../../../lib/time'
import { chosenLevel, levelOf, setLevel } from '../../../shared/attention/levels'
import { useAction } from '../../../shared/hooks'
import { paths } from '../../../shared/paths'
import { ProblemBanner, toastProblem } from '../../../shared/problem'
import '../board/words'
import type { Shown } from '../context'
import { useTimeStyle } from '../../../shared/timeStyle'
import { useOrigin } from '../useOrigin'
import { VanishSetting } from '../vanish'
import { EditableText } from './EditableText'
import css from './panels.module.css'

/** What a conversation is about, how it notifies, and how to leave or archive it. */
export function DetailsPanel({ conversation, onClose }: { conversation: Shown; onClose: () => void }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const channel = conversation.kind === 'channel' || conversation.kind === 'private_channel'
  const role = weft.meView.get().principal.role
  const admin = role === 'owner' || role === 'admin'
  const board = conversation.kind === 'announcement'
  const open = conversation.me !== null && !conversation.archived
  const manages = open && (conversation.me?.role === 'owner' || admin)
  const writes = board ? manages : open
  const save = (field: 'name' | 'topic' | 'purpose') => (value: string) =>
    weft.api.conversations.update(conversation.id, { [field]: value })
  return (
    <SidePanel title={t('details')} onClose={onClose}>
      <div className={css.details}>
        {conversation.kind !== 'direct' && (
          <EditableText
            label={t('name')}
            value={conversation.name}
            editable={manages}
            onSave={save('name')}
            max={80}
            required={channel || board}
          />
        )}
        {(channel || board) && (
          <>
            <EditableText
              label={t('topic')}
              value={conversation.topic}
              editable={writes}
              onSave={save('topic')}
              max={250}
              hint={t('topicHint')}
            />
            <EditableText
              label={t('purpose')}
              value={conversation.purpose}
              editable={writes}
              onSave={save('purpose')}
              max={250}
              hint={t('purposeHint')}
            />
          </>
        )}
        <Created conversation={conversation} />
        {conversation.me && (
          <>
            <Levels conversation={conversation} />
            <Switch
              label={t('favourite')}
              checked={conversation.me.favourite}
              onChange={(favourite) => weft.setMembership(conversation.id, { favourite }).catch(toastProblem)}
            />
          </>
        )}
        {conversation.kind === 'direct' && conversation.member_count === 2 && (
          <VanishSetting conversation={conversation} />
        )}
        {board && (
          <Switch
            label={t('announcements:allowComments')}
            hint={t('announcements:allowCommentsHint')}
            checked={conversation.comments ?? true}
            disabled={!manages}
            onChange={(comments) =>
              weft.api.conversations.update(conversation.id, { comments }).catch(toastProblem)
            }
          />
        )}
        {admin && (conversation.kind === 'channel' || board) && (
          <Switch
            label={t(board ? 'announcements:everyone' : 'default')}
            hint={t(board ? 'announcements:everyoneHint' : 'defaultHint')}
            checked={conversation.default}
            onChange={(on) =>
              weft.api.conversations.update(conversation.id, { default: on }).catch(toastProblem)
            }
          />
        )}
        {(conversation.kind === 'private_channel' || conversation.kind === 'group') && (
          <Switch
            label={t('newcomersSee')}
            hint={t(conversation.history === 'all' ? 'historyAllHint' : 'historyFromJoiningHint')}
            checked={conversation.history === 'all'}
            disabled={!manages}
            onChange={(all) =>
              weft.api.conversations
                .update(conversation.id, { history: all ? 'all' : 'from_joining' })
                .catch(toastProblem)
            }
          />
        )}
        {conversation.me && conversation.kind !== 'direct' && (
          <Endings conversation={conversation} manages={admin || conversation.me.role === 'owner'} />
        )}
      </div>
    </SidePanel>
  )
}

/** What one is told of here. */
function Levels({ conversation }: { conversation: Shown }) {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const level = chosenLevel(conversation)
  const byDefault = levelByDefault(conversation.kind, conversation.member_count)
  return (
    <>
      <SelectField
        label={t('level.title')}
        hint={t(`level.${levelOf(conversation)}Hint`)}
        value={level ?? ''}
        onChange={(event) => setLevel(weft, conversation, (event.target.value || null) as Level | null, t)}
      >
        <option value="">{t(byDefault === 'all' ? 'level.defaultAll' : 'level.defaultMentions')}</option>
        {(['all', 'mentions', 'nothing'] as const).map((each) => (
          <option key={each} value={each}>
            {t(`level.${each}`)}
          </option>
        ))}
      </SelectField>
      {conversation.kind !== 'direct' && (
        <Switch
          label={t('level.silenceAll')}
          hint={t('level.silenceAllHint')}
          checked={conversation.me?.all_silenced ?? false}
          onChange={(all_silenced) =>
            weft.setMembership(conversation.id, { all_silenced }).catch(toastProblem)
          }
        />
      )}
    </>
  )
}

function Created({ conversation }: { conversation: Shown }) {
  const { t } = useTranslation('conversation')
  const style = useTimeStyle()
  const { by, at } = useOrigin(conversation)
  if (at === undefined) return null
  const when = formatDate(at, style)
  return (
    <p className={css.created}>{by ? t('createdBy', { name: by.name, when }) : t('created', { when })}</p>
  )
}

function Endings({ conversation, manages }: { conversation: Shown; manages: boolean }) {
  const { t } = useTranslation('conversation')
  const weft = useWeft()
  const [, go] = useLocation()
  const [asking, setAsking] = useState<'leave' | 'archive' | null>(null)
  const act = useAction(async (what: 'leave' | 'archive' | 'unarchive') => {
    await weft.api.conversations[what](conversation.id)
    setAsking(null)
    if (what === 'leave') go(paths.home(weft.org))
  })
  const channel = conversation.kind !== 'group'
  return (
    <div className={css.endings}>
      <Button icon={<LogOut size={16} />} onClick={() => setAsking('leave')}>
        {t('leave')}
      </Button>
      {manages && channel && !conversation.archived && (
        <Button variant="danger" icon={<Archive size={16} />} onClick={() => setAsking('archive')}>
          {t('archive')}
        </Button>
      )}
      {manages && conversation.archived && (
        <Button icon={<ArchiveRestore size={16} />} busy={act.busy} onClick={() => void act.run('unarchive')}>
          {t('unarchive')}
        </Button>
      )}
      {!asking && <ProblemBanner problem={act.problem} />}
      {asking && (
        <Modal
          title={t(`${asking}Title`, { name: conversation.title })}
          size="s"
          onClose={() => setAsking(null)}
          onSubmit={() => void act.run(asking)}
          footer={
            <>
              <Button onClick={() => setAsking(null)}>{t('cancel')}</Button>
              <Button variant="danger" type="submit" busy={act.busy}>
                {t(asking)}
              </Button>
            </>
          }
        >
          {t(
            asking === 'leave'
              ? conversation.kind === 'channel'
                ? 'leaveDetail'
                : 'leavePrivateDetail'
              : 'archiveDetail',
          )}
          <ProblemBanner problem={act.problem} />
        </Modal>
      )}
    </div>
  )
}
