import type { Message } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, IconButton, Kbd, SkeletonRows, Tag } from '@weft/ui'
import { BellOff, Check, ChevronLeft, ExternalLink, Undo2 } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { formatWhen } from '../../lib/time'
import { useLoaded, usePerson, usePhone } from '../../shared/hooks'
import { quotableText } from '../../shared/messageText'
import { PersonAvatar } from '../../shared/PersonAvatar'
import { ProblemBanner } from '../../shared/problem'
import { QuotedText } from '../../shared/QuotedText'
import { useTimeStyle } from '../../shared/timeStyle'
import css from './catchup.module.css'
import type { Entry } from './model'
import { firstUnread, lastReply, type Queue } from './useQueue'

/** Messages that a card shows, the newest. */
const SHOWN = 50
/** How far a finger moves a card before it acts, in pixels. */
const SWIPE = 90

/** What is unread of one conversation or thread, and what to do with it. */
export function Card({ entry, queue, left }: { entry: Entry; queue: Queue; left: number }) {
  const { t } = useTranslation('attention')
  const weft = useWeft()
  const phone = usePhone()
  const view = useObservable(useMemo(() => weft.conversation(entry.conversation), [weft, entry.conversation]))
  const messages = useLoaded(() => unreadOf(weft, entry), [weft, entry])
  const swipe = useSwipe(queue)
  const shown = messages.data ?? []
  const earlier = Math.max(0, entry.unread - shown.length)
  const gone = shown.length < SHOWN
  return (
    <div className={css.column}>
      <p className={css.left} aria-live="polite">
        {t('catchup.left', { count: left })}
      </p>
      <article className={css.card} aria-label={view?.title} {...swipe}>
        <header className={css.head}>
          <h2>{view?.title ?? '\u00a0'}</h2>
          <Tag tone={entry.reason === 'mentions' ? 'accent' : 'neutral'}>
            {t(`catchup.why.${entry.reason}`)}
          </Tag>
          <span>{t('catchup.new', { count: entry.unread })}</span>
        </header>
        {entry.thread && <Line message={entry.thread.message} quiet />}
        {messages.problem && <ProblemBanner problem={messages.problem} retry={messages.reload} />}
        {!messages.data && !messages.problem && <SkeletonRows rows={3} />}
        {!gone && earlier > 0 && <p className={css.left}>{t('catchup.earlier', { count: earlier })}</p>}
        <div
          className={css.messages}
          tabIndex={0}
          role="region"
          aria-label={t('catchup.new', { count: entry.unread })}
        >
          {shown.map((message, at) => (
            <Line key={message.id} message={message} head={shown[at - 1]?.from !== message.from} />
          ))}
        </div>
      </article>
      <div className={css.acts}>
        <IconButton
          label={t('catchup.back')}
          keys="K"
          icon={<ChevronLeft size={18} />}
          disabled={queue.at === 0}
          onClick={queue.back}
        />
        <Button variant="primary" icon={<Check size={16} aria-hidden />} onClick={queue.read}>
          {t('catchup.done')} {!phone && <Kbd keys="E" />}
        </Button>
        <Button onClick={queue.keep}>
          {t('catchup.keep')} {!phone && <Kbd keys="U" />}
        </Button>
        <span className={css.grow} />
        <IconButton
          label={t('catchup.open')}
          keys="O"
          icon={<ExternalLink size={18} />}
          onClick={queue.open}
        />
        <IconButton label={t('catchup.mute')} keys="M" icon={<BellOff size={18} />} onClick={queue.mute} />
        <IconButton
          label={t('common:undo')}
          keys="Z"
          icon={<Undo2 size={18} />}
          disabled={queue.at === 0}
          onClick={queue.undo}
        />
      </div>
      <p className={css.left}>{t(phone ? 'catchup.swipe' : 'catchup.hint')}</p>
    </div>
  )
}

async function unreadOf(weft: ReturnType<typeof useWeft>, entry: Entry): Promise<Message[]> {
  const query = { limit: SHOWN, ...(entry.thread ? { thread: entry.thread.root } : {}) }
  const { items } = await weft.api.messages.page(entry.conversation, query)
  const unread = items.filter((message) => message.n !== null && message.n > entry.readN)
  const [first, last] = [unread[0], unread.at(-1)]
  if (first) firstUnread.set(entry.key, first.seq)
  if (last) lastReply.set(entry.key, last.seq)
  return unread.filter((message) => message.state === 'live' && message.from !== weft.me)
}

function Line({ message, head = true, quiet }: { message: Message; head?: boolean; quiet?: boolean }) {
  const weft = useWeft()
  const style = useTimeStyle()
  const author = usePerson(message.from)
  const calls = message.mention_all !== null || message.mentions.includes(weft.me)
  return (
    <div className={css.line} data-quiet={quiet || undefined} data-calls={calls || undefined}>
      <span className={css.face}>{head && <PersonAvatar id={message.from} size={24} />}</span>
      <div>
        {head && (
          <p className={css.by}>
            <b>{author?.name ?? '\u00a0'}</b>
            <time>{formatWhen(message.at, Date.now() * 1000, style)}</time>
          </p>
        )}
        <QuotedText text={quotableText(message)} />
      </div>
    </div>
  )
}

/** Follows a finger sideways: to the right reads, to the left keeps. */
function useSwipe(queue: Queue) {
  const from = useRef<{ x: number; y: number } | null>(null)
  const [dx, setDx] = useState(0)
  const end = () => {
    from.current = null
    setDx(0)
  }
  return {
    style: dx
      ? { transform: `translateX(${dx}px)`, opacity: 1 - Math.min(0.5, Math.abs(dx) / 400) }
      : undefined,
    onTouchStart: (event: React.TouchEvent) => {
      const touch = event.touches[0]
      if (touch && event.touches.length === 1) from.current = { x: touch.clientX, y: touch.clientY }
    },
    onTouchMove: (event: React.TouchEvent) => {
      const touch = event.touches[0]
      if (!touch || !from.current) return
      const [x, y] = [touch.clientX - from.current.x, touch.clientY - from.current.y]
      // A finger that goes up or down scrolls.
      if (dx === 0 && Math.abs(y) > Math.abs(x)) return end()
      setDx(x)
    },
    onTouchEnd: () => {
      if (dx > SWIPE) queue.read()
      else if (dx < -SWIPE) queue.keep()
      end()
    },
    onTouchCancel: end,
  }
}
