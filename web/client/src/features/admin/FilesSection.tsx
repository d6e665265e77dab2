import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FileSettings } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { Button, SkeletonRows, Switch, TextField, toast } from '@weft/ui'
import { readable } from '../../shared/files/layout'
import { useAction, useLoaded } from '../../shared/hooks'
import { fieldError, ProblemBanner } from '../../shared/problem'
import { Group } from '../../shared/SectionPages'
import s from '../../shared/sections.module.css'
import css from './admin.module.css'

const MB = 1_000_000
const GB = 1_000_000_000
/** The largest file that a server takes, in bytes. */
const LARGEST = 1_099_511_627_776

type Patch = Partial<Pick<FileSettings, 'max_file_size' | 'quota' | 'link_previews'>>

/** How much is kept, how much may be, and whether links are looked at. */
export function FilesSection() {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const loaded = useLoaded(() => weft.api.files.settings(), [weft])
  const save = useAction(async (patch: Patch) => {
    const now = await weft.api.files.setSettings(patch)
    loaded.patch(() => now)
    toast({ text: t('common:saved') })
  })
  const settings = loaded.data
  if (!settings) {
    return loaded.problem ? (
      <ProblemBanner problem={loaded.problem} retry={loaded.reload} />
    ) : (
      <SkeletonRows rows={4} face={false} />
    )
  }
  const change = (patch: Patch) => void save.run(patch)
  return (
    <>
      <Group title={t('files.used')} note={t('files.usedNote')}>
        <Usage settings={settings} />
      </Group>
      <Group title={t('files.limits')} note={t('files.limitsNote')}>
        <Size
          key={`size ${settings.max_file_size}`}
          label={t('files.largest')}
          unit={MB}
          bytes={settings.max_file_size}
          min={1}
          max={LARGEST}
          busy={save.busy}
          error={fieldError(t, save.problem, 'max_file_size')}
          onSave={(max_file_size) => change({ max_file_size })}
        />
        <Switch
          label={t('files.limited')}
          hint={t('files.limitedHint')}
          checked={settings.quota !== null}
          disabled={save.busy}
          onChange={(on) =>
            change({ quota: on ? Math.max(10 * GB, Math.ceil(settings.used / GB) * 2 * GB) : null })
          }
        />
        {settings.quota !== null && (
          <Size
            key={`quota ${settings.quota}`}
            label={t('files.quota')}
            unit={GB}
            bytes={settings.quota}
            min={0}
            max={Number.MAX_SAFE_INTEGER}
            busy={save.busy}
            error={fieldError(t, save.problem, 'quota')}
            onSave={(quota) => change({ quota })}
          />
        )}
        {!save.problem?.field && <ProblemBanner problem={save.problem} />}
      </Group>
      <Group title={t('files.links')} note={t('files.linksNote')}>
        <Switch
          label={t('files.previews')}
          hint={t('files.previewsHint')}
          checked={settings.link_previews}
          disabled={save.busy}
          onChange={(link_previews) => change({ link_previews })}
        />
      </Group>
    </>
  )
}

/** How full the org's storage is. */
function Usage({ settings: { used, quota } }: { settings: FileSettings }) {
  const { t } = useTranslation('admin')
  const share = quota ? Math.min(1, used / quota) : quota === 0 ? 1 : 0
  const words =
    quota === null
      ? t('files.usedOf.open', { used: readable(used) })
      : t('files.usedOf.limited', { used: readable(used), quota: readable(quota) })
  return (
    <div className={css.usage}>
      <p>{words}</p>
      {quota !== null && (
        <div
          className={css.meter}
          role="meter"
          aria-label={t('files.used')}
          aria-valuemin={0}
          aria-valuemax={quota}
          aria-valuenow={Math.min(used, quota)}
          aria-valuetext={words}
          data-full={share >= 0.9 || undefined}
        >
          <span style={{ inlineSize: `${share * 100}%` }} />
        </div>
      )}
      {share >= 0.9 && <p className={css.nearlyFull}>{t(share >= 1 ? 'files.full' : 'files.nearlyFull')}</p>}
    </div>
  )
}

interface SizeProps {
  label: string
  /** One of what is typed, in bytes. */
  unit: number
  bytes: number
  min: number
  max: number
  busy: boolean
  error: string | undefined
  onSave: (bytes: number) => void
}

/** A size that is typed in the unit people think of it in. */
function Size({ label, unit, bytes, min, max, busy, error, onSave }: SizeProps) {
  const { t } = useTranslation('admin')
  const [typed, setTyped] = useState(String(Math.round((bytes / unit) * 10) / 10))
  const wanted = Math.round(Number(typed) * unit)
  const fits = typed.trim() !== '' && Number.isFinite(wanted) && wanted >= min && wanted <= max
  const same = Math.abs(wanted - bytes) < unit / 20
  return (
    <form
      className={`${s.row} ${s.end}`}
      onSubmit={(event) => {
        event.preventDefault()
        if (fits && !same) onSave(wanted)
      }}
    >
      <div className={s.grow}>
        <TextField
          type="number"
          label={`${label} (${unit === GB ? 'GB' : 'MB'})`}
          min={min / unit}
          max={max / unit}
          step="any"
          required
          value={typed}
          error={error}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <Button type="submit" busy={busy} disabled={!fits || same}>
        {t('common:save')}
      </Button>
    </form>
  )
}
