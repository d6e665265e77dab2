import { useTranslation } from 'react-i18next'
import { Button, Modal, toast } from '@weft/ui'
import type { Principal } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useAction } from '../../shared/hooks'
import { ProblemBanner, toastProblem } from '../../shared/problem'

/** Ends a person's access; says what that means and what stays. */
export function DeactivateDialog(props: { person: Principal; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const { person } = props
  const act = useAction(async () => {
    await weft.api.people.deactivate(person.id)
    toast({
      text: t('members.deactivated', { name: person.name }),
      undo: () => void weft.api.people.reactivate(person.id).then(props.onDone, toastProblem),
    })
    props.onDone()
  })
  return (
    <Modal
      size="s"
      title={t('members.deactivateTitle', { name: person.name })}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{t('common:cancel')}</Button>
          <Button variant="danger" busy={act.busy} onClick={() => void act.run()}>
            {t('members.deactivate')}
          </Button>
        </>
      }
    >
      <p>{t('members.deactivateBody')}</p>
      <ProblemBanner problem={act.problem} />
    </Modal>
  )
}
