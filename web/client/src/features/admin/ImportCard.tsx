import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { Banner, Tag } from '@weft/ui'
import type { ImportJob } from '@weft/sdk'
import { when } from '../../shared/time'
import { readReport, type ReportLine, type ReportView } from './report'
import own from './admin.module.css'
import s from '../../shared/sections.module.css'

const TONES = { reading: 'accent', running: 'accent', done: 'success', failed: 'danger' } as const

/** One import: how far it is, what came in, what did not and why. */
export function ImportCard({ job }: { job: ImportJob }) {
  const { t } = useTranslation('admin')
  const active = job.state === 'reading' || job.state === 'running'
  const error = typeof job.error === 'string' ? { code: job.error, detail: '' } : job.error
  return (
    <article className={own.card}>
      <div className={s.row}>
        <Tag tone={TONES[job.state]}>{t(`imports.state.${job.state}`)}</Tag>
        <b>{t(`imports.name.${job.source}`, { defaultValue: job.source })}</b>
        {job.dry_run && <Tag>{t('imports.trial')}</Tag>}
        {job.created_at && <time className={s.quiet}>{when(job.created_at)}</time>}
      </div>
      {active && <Progress {...job.progress} />}
      {error && (
        <Banner tone="danger" title={t('imports.failed')} code={error.code}>
          {t(`common:problem.${error.code}`, { defaultValue: '' })} {error.detail}
        </Banner>
      )}
      {job.report && <Report view={readReport(job.report)} dry={job.dry_run} />}
    </article>
  )
}

function Progress({ done, total }: ImportJob['progress']) {
  const { t, i18n } = useTranslation('admin')
  const number = new Intl.NumberFormat(i18n.language)
  return (
    <div>
      <progress
        className={own.bar}
        aria-label={t('imports.progress')}
        {...(total > 0 && { value: done, max: total })}
      />
      <div className={s.quiet} data-tabular aria-live="polite">
        {total > 0
          ? t('imports.progressOf', { done: number.format(done), total: number.format(total) })
          : t('imports.reading')}
      </div>
    </div>
  )
}

function Report({ view, dry }: { view: ReportView; dry: boolean }) {
  const { t, i18n } = useTranslation('admin')
  const number = new Intl.NumberFormat(i18n.language)
  const nothing = !view.skipped.length && !view.adapted.length
  return (
    <>
      <h3>{t(dry ? 'imports.would' : 'imports.did')}</h3>
      <dl className={own.counts}>
        {view.counts.map(({ key, count }) => (
          <div key={key}>
            <dt>{t(`imports.count.${key}`)}</dt>
            <dd data-tabular>{number.format(count)}</dd>
          </div>
        ))}
      </dl>
      {nothing && <div className={s.quiet}>{t('imports.nothingLeft')}</div>}
      <Reasons title={t('imports.skipped')} lines={view.skipped} number={number} />
      <Reasons title={t('imports.adapted')} lines={view.adapted} number={number} />
      {view.renamed.length > 0 && (
        <details>
          <summary>{t('imports.renamed', { count: view.renamed.length })}</summary>
          <ul className={own.renamed}>
            {view.renamed.map(({ from, to }) => (
              <li key={to}>
                {from} → {to}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

/** A reason in words; `subtype:huddle` is the reason `subtype` about `huddle`. */
function reasonText(t: TFunction, key: string): string {
  const [reason = '', what = ''] = key.split(/:(.*)/s)
  return t(`imports.reason.${reason}`, { what, defaultValue: key.replaceAll('_', ' ') })
}

function Reasons({
  title,
  lines,
  number,
}: {
  title: string
  lines: ReportLine[]
  number: Intl.NumberFormat
}) {
  const { t } = useTranslation('admin')
  if (!lines.length) return null
  return (
    <table className={own.table}>
      <thead>
        <tr>
          <th scope="col">{title}</th>
          <th scope="col">{t('imports.howMany')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map(({ key, count }) => (
          <tr key={key}>
            <td>{reasonText(t, key)}</td>
            <td data-tabular>{number.format(count)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
