import { useEffect } from 'react'
import { useObservable, useWeft } from '@weft/sdk/react'
import { useOrgTotals } from './totals'

/** The page's title: what waits, where the reader is, whose org it is. */
export function titleText(mentions: number, unread: number, place: string, org: string, urgent = 0): string {
  const mark =
    urgent > 0
      ? `‼ (${urgent}) `
      : mentions > 0
        ? `(${mentions > 99 ? '99+' : mentions}) `
        : unread > 0
          ? '• '
          : ''
  return mark + [place, org, 'Weft'].filter((part, at, all) => part && all.indexOf(part) === at).join(' · ')
}

/** Keeps title and favicon in step with what is unread in every org of the account. */
export function useTitle(active: string | null): void {
  const weft = useWeft()
  const { org } = useObservable(weft.meView)
  const view = useObservable(weft.conversation(active ?? ''))
  const totals = useOrgTotals()
  const mentions = totals.reduce((sum, total) => sum + total.mentions, 0)
  const unread = totals.reduce((sum, total) => sum + total.unread, 0)
  const { urgent } = useObservable(weft.acks.waiting)
  useEffect(() => {
    document.title = titleText(mentions, unread, view?.title ?? '', org.name, urgent)
  }, [mentions, unread, view?.title, org.name, urgent])
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
    const name = mentions > 0 ? '-mention' : unread > 0 ? '-unread' : ''
    if (icon) icon.href = `/favicon${name}.svg`
  }, [mentions > 0, unread > 0])
  useEffect(
    () => () => {
      document.title = 'Weft'
      const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
      if (icon) icon.href = '/favicon.svg'
    },
    [],
  )
}
