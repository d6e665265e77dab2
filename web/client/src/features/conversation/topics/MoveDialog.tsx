import { topicsOf, type Message } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, Modal, toast } from '@weft/ui'
import { useTranslation } from 'react-i18next'

import { useAction } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import { TopicField, type Wanted } from './TopicField'
import css from './topics.module.css'
import './words'

/** Moves messages of one conversation to a topic, with their replies. */
export function MoveDialog({ messages, onClose }: { messages: readonly Message[]; onClose: () => void }) {
  const { t } = useTranslation('topics')
  const weft = useWeft()
  const first = messages[0]
  const move = useAction(async (topic: Wanted | null) => {
    if (!first) return
    const ids = messages.map((message) => message.id)
    await topicsOf(weft).move(first.conversation, ids, topic && (topic.id ?? topic.name))
    toast({ text: topic ? t('moved', { name: topic.name }) : t('movedOut') })
    onClose()
  })
  if (!first) return null
  const about = messages.some((message) => message.topic)
  return (
    <Modal
      title={t('moveTitle')}
      size="s"
      onClose={onClose}
      footer={
        <>
          {about && (
            <Button busy={move.busy} onClick={() => void move.run(null)}>
              {t('remove')}
            </Button>
          )}
          <Button onClick={onClose}>{t('cancel')}</Button>
        </>
      }
    >
      <p className={css.note}>{t('moveNote')}</p>
      <TopicField
        conversation={first.conversation}
        onPick={(topic) => void move.run(topic)}
        {...(first.topic && { except: first.topic.id })}
      />
      <ProblemBanner problem={move.problem} />
    </Modal>
  )
}
