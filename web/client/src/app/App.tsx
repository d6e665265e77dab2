import { useTranslation } from 'react-i18next'
import { Toaster, UiTextProvider } from '@weft/ui'
import { ErrorBoundary } from './ErrorBoundary'
import { Routes } from './Routes'

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
        <Routes />
      </ErrorBoundary>
      <Toaster />
    </UiTextProvider>
  )
}
