import type { Message, TimelineItem } from '@weft/sdk'
import { Suspense } from 'react'
import { useTranslation } from 'react-i18next'

import { formatFull } from '../../../lib/time'
import { usePerson } from '../../../shared/hooks'
import { useList } from '../context'
import { AckBanner, LinkCards, VanishMark } from '../parts'
import { Fold } from './Fold'
import css from './message.module.css'
import { PartView } from './Parts'
import { ReceiptMark, ReceiptScope } from './Receipt'
import { Reactions } from './Reactions'
import { SendState } from './State'
import { ThreadSummary } from './ThreadSummary'

interface Props {
  item: TimelineItem
  /** The row is the one that the keyboard is on. */
  focusable: boolean
}

/** The parts of a message, its state, reactions and thread; a quiet line for one that was taken back. */
export function MessageBody({ item, focusable }: Props) {
  const { unfolded } = useList()
  const { message } = item
  if (message.state !== 'live') {
    return (
      <>
        <Gone message={message} />
        <ThreadSummary message={message} />
      </>
    )
  }
  const last = message.content.parts.length - 1
  return (
    <ReceiptScope item={item}>
      <div className={css.content} data-state={item.state}>
        <Fold id={message.id} remember={unfolded}>
          {message.content.parts.map((part, i) => (
            <PartView
              key={i}
              part={part}
              message={message}
              tail={
                i === last &&
                message.edited_at !== null && <EditedMark message={message} at={message.edited_at} />
              }
            />
          ))}
        </Fold>
        {message.vanish && (
          <Suspense fallback={<span className={css.clock} />}>
            <VanishMark message={message} vanish={message.vanish} />
          </Suspense>
        )}
        <SendState item={item} />
        <ReceiptMark message={message} focusable={focusable} />
      </div>
      {message.ack && (
        <Suspense fallback={null}>
          <AckBanner message={message} ack={message.ack} />
        </Suspense>
      )}
      {message.previews && (
        <Suspense fallback={<div style={{ height: 96 * message.previews.length }} />}>
          <LinkCards message={message} links={message.previews} />
        </Suspense>
      )}
      <Reactions message={message} />
      <ThreadSummary message={message} />
    </ReceiptScope>
  )
}

function EditedMark({ message, at }: { message: Message; at: number }) {
  const { t } = useTranslation('conversation')
  const { style, actions } = useList()
  return (
    <button
      type="button"
      className={css.edited}
      title={formatFull(at, style)}
      onClick={() => actions.history(message)}
    >
      {t('edited')}
    </button>
  )
}

function Gone({ message }: { message: Message }) {
  const { t } = useTranslation('conversation')
  const { me, actions, recalledText } = useList()
  const who = usePerson(message.from)
  const own = message.from === me
  if (message.state !== 'recalled') {
    return <p className={css.gone}>{t(message.state === 'vanished' ? 'vanished' : 'deletedMessage')}</p>
  }
  return (
    <p className={css.gone}>
      {own ? t('youRecalled') : t('recalledBy', { name: who?.name ?? t('someone') })}
      {own && recalledText(message.id) !== undefined && (
        <button type="button" onClick={() => actions.rewrite(message)}>
          {t('editAgain')}
        </button>
      )}
    </p>
  )
}
