import type { TimelineItem } from '@weft/sdk'
import { memo, Suspense, useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { formatFull } from '../../../lib/time'
import { useList } from '../context'
import { joinNames, useNames } from '../../../shared/names'
import { VanishLine } from '../parts'
import css from './message.module.css'
import { readStory } from './system'

const NAMED = 3

/** What happened to the conversation, in one quiet line; several joiners share one. */
export const SystemLine = memo(function SystemLine({ items }: { items: readonly TimelineItem[] }) {
  const { t, i18n } = useTranslation('conversation')
  const { style, actions } = useList()
  const story = useMemo(() => readStory(items.map((i) => i.message)), [items])
  const shown = story.subjects.length > NAMED + 1 ? story.subjects.slice(0, NAMED - 1) : story.subjects
  const names = useNames([story.actor, ...shown])
  const [actor, ...subjects] = names.map((n) => n || t('someone'))
  const rest = story.subjects.length - shown.length
  const people = rest > 0 ? [...subjects, t('others', { count: rest })] : subjects
  const at = items.at(-1)!.message.at
  return (
    <p className={css.system} title={formatFull(at, style)}>
      {story.code === 'vanish.changed' ? (
        <Suspense fallback={'\u00a0'}>
          <VanishLine actor={actor!} message={items[0]!.message} />
        </Suspense>
      ) : (
        t(`system.${story.code.replace('.', '_')}`, {
          actor,
          people: joinNames(people, i18n.language),
          count: story.subjects.length,
          text: story.text,
          context: story.code === 'history.changed' ? story.text : story.text ? '' : 'empty',
        })
      )}
      {story.code === 'history.imported' && story.place && (
        <button type="button" onClick={() => actions.openConversation(story.place!)}>
          {t('openHistory')}
        </button>
      )}
    </p>
  )
})
