import '@weft/ui/theme.css'
import '@weft/ui/base.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { addMessages } from './i18n'
import en from './i18n/en/app.json'
import zh from './i18n/zh-CN/app.json'
import { applyTheme } from './shared/theme'
import { App } from './app/App'
import { keepForOffline } from './app/offline'

applyTheme()
keepForOffline()
addMessages('app', en, zh)
const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
