import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Hash } from 'lucide-react'
import { Avatar, Button, Choice, SkeletonRows, Switch, TextField, toast } from '@weft/ui'
import type { Conversation, PushPolicy, ReceiptsPolicy } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useAction, useLoaded, useSettled } from '../../shared/hooks'
import { fieldError, ProblemBanner, toastProblem } from '../../shared/problem'
import { Group } from '../../shared/SectionPages'
import s from '../../shared/sections.module.css'
import { DEFAULT_MAIL, OrgMail } from './OrgMail'

/** The org's name, and the channels everybody starts in. */
export function OrgSection() {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const { org } = useObservable(weft.meView)
  return (
    <>
      <Group title={t('org.name')} note={t('org.nameNote')}>
        <OrgName key={org.name} name={org.name} id={org.id} />
      </Group>
      <Group title={t('org.defaults')} note={t('org.defaultsNote')}>
        <DefaultChannels />
      </Group>
      <Group title={t('org.receipts')} note={t('org.receiptsNote')}>
        <ReadReceipts policy={org.receipts ?? DEFAULT_RECEIPTS} />
      </Group>
      <Group title={t('org.push')} note={t('org.pushNote')}>
        <PushContent content={org.push?.content ?? 'full'} />
      </Group>
      <Group title={t('org.vanishing')} note={t('org.vanishingNote')}>
        <Vanishing allowed={org.vanishing?.allowed !== false} />
      </Group>
      <Group title={t('org.mail')} note={t('org.mailNote')}>
        <OrgMail policy={org.mail ?? DEFAULT_MAIL} />
      </Group>
    </>
  )
}

/** Whether messages between two people may vanish. */
function Vanishing({ allowed: current }: { allowed: boolean }) {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const save = useAction(async (allowed: boolean) => {
    await weft.api.org.update({ vanishing: { allowed } })
    toast({ text: t('common:saved') })
  })
  return (
    <div className={s.form}>
      <Switch
        label={t('org.vanishingAllowed')}
        hint={t('org.vanishingHint')}
        checked={current}
        onChange={(next) => void save.run(next)}
      />
      <ProblemBanner problem={save.problem} />
    </div>
  )
}

/** The most that notifications say of a message. */
function PushContent({ content }: { content: PushPolicy['content'] }) {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const save = useAction(async (next: PushPolicy['content']) => {
    await weft.api.org.update({ push: { content: next } })
    toast({ text: t('common:saved') })
  })
  return (
    <div className={s.form}>
      <Choice
        label={t('org.pushContent')}
        value={content}
        options={[
          { value: 'full', label: t('org.pushFull') },
          { value: 'sender', label: t('org.pushSender') },
          { value: 'nothing', label: t('org.pushNothing') },
        ]}
        onChange={(next) => void save.run(next)}
      />
      <ProblemBanner problem={save.problem} />
    </div>
  )
}

function OrgName({ name: current, id }: { name: string; id: string }) {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const [name, setName] = useState(current)
  const save = useAction(async () => {
    await weft.api.org.update({ name: name.trim() })
    toast({ text: t('common:saved') })
  })
  return (
    <form
      className={s.form}
      onSubmit={(event) => {
        event.preventDefault()
        void save.run()
      }}
    >
      <div className={`${s.row} ${s.end}`}>
        <Avatar id={id} name={name || current} shape="org" size={48} />
        <div className={s.grow}>
          <TextField
            label={t('org.name')}
            maxLength={80}
            required
            value={name}
            error={fieldError(t, save.problem, 'name')}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <Button
          type="submit"
          variant="primary"
          busy={save.busy}
          disabled={!name.trim() || name.trim() === current}
        >
          {t('common:save')}
        </Button>
      </div>
      {!save.problem?.field && <ProblemBanner problem={save.problem} />}
    </form>
  )
}

/** What holds while the org has decided nothing. */
const DEFAULT_RECEIPTS: ReceiptsPolicy = { mode: 'on', list_limit: 200 }
const LIST_LIMIT_MAX = 10_000

/** What people learn about who has read what they wrote; in force at once. */
function ReadReceipts({ policy }: { policy: ReceiptsPolicy }) {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const [limit, setLimit] = useState(String(policy.list_limit))
  const save = useAction(async (receipts: ReceiptsPolicy) => {
    await weft.api.org.update({ receipts })
    toast({ text: t('common:saved') })
  })
  const number = Number(limit)
  const fits = limit.trim() !== '' && Number.isInteger(number) && number >= 0 && number <= LIST_LIMIT_MAX
  return (
    <form
      className={s.form}
      onSubmit={(event) => {
        event.preventDefault()
        if (fits) void save.run({ ...policy, list_limit: number })
      }}
    >
      <Choice
        label={t('org.receiptsMode')}
        value={policy.mode}
        options={[
          { value: 'on', label: t('org.receiptsOn') },
          { value: 'count_only', label: t('org.receiptsCount') },
          { value: 'off', label: t('org.receiptsOff') },
        ]}
        onChange={(mode) => void save.run({ ...policy, mode })}
      />
      {policy.mode === 'on' && (
        <div className={`${s.row} ${s.end}`}>
          <div className={s.grow}>
            <TextField
              type="number"
              label={t('org.receiptsLimit')}
              hint={t('org.receiptsLimitNote')}
              min={0}
              max={LIST_LIMIT_MAX}
              step={1}
              required
              value={limit}
              onChange={(event) => setLimit(event.target.value)}
            />
          </div>
          <Button type="submit" busy={save.busy} disabled={!fits || number === policy.list_limit}>
            {t('common:save')}
          </Button>
        </div>
      )}
      <ProblemBanner problem={save.problem} />
    </form>
  )
}

const SHOWN = 30

function DefaultChannels() {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const [query, setQuery] = useState('')
  const settled = useSettled(query.trim())
  const loaded = useLoaded(
    () => weft.api.conversations.browse({ limit: 200, ...(settled && { q: settled }) }),
    [weft, settled],
  )
  const change = async (channel: Conversation, on: boolean) => {
    const show = (value: boolean) =>
      loaded.patch((page) => ({
        ...page,
        items: page.items.map((each) => (each.id === channel.id ? { ...each, default: value } : each)),
      }))
    show(on)
    try {
      await weft.api.conversations.update(channel.id, { default: on })
    } catch (error) {
      show(!on)
      toastProblem(error)
    }
  }
  const open = loaded.data?.items.filter((channel) => !channel.archived) ?? []
  // The defaults first, so that they are in sight however many channels there are.
  const sorted = [...open].sort((a, b) => Number(b.default) - Number(a.default))
  return (
    <>
      <TextField
        quiet
        type="search"
        label={t('org.findChannel')}
        placeholder={t('org.findChannel')}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
      />
      <ProblemBanner problem={loaded.problem} retry={loaded.reload} />
      {!loaded.data && !loaded.problem && <SkeletonRows rows={3} face={false} />}
      {loaded.data && !sorted.length && <div className={s.quiet}>{t('org.noChannels')}</div>}
      {sorted.length > 0 && (
        <ul className={s.items}>
          {sorted.slice(0, SHOWN).map((channel) => (
            <li key={channel.id}>
              <Hash size={16} aria-hidden color="var(--text-muted)" />
              <div className={s.what}>
                <Switch
                  label={channel.name}
                  checked={channel.default}
                  onChange={(on) => void change(channel, on)}
                />
              </div>
            </li>
          ))}
        </ul>
      )}
      {sorted.length > SHOWN && (
        <div className={s.quiet}>{t('org.moreChannels', { count: sorted.length - SHOWN })}</div>
      )}
    </>
  )
}
