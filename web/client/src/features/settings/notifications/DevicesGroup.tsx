import { useTranslation } from 'react-i18next'
import { Banner, Button, SkeletonRows, toast } from '@weft/ui'
import type { Problem } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useAction, useLoaded } from '../../../shared/hooks'
import { ProblemBanner } from '../../../shared/problem'
import { arrives } from '../../../shared/push/arrivals'
import { pushState, turnOff, turnOn, type PushDevice } from '../../../shared/push/push'
import { Group } from '../../../shared/SectionPages'
import { day, full } from '../../../shared/time'
import s from '../../../shared/sections.module.css'

/** How long a test may take to come back. */
const ARRIVAL_MS = 15_000

/** Notifications on this device, and which other devices have them. */
export function DevicesGroup() {
  const { t } = useTranslation('notifications')
  const weft = useWeft()
  const state = useLoaded(pushState, [])
  const devices = useLoaded(() => weft.api.get<{ items: PushDevice[] }>('/push/devices'), [weft])
  const reload = () => {
    state.reload()
    devices.reload()
  }
  const items = devices.data?.items
  const mine = items?.find((device) => device.current && device.kind === 'web')
  const others = items?.filter((device) => device !== mine)
  return (
    <>
      <Group title={t('here.title')} note={t('here.note')}>
        {state.data ? (
          <ThisDevice state={state.data} mine={mine} onChange={reload} />
        ) : (
          <SkeletonRows rows={1} face={false} />
        )}
      </Group>
      <Group title={t('others.title')} note={t('others.note')}>
        <ProblemBanner problem={devices.problem} retry={devices.reload} />
        {!items && !devices.problem && <SkeletonRows rows={2} face={false} />}
        {others?.length === 0 && <p className={s.quiet}>{t('others.none')}</p>}
        {others && others.length > 0 && (
          <ul className={s.items}>
            {others.map((device) => (
              <DeviceLine key={device.id} device={device} onRemoved={devices.reload} />
            ))}
          </ul>
        )}
      </Group>
    </>
  )
}

function ThisDevice(props: {
  state: Awaited<ReturnType<typeof pushState>>
  mine: PushDevice | undefined
  onChange: () => void
}) {
  const { t } = useTranslation('notifications')
  const weft = useWeft()
  const on = useAction(async () => {
    await turnOn(weft.api)
    props.onChange()
  })
  const off = useAction(async () => {
    await turnOff(weft.api)
    props.onChange()
  })
  const { state } = props
  if (state === 'unsupported' || state === 'install' || state === 'denied')
    return <Banner tone={state === 'denied' ? 'warning' : 'info'}>{t(`here.${state}`)}</Banner>
  if (state === 'on')
    return (
      <>
        <div className={s.row}>
          <span className={s.grow}>{t('here.on')}</span>
          {props.mine && <TestButton device={props.mine} onGone={props.onChange} />}
          <Button busy={off.busy} onClick={() => void off.run()}>
            {t('here.turnOff')}
          </Button>
        </div>
        <ProblemBanner problem={off.problem} />
      </>
    )
  return (
    <>
      {state === 'ask' && <p className={s.quiet}>{t('here.ask')}</p>}
      <div className={s.row}>
        <Button variant="primary" busy={on.busy} onClick={() => void on.run()}>
          {t('here.turnOn')}
        </Button>
      </div>
      <PushProblem problem={on.problem} />
    </>
  )
}

/** What goes wrong with push services has words of its own. */
function PushProblem({ problem }: { problem: Problem | null }) {
  const { t } = useTranslation('notifications')
  if (!problem) return null
  const known = t(`problem.${problem.code}`, { defaultValue: '' })
  // A browser without its maker's push service refuses before the server is asked.
  const own = known || (problem.status === 0 && problem.code !== 'offline' ? t('problem.browser') : '')
  return own ? <Banner tone="danger">{own}</Banner> : <ProblemBanner problem={problem} />
}

/** Sends a notification to a device, and says whether it came when that is this one. */
function TestButton({ device, onGone }: { device: PushDevice; onGone?: () => void }) {
  const { t } = useTranslation('notifications')
  const weft = useWeft()
  const test = useAction(async () => {
    const coming = device.current ? arrives('test', ARRIVAL_MS) : null
    const { taken } = await weft.api.post<{ taken: boolean }>(`/push/devices/${device.id}/test`)
    if (!taken) return toast({ tone: 'danger', text: t('test.notTaken') })
    if (!coming) return toast({ text: t('test.sent', { name: device.name }) })
    toast((await coming) ? { text: t('test.arrived') } : { tone: 'danger', text: t('test.lost') })
  })
  return (
    <>
      <Button busy={test.busy} onClick={() => void test.run().then((done) => !done && onGone?.())}>
        {t('test.button')}
      </Button>
      {test.problem && (
        <div role="alert" style={{ flexBasis: '100%' }}>
          <PushProblem problem={test.problem} />
        </div>
      )}
    </>
  )
}

function DeviceLine({ device, onRemoved }: { device: PushDevice; onRemoved: () => void }) {
  const { t } = useTranslation('notifications')
  const weft = useWeft()
  const remove = useAction(async () => {
    await weft.api.delete(`/push/devices/${device.id}`)
    onRemoved()
  })
  return (
    <li>
      <div className={s.what}>
        <div className={s.name}>{device.name}</div>
        <div className={s.quiet}>
          {t(`kind.${device.kind}`)} · {device.service} ·{' '}
          {device.used_at === null ? (
            t('others.never')
          ) : (
            <time title={full(device.used_at)}>{t('others.used', { day: day(device.used_at) })}</time>
          )}
        </div>
        <ProblemBanner problem={remove.problem} />
      </div>
      <Button size="s" busy={remove.busy} onClick={() => void remove.run()}>
        {t('others.remove')}
      </Button>
    </li>
  )
}
