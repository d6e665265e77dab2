import { useTranslation } from 'react-i18next'
import { Ellipsis } from 'lucide-react'
import { Avatar, IconButton, Menu, SelectField, toast, Tooltip, type MenuItem } from '@weft/ui'
import type { Principal, Role } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useAction, useMe } from '../../shared/hooks'
import { PersonTag } from '../../shared/PersonAvatar'
import { toastProblem } from '../../shared/problem'
import type { MemberAct } from './MembersSection'
import s from '../../shared/page.module.css'

const ROLES: readonly Role[] = ['owner', 'admin', 'member', 'guest']

interface Props {
  person: Principal
  /** The only owner left: the role stays, and so does the person. */
  lastOwner: boolean
  onAct: (act: MemberAct) => void
  onChanged: () => void
}

/** A member with their role and what can be done. */
export function MemberLine({ person, lastOwner, onAct, onChanged }: Props) {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const me = useMe()
  const change = useAction(async (role: Role) => {
    try {
      await weft.api.people.update(person.id, { role })
      toast({ text: t('members.roleChanged', { name: person.name, role: t(`common:tag.${role}`) }) })
    } catch (error) {
      toastProblem(error)
    }
    onChanged()
  })
  const reactivate = useAction(async () => {
    try {
      await weft.api.people.reactivate(person.id)
      toast({ text: t('members.reactivated', { name: person.name }) })
      onChanged()
    } catch (error) {
      toastProblem(error)
    }
  })
  // An admin does not decide about owners; the server says the same.
  const above = person.role === 'owner' && me.role !== 'owner'
  const roles = ROLES.filter((role) => role !== 'owner' || me.role === 'owner' || person.role === 'owner')
  const items: MenuItem[] = []
  if (person.state === 'placeholder') {
    items.push(
      { label: t('members.map'), hint: t('members.mapHint'), onSelect: () => onAct({ kind: 'map', person }) },
      {
        label: t('members.claim'),
        hint: t('members.claimHint'),
        onSelect: () => onAct({ kind: 'invite', person }),
      },
    )
  } else if (person.state === 'deactivated') {
    items.push({ label: t('members.reactivate'), onSelect: () => void reactivate.run() })
  } else {
    items.push({
      label: t('members.deactivate'),
      danger: true,
      disabled: lastOwner || above || person.id === me.id,
      hint: lastOwner ? t('members.lastOwner') : undefined,
      onSelect: () => onAct({ kind: 'deactivate', person }),
    })
  }
  const select = (
    <span>
      <SelectField
        quiet
        plain
        label={t('members.role', { name: person.name })}
        value={person.role}
        disabled={lastOwner || above || change.busy}
        onChange={(event) => void change.run(event.target.value as Role)}
      >
        {roles.map((role) => (
          <option key={role} value={role}>
            {t(`common:tag.${role}`)}
          </option>
        ))}
      </SelectField>
    </span>
  )
  return (
    <div className={s.line} style={{ height: 60 }}>
      <Avatar
        id={person.id}
        name={person.name}
        src={person.avatar ? weft.api.avatarUrl(person.avatar) : null}
        size={36}
      />
      <div className={s.what}>
        <div className={s.name}>
          {person.name}
          {person.id === me.id && <span className={s.note}>({t('common:you')})</span>}
          <PersonTag person={person} />
        </div>
        <div className={s.note}>{[person.email, person.title].filter(Boolean).join(' · ')}</div>
      </div>
      {person.state === 'active' &&
        person.kind !== 'bot' &&
        person.kind !== 'app' &&
        (lastOwner ? <Tooltip label={t('members.lastOwner')}>{select}</Tooltip> : select)}
      <Menu label={person.name} align="end" items={items}>
        <IconButton label={t('members.options', { name: person.name })} icon={<Ellipsis size={18} />} />
      </Menu>
    </div>
  )
}
