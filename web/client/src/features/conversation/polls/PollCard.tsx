import type { Message, Poll, PollChoice, PollPart } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, cx, IconButton, MenuList, Modal, TextField } from '@weft/ui'
import { ChartBarDecreasing, Check, Download, Ellipsis, Lock, Plus, Undo2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { formatDeadline } from '../../../shared/acks/deadline'
import { usePerson } from '../../../shared/hooks'
import { PersonAvatar } from '../../../shared/PersonAvatar'
import { useList } from '../context'
import css from './poll.module.css'
import { PollVoters } from './PollVoters'
import { useVotes } from './useVotes'
import { votesOf } from './votes'
import './words'

const MOST_OPTIONS = 20

/** A poll in the conversation: what is asked, how people voted, and the reader's own vote. */
export default function PollCard({ part, message }: { part: PollPart; message: Message }) {
  const { t } = useTranslation('polls')
  const { conversation } = useList()
  const votes = useVotes(part, message)
  const { poll, mine } = votes
  const over = usePast(part.deadline)
  const closed = poll.closed_at !== null || over
  const open = !closed && conversation.me !== null && !conversation.archived && message.seq > 0
  const [who, setWho] = useState<{ anchor: Element; option: number } | null>(null)
  const many = part.choices > 1
  const shown = poll.options.every((option) => option.votes !== null)
  const named = shown && !part.anonymous
  const choose = (id: number) => {
    const chosen = mine.includes(id)
    if (!many) return votes.vote(chosen ? [] : [id])
    return votes.vote(chosen ? mine.filter((other) => other !== id) : [...mine, id])
  }
  return (
    <div role="group" aria-label={t('poll')} className={css.card} data-poll={message.id}>
      <div className={css.head}>
        <ChartBarDecreasing size={18} aria-hidden />
        <strong>{part.question}</strong>
        <More part={part} message={message} votes={votes} open={open} shown={shown} />
      </div>
      <Terms part={part} poll={poll} closed={closed} />
      <div
        role="group"
        aria-label={part.question}
        className={css.options}
        data-busy={votes.busy || undefined}
      >
        {poll.options.map((option) => (
          <Option
            key={option.id}
            option={option}
            poll={poll}
            many={many}
            chosen={mine.includes(option.id)}
            open={open && (!many || mine.includes(option.id) || mine.length < part.choices)}
            best={closed && option.votes !== null && option.votes > 0 && option.votes === top(poll)}
            onChoose={() => void choose(option.id)}
            {...(named && { onWho: (anchor: Element) => setWho({ anchor, option: option.id }) })}
          />
        ))}
      </div>
      {open && part.may_add && poll.options.length < MOST_OPTIONS && <AddOption onAdd={votes.add} />}
      <footer className={css.foot}>
        {named && poll.voters > 0 ? (
          <button
            type="button"
            className={css.voters}
            aria-haspopup="dialog"
            onClick={(e) => setWho({ anchor: e.currentTarget, option: poll.options[0]?.id ?? 0 })}
          >
            {t('voters', { count: poll.voters })}
          </button>
        ) : (
          <span>{poll.voters ? t('voters', { count: poll.voters }) : t('nobody')}</span>
        )}
        {closed && part.anonymous && poll.closed_at !== null && <small>{t('forgotten')}</small>}
      </footer>
      {who && (
        <PollVoters
          anchor={who.anchor}
          option={who.option}
          message={message.id}
          poll={poll}
          onClose={() => setWho(null)}
        />
      )}
    </div>
  )
}

function top(poll: Poll): number {
  return Math.max(...poll.options.map((option) => option.votes ?? 0))
}

/** Whether a time has come; true from that moment on. */
function usePast(at: number | null): boolean {
  const [now, setNow] = useState(() => Date.now() * 1000)
  useEffect(() => {
    const left = at === null ? -1 : at / 1000 - Date.now()
    // Longer than a timer can wait is longer than anybody keeps a page.
    if (left < 0 || left > 2 ** 31 - 1) return
    const timer = setTimeout(() => setNow(Date.now() * 1000), left + 50)
    return () => clearTimeout(timer)
  }, [at])
  return at !== null && at <= now
}

/** How the poll works, in one line. */
function Terms({ part, poll, closed }: { part: PollPart; poll: Poll; closed: boolean }) {
  const { t } = useTranslation('polls')
  const { style } = useList()
  const closer = usePerson(poll.closed_by ?? '')
  const free = part.choices >= poll.options.length
  const words = [
    part.choices === 1 ? t('chooseOne') : free ? t('chooseMany') : t('chooseMost', { count: part.choices }),
    part.anonymous && t('anonymous'),
    !closed && part.results === 'voted' && t('afterVoting'),
    !closed && part.results === 'closed' && t('afterClosing'),
    !closed &&
      part.deadline !== null &&
      t('until', { time: formatDeadline(part.deadline, Date.now() * 1000, style) }),
    closed && (closer ? t('closedBy', { name: closer.name }) : t('isClosed')),
  ]
  return <p className={css.terms}>{words.filter(Boolean).join(' · ')}</p>
}

interface OptionProps {
  option: PollChoice
  poll: Poll
  many: boolean
  chosen: boolean
  open: boolean
  best: boolean
  onChoose: () => void
  onWho?: (anchor: Element) => void
}

function Option({ option, poll, many, chosen, open, best, onChoose, onWho }: OptionProps) {
  const { t } = useTranslation('polls')
  const adder = usePerson(option.added_by ?? '')
  const { votes } = option
  const percent = votes === null || poll.voters === 0 ? 0 : Math.round((votes / poll.voters) * 100)
  const label = votes === null ? option.text : t('votes', { text: option.text, count: votes, percent })
  return (
    <div className={cx(css.option, chosen && css.chosen, best && css.best)}>
      {votes !== null && <span className={css.bar} style={{ inlineSize: `${percent}%` }} aria-hidden />}
      <button
        type="button"
        className={css.choose}
        aria-pressed={chosen}
        aria-label={label}
        aria-disabled={!open}
        onClick={() => open && onChoose()}
      >
        <span className={cx(css.mark, many && css.square)} aria-hidden>
          {chosen && <Check size={12} strokeWidth={3} />}
        </span>
        <span className={css.text} title={adder ? t('addedBy', { name: adder.name }) : undefined}>
          {option.text}
        </span>
        {votes !== null && (
          <span className={css.count} aria-hidden>
            <b>{votes}</b> {percent}%
          </span>
        )}
      </button>
      {onWho && option.faces.length > 0 && (
        <button
          type="button"
          className={css.faces}
          aria-haspopup="dialog"
          aria-label={`${t('who')}: ${option.text}`}
          onClick={(e) => onWho(e.currentTarget)}
        >
          {option.faces.slice(0, 3).map((id) => (
            <PersonAvatar key={id} id={id} size={20} />
          ))}
        </button>
      )}
    </div>
  )
}

function AddOption({ onAdd }: { onAdd: (text: string) => Promise<boolean> }) {
  const { t } = useTranslation('polls')
  const [text, setText] = useState<string | null>(null)
  if (text === null) {
    return (
      <Button size="s" variant="ghost" icon={<Plus size={16} aria-hidden />} onClick={() => setText('')}>
        {t('addOption')}
      </Button>
    )
  }
  return (
    <form
      className={css.add}
      onSubmit={(e) => {
        e.preventDefault()
        if (text.trim()) void onAdd(text).then((done) => done && setText(null))
      }}
    >
      <TextField
        label={t('newOption')}
        quiet
        autoFocus
        value={text}
        maxLength={120}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => e.key === 'Escape' && setText(null)}
      />
      <Button size="s" variant="primary" type="submit" disabled={!text.trim()}>
        {t('add')}
      </Button>
      <Button size="s" onClick={() => setText(null)}>
        {t('cancel')}
      </Button>
    </form>
  )
}

interface MoreProps {
  part: PollPart
  message: Message
  votes: ReturnType<typeof useVotes>
  open: boolean
  shown: boolean
}

/** What else can be done: withdrawing, exporting, closing. */
function More({ message, votes, open, shown }: MoreProps) {
  const { t } = useTranslation('polls')
  const weft = useWeft()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const [closing, setClosing] = useState(false)
  const items = [
    open &&
      votes.mine.length > 0 && {
        label: t('withdraw'),
        icon: <Undo2 size={16} />,
        onSelect: () => void votes.vote([]),
      },
    votes.mayClose &&
      shown && {
        label: t('export'),
        icon: <Download size={16} />,
        onSelect: () => void download(weft.api.http.headers(), votesOf(weft).exportUrl(message.id)),
      },
    votes.mayClose &&
      votes.poll.closed_at === null && {
        label: t('close'),
        icon: <Lock size={16} />,
        onSelect: () => setClosing(true),
      },
  ].filter((item) => item !== false)
  if (!items.length) return null
  return (
    <>
      <IconButton
        size="s"
        label={t('more')}
        icon={<Ellipsis size={16} />}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(e) => setAnchor(e.currentTarget)}
      />
      {anchor && (
        <MenuList
          anchor={anchor}
          label={t('more')}
          align="end"
          items={items}
          onClose={() => setAnchor(null)}
        />
      )}
      {closing && (
        <Modal
          title={t('closeTitle')}
          size="s"
          onClose={() => setClosing(false)}
          onSubmit={() => void votes.close().then((done) => done && setClosing(false))}
          footer={
            <>
              <Button onClick={() => setClosing(false)}>{t('cancel')}</Button>
              <Button variant="primary" type="submit" busy={votes.busy} data-autofocus>
                {t('close')}
              </Button>
            </>
          }
        >
          {t('closeNote')}
        </Modal>
      )}
    </>
  )
}

/** Saves what an address gives; a link could not say which org is meant. */
async function download(headers: Record<string, string>, url: string): Promise<void> {
  const answer = await fetch(url, { headers, credentials: 'same-origin' })
  if (!answer.ok) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await answer.blob())
  link.download = 'poll.csv'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
