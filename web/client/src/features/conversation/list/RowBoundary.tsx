import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'

import css from '../message/message.module.css'

/** Keeps a message that this version cannot show from taking the whole list with it. */
export class RowBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError() {
    return { failed: true }
  }

  override componentDidCatch(error: unknown) {
    console.error('A message could not be shown', error)
  }

  override render() {
    return this.state.failed ? <Neutral /> : this.props.children
  }
}

function Neutral() {
  const { t } = useTranslation('conversation')
  return <p className={css.system}>{t('unknownPart')}</p>
}
