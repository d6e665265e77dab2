import { useWeft } from '@weft/sdk/react'
import { Button, Choice, IconButton, Modal, SelectField, TextField } from '@weft/ui'
import { BadgeCheck, Siren, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import '../../../shared/acks/words'
import { useLoaded } from '../../../shared/hooks'
import { PersonPicker } from '../../../shared/PersonPicker'
import { StepsAhead } from '../../../shared/urgent/StepsAhead'
import '../../../shared/urgent/words'
import type { Shown } from '../context'
import css from './ackOption.module.css'
import { limits, TIMES, type AckWish, type Within } from './ackWish'

/** Members that are looked through for the picker. */
const MEMBERS = 500

interface Props {
  conversation: Shown
  wish: AckWish | null
  onChange: (wish: AckWish | null) => void
}

/** The button that asks readers to confirm the message being written, or makes it urgent. */
export function AckOption({ conversation, wish, onChange }: Props) {
  const { t } = useTranslation('acks')
  const [open, setOpen] = useState(false)
  return (
    <>
      <IconButton
        size="s"
        side="top"
        label={t('ask')}
        icon={wish?.urgent ? <Siren size={18} /> : <BadgeCheck size={18} />}
        active={wish !== null}
        aria-pressed={wish !== null}
        onClick={() => setOpen(true)}
      />
      {open && (
        <Dialog
          conversation={conversation}
          wish={wish ?? { who: 'everybody', within: 'never' }}
          asked={wish !== null}
          onClose={() => setOpen(false)}
          onChange={(next) => {
            setOpen(false)
            onChange(next)
          }}
        />
      )}
    </>
  )
}

function Dialog(props: {
  conversation: Shown
  wish: AckWish
  asked: boolean
  onClose: () => void
  onChange: (wish: AckWish | null) => void
}) {
  const { t } = useTranslation('acks')
  const weft = useWeft()
  const [wish, setWish] = useState(props.wish)
  const urgency = useLoaded(() => weft.api.urgent.urgency(), [weft]).data
  const people = wish.people ?? []
  const count = wish.who === 'chosen' ? people.length : props.conversation.member_count - 1
  const many = wish.urgent && urgency && wish.who !== 'mentioned' && count > urgency.people_limit
  const none = wish.urgent && urgency?.left_today === 0
  const fits = !many && !none && (wish.who !== 'chosen' || people.length > 0)
  return (
    <Modal
      title={t('askTitle')}
      onClose={props.onClose}
      onSubmit={() => fits && props.onChange(wish)}
      footer={
        <>
          {props.asked ? (
            <Button onClick={() => props.onChange(null)}>{t('remove')}</Button>
          ) : (
            <Button onClick={props.onClose}>{t('cancel')}</Button>
          )}
          <Button variant="primary" type="submit" disabled={!fits}>
            {t('use')}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        {(urgency?.may_send || wish.urgent) && (
          <Choice
            label={t('urgent:kind')}
            value={wish.urgent ? 'urgent' : 'confirm'}
            options={[
              {
                value: 'confirm',
                label: t('urgent:kindConfirm'),
                icon: <BadgeCheck size={15} aria-hidden />,
              },
              { value: 'urgent', label: t('urgent:kindUrgent'), icon: <Siren size={15} aria-hidden /> },
            ]}
            onChange={(kind) => setWish({ ...wish, urgent: kind === 'urgent' })}
          />
        )}
        <p className={css.note}>{t(wish.urgent ? 'urgent:note' : 'askNote')}</p>
        <Choice
          label={t('from')}
          value={wish.who}
          options={[
            { value: 'everybody', label: t('everybody') },
            { value: 'mentioned', label: t('mentioned') },
            { value: 'chosen', label: t('chosen') },
          ]}
          onChange={(who) => setWish({ ...wish, who })}
        />
        {wish.who === 'chosen' && (
          <Chosen
            conversation={props.conversation}
            value={people}
            onChange={(chosen) => setWish({ ...wish, people: chosen })}
          />
        )}
        <Deadline wish={wish} onChange={setWish} />
        {many && (
          <p className={css.warning} role="alert">
            {t('urgent:tooMany', { count: urgency.people_limit })}
          </p>
        )}
        {none && (
          <p className={css.warning} role="alert">
            {t('urgent:noneLeft')}
          </p>
        )}
        {wish.urgent && urgency && <StepsAhead steps={urgency.steps} />}
      </div>
    </Modal>
  )
}

function Chosen(props: { conversation: Shown; value: readonly string[]; onChange: (ids: string[]) => void }) {
  const { t } = useTranslation('acks')
  const weft = useWeft()
  const { id, member_count } = props.conversation
  const members = useLoaded(
    async () => (await weft.api.conversations.members(id, { limit: MEMBERS })).items.map((each) => each.id),
    [weft, id],
  ).data
  // Of more than are looked through, the server refuses who is not there.
  const only = member_count <= MEMBERS ? (members ?? []) : undefined
  return (
    <PersonPicker
      label={t('people')}
      placeholder={t('findPeople')}
      empty={t('nobody')}
      value={props.value}
      exclude={[weft.me]}
      only={only}
      onChange={props.onChange}
    />
  )
}

export function Deadline({ wish, onChange }: { wish: AckWish; onChange: (wish: AckWish) => void }) {
  const { t } = useTranslation('acks')
  return (
    <>
      <SelectField
        label={t('by')}
        hint={t('byNote')}
        value={wish.within}
        onChange={(event) => onChange({ ...wish, within: event.target.value as Within })}
      >
        {[...Object.keys(TIMES), 'custom'].map((time) => (
          <option key={time} value={time}>
            {t(time)}
          </option>
        ))}
      </SelectField>
      {wish.within === 'custom' && (
        <TextField
          type="datetime-local"
          required
          label={t('until_time')}
          {...limits(new Date())}
          value={wish.until ?? ''}
          onChange={(event) => onChange({ ...wish, until: event.target.value })}
        />
      )}
    </>
  )
}

/** Above the text, while a confirmation is to be asked for. */
export function AckChip({ wish, missing, onEnd }: { wish: AckWish; missing: boolean; onEnd: () => void }) {
  const { t } = useTranslation('acks')
  const asked = {
    everybody: t('asked'),
    mentioned: t('askedSome'),
    chosen: t('askedChosen', { count: wish.people?.length ?? 0 }),
  }[wish.who]
  const until = wish.within === 'custom' ? (wish.until?.replace('T', ' ') ?? '') : t(wish.within)
  return (
    <div className={css.chip} role="status" data-urgent={wish.urgent || undefined}>
      {wish.urgent ? <Siren size={14} aria-hidden /> : <BadgeCheck size={14} aria-hidden />}
      <span>
        {wish.urgent && <strong>{t('urgent:urgent')} · </strong>}
        {asked}
        {wish.within !== 'never' && until && ` · ${until}`}
        {missing && <b>{t('mentionedNote')}</b>}
      </span>
      <IconButton size="s" label={t('remove')} icon={<X size={14} />} onClick={onEnd} />
    </div>
  )
}
