import { Button, Choice, IconButton, Modal, SelectField } from '@weft/ui'
import { BadgeCheck, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

import '../../../shared/acks/words'
import css from './ackOption.module.css'
import { TIMES, type AckWish, type Within } from './ackWish'

interface Props {
  wish: AckWish | null
  onChange: (wish: AckWish | null) => void
}

/** The button that asks readers to confirm the message being written. */
export function AckOption({ wish, onChange }: Props) {
  const { t } = useTranslation('acks')
  const [open, setOpen] = useState(false)
  return (
    <>
      <IconButton
        size="s"
        side="top"
        label={t('ask')}
        icon={<BadgeCheck size={18} />}
        active={wish !== null}
        aria-pressed={wish !== null}
        onClick={() => setOpen(true)}
      />
      {open && (
        <Dialog
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
  wish: AckWish
  asked: boolean
  onClose: () => void
  onChange: (wish: AckWish | null) => void
}) {
  const { t } = useTranslation('acks')
  const [wish, setWish] = useState(props.wish)
  return (
    <Modal
      title={t('askTitle')}
      size="s"
      onClose={props.onClose}
      onSubmit={() => props.onChange(wish)}
      footer={
        <>
          {props.asked ? (
            <Button onClick={() => props.onChange(null)}>{t('remove')}</Button>
          ) : (
            <Button onClick={props.onClose}>{t('cancel')}</Button>
          )}
          <Button variant="primary" type="submit">
            {t('use')}
          </Button>
        </>
      }
    >
      <div className={css.form}>
        <p className={css.note}>{t('askNote')}</p>
        <Choice
          label={t('from')}
          value={wish.who}
          options={[
            { value: 'everybody', label: t('everybody') },
            { value: 'mentioned', label: t('mentioned') },
          ]}
          onChange={(who) => setWish({ ...wish, who })}
        />
        <SelectField
          label={t('by')}
          hint={t('byNote')}
          value={wish.within}
          onChange={(event) => setWish({ ...wish, within: event.target.value as Within })}
        >
          {Object.keys(TIMES).map((time) => (
            <option key={time} value={time}>
              {t(time)}
            </option>
          ))}
        </SelectField>
      </div>
    </Modal>
  )
}

/** Above the text, while a confirmation is to be asked for. */
export function AckChip({ wish, missing, onEnd }: { wish: AckWish; missing: boolean; onEnd: () => void }) {
  const { t } = useTranslation('acks')
  return (
    <div className={css.chip} role="status">
      <BadgeCheck size={14} aria-hidden />
      <span>
        {t(wish.who === 'everybody' ? 'asked' : 'askedSome')}
        {wish.within !== 'never' && ` · ${t(wish.within)}`}
        {missing && <b>{t('mentionedNote')}</b>}
      </span>
      <IconButton size="s" label={t('remove')} icon={<X size={14} />} onClick={onEnd} />
    </div>
  )
}
