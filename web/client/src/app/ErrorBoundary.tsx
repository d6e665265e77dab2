import { Component, type ErrorInfo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, EmptyState } from '@weft/ui'

interface Props {
  children: ReactNode
  /** A change of this brings the part back (the route, usually). */
  resetKey?: string
}

/** Keeps a fault inside the part where it happened, and says so in plain words. */
export class ErrorBoundary extends Component<Props, { error: Error | null; key: string | undefined }> {
  override state: { error: Error | null; key: string | undefined } = { error: null, key: this.props.resetKey }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  static getDerivedStateFromProps(props: Props, state: { key: string | undefined }) {
    return props.resetKey === state.key ? null : { key: props.resetKey, error: null }
  }

  override componentDidCatch(error: Error, info: ErrorInfo) {
    console.error(error, info.componentStack)
  }

  override render() {
    return this.state.error ? <Crash error={this.state.error} /> : this.props.children
  }
}

function Crash({ error }: { error: Error }) {
  const { t } = useTranslation()
  return (
    <div role="alert" style={{ display: 'grid', flex: 1, minHeight: '100%' }}>
      <EmptyState
        title={t('crash.title')}
        action={<Button onClick={() => location.reload()}>{t('crash.reload')}</Button>}
      >
        {t('crash.body')} <br />
        <code>
          {error.name}: {error.message.slice(0, 200)}
        </code>
      </EmptyState>
    </div>
  )
}
