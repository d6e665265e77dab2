import '@weft/ui/theme.css'
import '@weft/ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { firstWords } from './i18n'
import { applyTheme } from './shared/theme'
import { App } from './app/App'

applyTheme()
// What goes on beside the pages comes after them.
addEventListener('load', () => void import('./app/resident').then((resident) => resident.start()))
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
