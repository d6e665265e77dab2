import { useTranslation } from 'react-i18next'
import { Switch, toast } from '@weft/ui'
import type { MailPolicy } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useAction } from '../../shared/hooks'
import { ProblemBanner } from '../../shared/problem'
import s from '../../shared/sections.module.css'

/** What holds while the org has decided nothing. */
export const DEFAULT_MAIL: MailPolicy = { digests: true, texts: true }

/** Whether people are told by mail of what they missed, and whether messages leave the server with it. */
export function OrgMail({ policy }: { policy: MailPolicy }) {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const save = useAction(async (next: MailPolicy) => {
    await weft.api.org.update({ mail: next })
    toast({ text: t('common:saved') })
  })
  return (
    <div className={s.form}>
      <Switch
        label={t('org.mailDigests')}
        hint={t('org.mailDigestsNote')}
        checked={policy.digests}
        disabled={save.busy}
        onChange={(digests) => void save.run({ ...policy, digests })}
      />
      {policy.digests && (
        <Switch
          label={t('org.mailTexts')}
          hint={t('org.mailTextsNote')}
          checked={policy.texts}
          disabled={save.busy}
          onChange={(texts) => void save.run({ ...policy, texts })}
        />
      )}
      <ProblemBanner problem={save.problem} />
    </div>
  )
}
