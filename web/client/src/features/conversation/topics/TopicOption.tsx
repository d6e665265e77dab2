import { Floating, IconButton } from '@weft/ui'
import { Tag, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import { TopicField, type Wanted } from './TopicField'
import css from './topics.module.css'
import './words'

interface Props {
  conversation: string
  topic: Wanted | null
  onChange: (topic: Wanted | null) => void
}

/** The button that gives the message being written a topic. */
export function TopicOption({ conversation, topic, onChange }: Props) {
  const { t } = useTranslation('topics')
  const [anchor, setAnchor] = useState<Element | null>(null)
  return (
    <>
      <IconButton
        size="s"
        side="top"
        label={t(topic ? 'change' : 'choose')}
        icon={<Tag size={18} />}
        active={topic !== null}
        aria-pressed={topic !== null}
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(anchor ? null : event.currentTarget)}
      />
      {anchor && (
        <Floating
          anchor={anchor}
          side="top"
          align="end"
          className={css.popover}
          role="dialog"
          label={t('choose')}
          onClose={() => setAnchor(null)}
        >
          <TopicField
            conversation={conversation}
            onPick={(next) => {
              setAnchor(null)
              onChange(next)
            }}
          />
        </Floating>
      )}
    </>
  )
}

/** Above the text: what the message will be about. Without `onEnd` it is so. */
export function TopicChip({ topic, onEnd }: { topic: Wanted; onEnd?: (() => void) | undefined }) {
  const { t } = useTranslation('topics')
  return (
    <div className={css.chip} role="status">
      <Tag size={13} aria-hidden />
      <span>{topic.name}</span>
      {onEnd && <IconButton size="s" label={t('remove')} icon={<X size={14} />} onClick={onEnd} />}
    </div>
  )
}
