import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Hash, Lock, Megaphone } from 'lucide-react'
import { Button, Choice, Modal, Switch, TextArea, TextField } from '@weft/ui'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useAction, useMe } from '../../shared/hooks'
import { PersonPicker } from '../../shared/PersonPicker'
import { fieldError, ProblemBanner } from '../../shared/problem'

type Kind = 'channel' | 'private_channel' | 'announcement'

const ICONS = { channel: Hash, private_channel: Lock, announcement: Megaphone }

/** Makes a channel, public or private, with its first people. */
export function CreateChannelDialog(props: {
  name?: string
  onClose: () => void
  onCreated: (id: string) => void
}) {
  const { t } = useTranslation('channels')
  const weft = useWeft()
  const [name, setName] = useState(props.name ?? '')
  const [purpose, setPurpose] = useState('')
  const [kind, setKind] = useState<Kind>('channel')
  const [members, setMembers] = useState<string[]>([])
  const [publishers, setPublishers] = useState<string[]>([])
  const [everyone, setEveryone] = useState(false)
  const [comments, setComments] = useState(true)
  const me = useMe()
  const { org } = useObservable(weft.meView)
  const admin = me.role === 'owner' || me.role === 'admin'
  const board = kind === 'announcement'
  const Icon = ICONS[kind]
  const create = useAction(async () => {
    const about = purpose.trim()
    const made = await weft.api.conversations.create({
      kind,
      name: name.trim(),
      ...(about && { purpose: about }),
      ...(members.length > 0 && { members }),
      ...(board && { publishers, comments, everyone }),
    })
    props.onCreated(made.id)
  })
  const taken = create.problem?.code === 'name_taken'
  const wrong = taken ? t('common:problem.name_taken') : fieldError(t, create.problem, 'name')
  return (
    <Modal
      title={t('create.title')}
      onClose={props.onClose}
      onSubmit={() => void create.run()}
      footer={
        <>
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button type="submit" variant="primary" busy={create.busy} disabled={!name.trim()}>
            {t('common:create')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('create.name')}
        placeholder={t('create.nameExample')}
        before={<Icon size={15} aria-hidden />}
        maxLength={80}
        value={name}
        error={wrong}
        onChange={(event) => setName(event.target.value)}
      />
      <Choice
        label={t('create.kind')}
        hint={t(`create.hint.${kind}`)}
        value={kind}
        options={[
          { value: 'channel', label: t('create.public'), icon: <Hash size={15} aria-hidden /> },
          { value: 'private_channel', label: t('create.private'), icon: <Lock size={14} aria-hidden /> },
          ...(admin || org.announcements?.create === 'members'
            ? [
                {
                  value: 'announcement' as const,
                  label: t('create.announcement'),
                  icon: <Megaphone size={15} aria-hidden />,
                },
              ]
            : []),
        ]}
        onChange={setKind}
      />
      <TextArea
        label={t('create.purpose')}
        rows={2}
        maxLength={500}
        value={purpose}
        onChange={(event) => setPurpose(event.target.value)}
      />
      {board && (
        <>
          <PersonPicker
            label={t('create.publishers')}
            placeholder={t('find')}
            empty={t('nobody')}
            value={publishers}
            onChange={setPublishers}
            exclude={[weft.me]}
          />
          {admin && (
            <Switch
              label={t('create.everyone')}
              hint={t('create.everyoneHint')}
              checked={everyone}
              onChange={setEveryone}
            />
          )}
          <Switch label={t('create.comments')} checked={comments} onChange={setComments} />
        </>
      )}
      <PersonPicker
        label={t(board ? 'create.readers' : 'create.people')}
        placeholder={t('find')}
        empty={t('nobody')}
        value={members}
        onChange={setMembers}
        exclude={[weft.me]}
      />
      {!wrong && <ProblemBanner problem={create.problem} />}
    </Modal>
  )
}
