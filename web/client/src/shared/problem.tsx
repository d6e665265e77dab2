import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { toast, Banner, Button } from '@weft/ui'
import { Problem } from '@weft/sdk'
import i18next from 'i18next'

/** A problem in plain words of the reader's language, by its code. */
export function problemText(t: TFunction, problem: Problem): string {
  const common = { ns: 'common' }
  if (problem.code === 'rate_limited') {
    return t('problem.rate_limited', { ...common, count: Math.ceil(problem.retryAfter ?? 30) })
  }
  const known = t(`problem.${problem.code}`, { ...common, defaultValue: '' })
  return known || t('problem.unknown', { ...common, code: problem.code })
}

/** A problem in place: what happened, its code to quote, and another try when that may help. */
export function ProblemBanner({ problem, retry }: { problem: Problem | null; retry?: () => void }) {
  const { t } = useTranslation()
  if (!problem) return null
  const quote = problem.status >= 500 ? problem.code : undefined
  return (
    <Banner
      tone="danger"
      code={quote}
      action={
        retry && (
          <Button size="s" onClick={retry}>
            {t('retry')}
          </Button>
        )
      }
    >
      {problemText(t, problem)}
    </Banner>
  )
}

/** Words for one field of a form, when the problem is about that field. */
export function fieldError(t: TFunction, problem: Problem | null, field: string): string | undefined {
  return problem?.field === field ? problemText(t, problem) : undefined
}

/** Says a failure in a toast; for acts that have no place of their own. */
export function toastProblem(error: unknown): void {
  toast({ tone: 'danger', text: problemText(i18next.t, Problem.of(error)) })
}
