import '@weft/ui/theme.css'
import '@weft/ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { firstWords } from './i18n'
import { applyTheme } from './shared/theme'
import { App } from './app/App'
import { keepForOffline } from './app/offline'

applyTheme()
keepForOffline()
const root = document.getElementById('root')
if (root) {
  void firstWords.then(() =>
    createRoot(root).render(
      <StrictMode>
        <App />
      </StrictMode>,
    ),
  )
}
