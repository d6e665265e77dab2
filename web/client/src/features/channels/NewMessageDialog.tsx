import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Modal, TextField } from '@weft/ui'
import { useWeft } from '@weft/sdk/react'
import { useAction } from '../../shared/hooks'
import { PersonPicker } from '../../shared/PersonPicker'
import { ProblemBanner } from '../../shared/problem'

const GROUP_MAX = 50

/** Opens the conversation with one person, or makes a group of several. */
export function NewMessageDialog(props: {
  people?: string[]
  onClose: () => void
  onOpen: (id: string) => void
}) {
  const { t } = useTranslation('channels')
  const weft = useWeft()
  const [people, setPeople] = useState<string[]>(props.people ?? [])
  const [name, setName] = useState('')
  const open = useAction(async () => {
    const group = people.length > 1
    const label = name.trim()
    const made = await weft.api.conversations.create({
      kind: group ? 'group' : 'direct',
      members: people,
      ...(group && label && { name: label }),
    })
    props.onOpen(made.id)
  })
  return (
    <Modal
      title={t('message.title')}
      onClose={props.onClose}
      onSubmit={() => people.length > 0 && void open.run()}
      footer={
        <>
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button type="submit" variant="primary" busy={open.busy} disabled={!people.length}>
            {people.length > 1 ? t('message.group') : t('message.open')}
          </Button>
        </>
      }
    >
      <PersonPicker
        label={t('message.to')}
        placeholder={t('find')}
        empty={t('nobody')}
        value={people}
        max={GROUP_MAX}
        onChange={setPeople}
      />
      {people.length > 1 && (
        <TextField
          label={t('message.name')}
          hint={t('message.nameHint')}
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      )}
      <ProblemBanner problem={open.problem} />
    </Modal>
  )
}
