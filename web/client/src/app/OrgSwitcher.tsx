import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Check } from 'lucide-react'
import { useLocation } from 'wouter'
import { Avatar, cx, Floating, Tooltip, UnreadBadge } from '@weft/ui'
import { useObservable, useWeft } from '@weft/sdk/react'
import { paths } from '../shared/paths'
import { useSession } from './useSession'
import { useOrgTotals } from './totals'
import s from './frame.module.css'

/** The org in sight; opens the list of all the account's orgs with what is unread in each. */
export function OrgSwitcher() {
  const { t } = useTranslation('app')
  const weft = useWeft()
  const [, go] = useLocation()
  const state = useSession()
  const { org } = useObservable(weft.meView)
  const totals = useOrgTotals()
  const [anchor, setAnchor] = useState<Element | null>(null)
  const seats = state.at === 'in' ? state.orgs : []
  const elsewhere = totals.filter((total) => total.org !== weft.org)
  const loud = elsewhere.some((total) => total.mentions > 0)
  const quiet = elsewhere.some((total) => total.unread > 0)
  return (
    <>
      <Tooltip label={org.name} side="right">
        <button
          type="button"
          className={s.orgs}
          aria-label={t('orgs', { org: org.name })}
          aria-haspopup="dialog"
          aria-expanded={anchor !== null}
          onClick={(event) => setAnchor(anchor ? null : event.currentTarget)}
        >
          <Avatar id={org.id} name={org.name} shape="org" size={36} />
          {(loud || quiet) && <span className={cx(s.blip, loud && s.loud)} />}
        </button>
      </Tooltip>
      {anchor && (
        <Floating
          anchor={anchor}
          side="right"
          className={s.orgpanel}
          onClose={() => setAnchor(null)}
          role="dialog"
          label={t('yourOrgs')}
        >
          {seats.map((seat) => {
            const total = totals.find((each) => each.org === seat.org.id)
            return (
              <button
                key={seat.org.id}
                type="button"
                className={s.orgrow}
                aria-current={seat.org.id === weft.org ? 'true' : undefined}
                onClick={() => {
                  setAnchor(null)
                  go(paths.home(seat.org.id))
                }}
              >
                <Avatar id={seat.org.id} name={seat.org.name} shape="org" size={32} />
                <span className={s.orgname}>
                  {seat.org.name}
                  <small>{seat.principal.name}</small>
                </span>
                {total && (
                  <UnreadBadge
                    mention
                    count={total.mentions}
                    label={t('common:mentionCount', { count: total.mentions })}
                  />
                )}
                {total && total.mentions === 0 && total.unread > 0 && (
                  <UnreadBadge
                    count={total.unread}
                    label={t('unreadConversations', { count: total.unread })}
                  />
                )}
                {seat.org.id === weft.org && <Check size={16} aria-hidden />}
              </button>
            )
          })}
        </Floating>
      )}
    </>
  )
}
