import { emojiOf, Problem } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, cx, IconButton, TextField, toast } from '@weft/ui'
import { SmilePlus, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { suggestedName } from '../../../shared/emoji/find'
import { problemText } from '../../../shared/problem'
import css from './emojiSection.module.css'

const TYPES = 'image/png,image/jpeg,image/gif,image/webp'
/** Chosen at once. */
const MOST = 100

interface Chosen {
  key: number
  file: File
  url: string
  name: string
  problem: Problem | null
}

let keys = 0

/** Takes several pictures at once; each is named by its file until somebody says otherwise. */
export function AddEmoji() {
  const { t } = useTranslation('emoji')
  const book = emojiOf(useWeft())
  const { named } = useObservable(book.set)
  const input = useRef<HTMLInputElement>(null)
  const [chosen, setChosen] = useState<readonly Chosen[]>([])
  const [busy, setBusy] = useState(false)
  const [over, setOver] = useState(false)
  const held = useRef(chosen)
  useEffect(() => void (held.current = chosen), [chosen])
  useEffect(() => () => held.current.forEach(({ url }) => URL.revokeObjectURL(url)), [])

  const choose = (files: Iterable<File>) => {
    const fresh = [...files].slice(0, MOST - chosen.length).map((file) => ({
      key: keys++,
      file,
      url: URL.createObjectURL(file),
      name: suggestedName(file.name),
      problem: null,
    }))
    setChosen((now) => [...now, ...fresh])
  }
  const patch = (key: number, change: Partial<Chosen>) =>
    setChosen((now) => now.map((each) => (each.key === key ? { ...each, ...change } : each)))
  const drop = ({ key, url }: Chosen) => {
    URL.revokeObjectURL(url)
    setChosen((now) => now.filter((each) => each.key !== key))
  }
  const add = async () => {
    setBusy(true)
    let added = 0
    for (const each of chosen) {
      try {
        await book.add(each.name, each.file)
        added++
        drop(each)
      } catch (error) {
        patch(each.key, { problem: Problem.of(error) })
      }
    }
    setBusy(false)
    if (added > 0) toast({ text: t('added', { count: added }) })
  }
  return (
    <>
      <div
        className={cx(css.drop, over && css.over)}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          choose(event.dataTransfer.files)
        }}
      >
        <SmilePlus size={24} aria-hidden />
        <p>{t('drop')}</p>
        <Button onClick={() => input.current?.click()}>{t('choose')}</Button>
        <input
          ref={input}
          type="file"
          multiple
          accept={TYPES}
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t('choose')}
          onChange={(event) => {
            choose(event.target.files ?? [])
            event.target.value = ''
          }}
        />
      </div>
      {chosen.length > 0 && (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            void add()
          }}
        >
          <ul className={css.chosen}>
            {chosen.map((each) => (
              <li key={each.key}>
                <img src={each.url} alt="" />
                <TextField
                  label={t('nameOf', { file: each.file.name })}
                  value={each.name}
                  maxLength={40}
                  required
                  disabled={busy}
                  error={
                    each.problem
                      ? each.problem.field === 'name' && each.problem.code === 'invalid'
                        ? t('nameHint')
                        : problemText(t, each.problem)
                      : named.has(each.name.trim().toLowerCase())
                        ? t('common:problem.emoji_exists')
                        : undefined
                  }
                  onChange={(event) => patch(each.key, { name: event.target.value, problem: null })}
                />
                <IconButton
                  label={t('leaveOut', { file: each.file.name })}
                  icon={<X size={16} />}
                  disabled={busy}
                  onClick={() => drop(each)}
                />
              </li>
            ))}
          </ul>
          <Button type="submit" variant="primary" busy={busy}>
            {t('addCount', { count: chosen.length })}
          </Button>
        </form>
      )}
    </>
  )
}
