import { useObservable, useWeft } from '@weft/sdk/react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

import { joinNames, useNames } from '../../../shared/names'
import css from './composer.module.css'

/** Who is writing just now; the line is always there, so that nothing moves. */
export function Typing({ conversation, thread }: { conversation: string; thread: string | undefined }) {
  const { t, i18n } = useTranslation('conversation')
  const weft = useWeft()
  const ids = useObservable(useMemo(() => weft.typingIn(conversation, thread), [weft, conversation, thread]))
  const others = ids.filter((id) => id !== weft.me)
  const names = useNames(others.slice(0, 3)).filter(Boolean)
  const text =
    others.length > 3
      ? t('typingMany', { count: others.length })
      : names.length > 0
        ? t('typing', { names: joinNames(names, i18n.language), count: names.length })
        : ''
  return (
    <p className={css.typing} aria-live="polite">
      {text}
    </p>
  )
}
