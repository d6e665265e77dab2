import { topicsOf, type TopicItem } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, IconButton, Menu, Modal, TextField, toast } from '@weft/ui'
import { CircleCheck, CircleDot, Ellipsis, Merge, Pencil } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useAction } from '../../../shared/hooks'
import { ProblemBanner, toastProblem } from '../../../shared/problem'
import { TOPIC_MAX, TopicField, type Wanted } from './TopicField'
import css from './topics.module.css'
import './words'

const icon = { size: 16, 'aria-hidden': true } as const

/** What who began a topic, or manages the conversation, can do with it. */
export function TopicMenu({ topic, onMerged }: { topic: TopicItem; onMerged: (into: string) => void }) {
  const { t } = useTranslation('topics')
  const weft = useWeft()
  const [asking, setAsking] = useState<'rename' | 'merge' | null>(null)
  const topics = topicsOf(weft)
  const resolve = () =>
    topics.change(topic.id, { resolved: !topic.resolved }).then(() => undefined, toastProblem)
  const items = [
    { label: t('rename'), icon: <Pencil {...icon} />, onSelect: () => setAsking('rename') },
    {
      label: t(topic.resolved ? 'reopen' : 'resolve'),
      icon: topic.resolved ? <CircleDot {...icon} /> : <CircleCheck {...icon} />,
      onSelect: () => void resolve(),
    },
    { label: t('merge'), icon: <Merge {...icon} />, onSelect: () => setAsking('merge') },
  ]
  return (
    <>
      <Menu label={t('menu')} items={items} align="end">
        <IconButton size="s" label={t('menu')} icon={<Ellipsis size={16} />} />
      </Menu>
      {asking === 'rename' && <Rename topic={topic} onClose={() => setAsking(null)} />}
      {asking === 'merge' && (
        <MergeDialog topic={topic} onClose={() => setAsking(null)} onMerged={onMerged} />
      )}
    </>
  )
}

function Rename({ topic, onClose }: { topic: TopicItem; onClose: () => void }) {
  const { t } = useTranslation('topics')
  const weft = useWeft()
  const [name, setName] = useState(topic.name)
  const rename = useAction(async () => {
    if (name.trim() !== topic.name) await topicsOf(weft).change(topic.id, { name })
    onClose()
  })
  return (
    <Modal
      title={t('renameTitle')}
      size="s"
      onClose={onClose}
      onSubmit={() => void rename.run()}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" busy={rename.busy} disabled={!name.trim()}>
            {t('save')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('name')}
        value={name}
        maxLength={TOPIC_MAX}
        data-autofocus
        onChange={(event) => setName(event.target.value)}
      />
      <ProblemBanner problem={rename.problem} />
    </Modal>
  )
}

function MergeDialog(props: { topic: TopicItem; onClose: () => void; onMerged: (into: string) => void }) {
  const { topic, onClose, onMerged } = props
  const { t } = useTranslation('topics')
  const weft = useWeft()
  const [into, setInto] = useState<Wanted | null>(null)
  const merge = useAction(async () => {
    if (!into?.id) return
    await topicsOf(weft).merge(topic.id, into.id)
    toast({ text: t('merged', { name: into.name }) })
    onClose()
    onMerged(into.id)
  })
  return (
    <Modal
      title={t('mergeTitle', { name: topic.name })}
      size="s"
      onClose={onClose}
      onSubmit={() => void merge.run()}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button variant="primary" type="submit" busy={merge.busy} disabled={!into}>
            {t('mergeDo')}
          </Button>
        </>
      }
    >
      <p className={css.note}>{t('mergeNote', { name: topic.name })}</p>
      {into ? (
        <p className={css.chosen}>{into.name}</p>
      ) : (
        <TopicField conversation={topic.conversation} existing except={topic.id} onPick={setInto} />
      )}
      <ProblemBanner problem={merge.problem} />
    </Modal>
  )
}
