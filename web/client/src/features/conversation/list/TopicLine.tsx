import type { TopicRef } from '@weft/sdk'
import { Tag } from 'lucide-react'
import { useTranslation } from 'react-i18next'

import { useList } from '../context'
import css from './list.module.css'

/** Above messages of one topic: its name, and the way to all of it. */
export function TopicLine({ topic }: { topic: TopicRef | null }) {
  const { t } = useTranslation('conversation')
  const { actions } = useList()
  return (
    <div className={css.topicRow}>
      {topic?.id ? (
        <button type="button" onClick={() => actions.openTopic(topic.id)}>
          <Tag size={12} aria-hidden />
          <span>{topic.name}</span>
        </button>
      ) : (
        <span>{topic?.name ?? t('noTopic')}</span>
      )}
    </div>
  )
}
