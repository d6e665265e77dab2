import { useTranslation } from 'react-i18next'
import { Button, EmptyState, Toaster, UiTextProvider } from '@weft/ui'
import { ErrorBoundary } from './ErrorBoundary'

/** Everything: words for the primitives, toasts, and the pages. */
export function App() {
  const { t } = useTranslation()
  const text = {
    close: t('close'),
    undo: t('undo'),
    dismiss: t('dismiss'),
    showPassword: t('showPassword'),
    hidePassword: t('hidePassword'),
    notifications: t('notifications'),
  }
  return (
    <UiTextProvider text={text}>
      <ErrorBoundary>
        <EmptyState
          title={t('notFound.title')}
          action={<Button variant="primary">{t('notFound.home')}</Button>}
        />
      </ErrorBoundary>
      <Toaster />
    </UiTextProvider>
  )
}
