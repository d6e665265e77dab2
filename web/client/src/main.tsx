import '@weft/ui/theme.css'
import '@weft/ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { startI18n } from './i18n'
import { applyTheme } from './shared/theme'
import { App } from './app/App'

applyTheme()
startI18n()
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
