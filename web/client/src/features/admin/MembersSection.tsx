import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Search, Users } from 'lucide-react'
import { Button, EmptyState, SelectField, TextField } from '@weft/ui'
import { useLocation } from 'wouter'
import type { Principal } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useLoaded, useSettled } from '../../shared/hooks'
import { PagedList } from '../../shared/PagedList'
import { paths } from '../../shared/paths'
import { InvitationDialog } from './InvitationDialog'
import { MapDialog } from './MapDialog'
import { MemberLine } from './MemberLine'
import { DeactivateDialog } from './DeactivateDialog'
import s from '../../shared/page.module.css'

const STATES = ['active', 'placeholder', 'deactivated'] as const
type State = (typeof STATES)[number]

export type MemberAct = { kind: 'map' | 'invite' | 'deactivate'; person: Principal }

/** Everybody: roles, who may come in, whose history belongs to whom. */
export function MembersSection() {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const [, go] = useLocation()
  const [query, setQuery] = useState('')
  const [state, setState] = useState<State>('active')
  const [turn, setTurn] = useState(0)
  const [act, setAct] = useState<MemberAct | null>(null)
  const settled = useSettled(query.trim())
  const owners = useLoaded(
    () => weft.api.people.list({ role: 'owner', state: 'active', limit: 2 }),
    [weft, turn],
  )
  const lastOwner = owners.data?.items.length === 1 ? owners.data.items[0]?.id : undefined
  const close = () => setAct(null)
  const done = () => {
    setAct(null)
    setTurn((n) => n + 1)
  }
  return (
    <>
      <div className={s.tools}>
        <div className={s.grow}>
          <TextField
            quiet
            type="search"
            label={t('members.find')}
            placeholder={t('members.find')}
            before={<Search size={15} aria-hidden />}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
          />
        </div>
        <SelectField
          quiet
          label={t('members.show')}
          value={state}
          onChange={(event) => setState(event.target.value as State)}
        >
          {STATES.map((each) => (
            <option key={each} value={each}>
              {t(`members.state.${each}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <PagedList<Principal>
        label={t('members.title')}
        load={(cursor) => weft.api.people.list({ cursor, state, limit: 100, ...(settled && { q: settled }) })}
        keys={[weft, settled, state, turn]}
        height={60}
        rowKey={(person) => person.id}
        row={(person) => (
          <MemberLine
            person={person}
            // Until the owners are counted, each may be the last.
            lastOwner={owners.data ? person.id === lastOwner : person.role === 'owner'}
            onAct={setAct}
            onChanged={() => setTurn((n) => n + 1)}
          />
        )}
        empty={
          <EmptyState
            icon={<Users size={32} aria-hidden />}
            title={settled ? t('members.noneFound', { query: settled }) : t(`members.none.${state}`)}
            action={
              state === 'active' && (
                <Button onClick={() => go(paths.admin(weft.org, 'invitations'))}>
                  {t('invitations.create')}
                </Button>
              )
            }
          >
            {t(`members.what.${state}`)}
          </EmptyState>
        }
      />
      {act?.kind === 'map' && <MapDialog person={act.person} onClose={close} onDone={done} />}
      {act?.kind === 'deactivate' && <DeactivateDialog person={act.person} onClose={close} onDone={done} />}
      {act?.kind === 'invite' && (
        <InvitationDialog claims={act.person} onClose={close} onMade={() => undefined} />
      )}
    </>
  )
}
