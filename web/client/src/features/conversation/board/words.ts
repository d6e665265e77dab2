import i18next from 'i18next'

import { addMessages } from '../../../i18n'
import en from '../../../i18n/en/announcements.json'
import zh from '../../../i18n/zh-CN/announcements.json'

addMessages('announcements', en, zh)

// What can go wrong with them is said where every problem is.
i18next.addResourceBundle('en', 'common', { problem: en.problem }, true, false)
i18next.addResourceBundle('zh-CN', 'common', { problem: zh.problem }, true, false)
