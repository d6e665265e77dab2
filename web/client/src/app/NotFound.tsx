import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Button, EmptyState } from '@weft/ui'

/** An address that leads nowhere, or nowhere the reader may go. */
export function NotFound() {
  const { t } = useTranslation()
  const [, go] = useLocation()
  return (
    <EmptyState
      title={t('notFound.title')}
      action={
        <Button variant="primary" onClick={() => go('/')}>
          {t('notFound.home')}
        </Button>
      }
    >
      {t('notFound.body')}
    </EmptyState>
  )
}
