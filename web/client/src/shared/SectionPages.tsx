import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { cx, TextField } from '@weft/ui'
import { usePhone } from './hooks'
import { Page } from './Page'
import s from './sections.module.css'

export interface SectionPage {
  key: string
  title: string
  icon: ReactNode
  /** Words by which the search finds it, besides its title. */
  words: string
  view: ReactNode
  /** The view lays out itself to the full height, instead of standing in the column. */
  full?: boolean
}

/** Pages with a column of names: settings, administration. On a phone the column is a page of its own. */
export function SectionPages(props: {
  title: string
  find: string
  none: string
  sections: readonly SectionPage[]
  chosen: string | undefined
  href: (section?: string) => string
}) {
  const { sections, chosen } = props
  const phone = usePhone()
  const section = sections.find((each) => each.key === chosen) ?? (phone ? undefined : sections[0])
  return (
    <div className={s.split}>
      {(!phone || !section) && <Names {...props} here={section?.key} />}
      {section && (
        <div className={s.body}>
          <Page title={section.title} back={props.href()}>
            {section.full ? (
              section.view
            ) : (
              <div style={{ flex: 1, minHeight: 0, overflowY: 'auto' }}>
                <div className={s.column}>{section.view}</div>
              </div>
            )}
          </Page>
        </div>
      )}
    </div>
  )
}

function Names(props: Parameters<typeof SectionPages>[0] & { here: string | undefined }) {
  const [query, setQuery] = useState('')
  const needle = query.trim().toLocaleLowerCase()
  const found = props.sections.filter((each) =>
    `${each.title} ${each.words}`.toLocaleLowerCase().includes(needle),
  )
  return (
    <nav className={s.nav} aria-label={props.title}>
      <h1>{props.title}</h1>
      <div className={s.find}>
        <TextField
          quiet
          type="search"
          label={props.find}
          placeholder={props.find}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      {found.map((each) => (
        <Link
          key={each.key}
          href={props.href(each.key)}
          className={cx(s.link, each.key === props.here && s.here)}
          aria-current={each.key === props.here ? 'page' : undefined}
        >
          {each.icon}
          {each.title}
        </Link>
      ))}
      {!found.length && <div className={s.none}>{props.none}</div>}
    </nav>
  )
}

/** One matter within a section: its heading, whom it affects, its controls. */
export function Group({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  return (
    <section className={s.group}>
      <header>
        <h2>{title}</h2>
        {note && <p>{note}</p>}
      </header>
      {children}
    </section>
  )
}

/** A value to copy, shown in full. */
export function Secret({ value, children }: { value: string; children: ReactNode }) {
  useTranslation()
  return (
    <div className={s.secret}>
      <code>{value}</code>
      {children}
    </div>
  )
}
