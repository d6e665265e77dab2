import en from '../../i18n/en/entry.json'
import zh from '../../i18n/zh-CN/entry.json'
import { addMessages } from '../../i18n'
import InvitePage from './InvitePage'
import { EmailPage, ForgotPage, ResetPage } from './PasswordPages'
import SetupPage from './SetupPage'
import SignInPage from './SignInPage'

addMessages('entry', en, zh)

export type EntryPageName = 'setup' | 'sign-in' | 'forgot' | 'reset' | 'invite' | 'email'

/** The pages outside an org. */
export default function EntryPages({ page, token = '' }: { page: EntryPageName; token?: string }) {
  switch (page) {
    case 'setup':
      return <SetupPage />
    case 'sign-in':
      return <SignInPage />
    case 'forgot':
      return <ForgotPage />
    case 'reset':
      return <ResetPage token={token} />
    case 'invite':
      return <InvitePage token={token} />
    case 'email':
      return <EmailPage token={token} />
  }
}
