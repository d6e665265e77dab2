import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FileArchive, PackageOpen } from 'lucide-react'
import { Button, Checkbox, cx, EmptyState, SelectField, SkeletonRows } from '@weft/ui'
import type { ImportJob, ImportSource } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { useAction, useLoaded } from '../../shared/hooks'
import { ProblemBanner } from '../../shared/problem'
import { Group } from '../../shared/SectionPages'
import { ImportCard } from './ImportCard'
import own from './admin.module.css'
import s from '../../shared/sections.module.css'

const POLL_MS = 800
const SOURCES: ImportSource[] = ['slack', 'mattermost', 'rocketchat']

/** Brings conversations in from what another system exported, first as a trial if wanted. */
export function ImportsSection() {
  const { t } = useTranslation('admin')
  const weft = useWeft()
  const loaded = useLoaded(() => weft.api.imports.list(), [weft])
  const jobs = loaded.data?.items
  const running = jobs?.filter((job) => job.state === 'reading' || job.state === 'running') ?? []
  const { patch } = loaded

  const ids = running.map((job) => job.id).join()
  useEffect(() => {
    if (!ids) return
    let live = true
    const poll = async () => {
      for (const id of ids.split(',')) {
        // A poll that fails is tried again by the next.
        const job = await weft.api.imports.get(id).catch(() => null)
        if (live && job)
          patch((page) => ({ ...page, items: page.items.map((each) => (each.id === id ? job : each)) }))
      }
    }
    const timer = setInterval(() => void poll(), POLL_MS)
    return () => {
      live = false
      clearInterval(timer)
    }
  }, [weft, ids, patch])

  const start = async (source: ImportSource, file: File, dryRun: boolean) => {
    const { id } = await weft.api.imports.start(source, file, dryRun)
    const job: ImportJob = await weft.api.imports.get(id)
    patch((page) => ({ ...page, items: [job, ...page.items] }))
  }
  return (
    <>
      <Group title={t('imports.from')} note={t('imports.note')}>
        <Upload onStart={start} busy={running.length > 0} />
      </Group>
      <Group title={t('imports.before')}>
        <ProblemBanner problem={loaded.problem} retry={loaded.reload} />
        {!jobs && !loaded.problem && <SkeletonRows rows={2} face={false} />}
        {jobs?.length === 0 && (
          <EmptyState icon={<PackageOpen size={28} aria-hidden />} title={t('imports.none')}>
            {t('imports.what')}
          </EmptyState>
        )}
        {jobs?.map((job) => (
          <ImportCard key={job.id} job={job} />
        ))}
      </Group>
    </>
  )
}

interface UploadProps {
  onStart: (source: ImportSource, file: File, dryRun: boolean) => Promise<void>
  busy: boolean
}

function Upload(props: UploadProps) {
  const { t } = useTranslation('admin')
  const input = useRef<HTMLInputElement>(null)
  const [source, setSource] = useState<ImportSource>('slack')
  const [file, setFile] = useState<File | null>(null)
  const [dry, setDry] = useState(true)
  const [over, setOver] = useState(false)
  const start = useAction(async () => {
    if (!file) return
    await props.onStart(source, file, dry)
    // After the trial comes the import itself.
    setDry(false)
  })
  const choose = (chosen: File | undefined) => {
    setFile(chosen ?? null)
    setDry(true)
  }
  return (
    <div className={s.form}>
      <SelectField
        label={t('imports.source')}
        hint={t(`imports.how.${source}`)}
        value={source}
        onChange={(event) => {
          setSource(event.target.value as ImportSource)
          setDry(true)
        }}
      >
        {SOURCES.map((each) => (
          <option key={each} value={each}>
            {t(`imports.name.${each}`)}
          </option>
        ))}
      </SelectField>
      <div
        className={cx(own.drop, over && own.over)}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          choose(event.dataTransfer.files[0])
        }}
      >
        <FileArchive size={24} aria-hidden />
        <div>{file ? `${file.name} (${(file.size / 1048576).toFixed(1)} MB)` : t('imports.drop')}</div>
        <Button size="s" onClick={() => input.current?.click()}>
          {t('imports.choose')}
        </Button>
        <input
          ref={input}
          type="file"
          accept={source === 'mattermost' ? '.zip,.jsonl,application/zip' : '.zip,application/zip'}
          className="visually-hidden"
          tabIndex={-1}
          aria-label={t('imports.choose')}
          onChange={(event) => {
            choose(event.target.files?.[0])
            event.target.value = ''
          }}
        />
      </div>
      <Checkbox
        label={t('imports.dry')}
        hint={t('imports.dryHint')}
        checked={dry}
        onChange={(event) => setDry(event.target.checked)}
      />
      <ProblemBanner problem={start.problem} />
      <div className={s.row}>
        <Button
          variant="primary"
          busy={start.busy}
          disabled={!file || props.busy}
          onClick={() => void start.run()}
        >
          {start.busy ? t('imports.uploading') : dry ? t('imports.try') : t('imports.start')}
        </Button>
        {props.busy && <span className={s.quiet}>{t('imports.oneAtATime')}</span>}
      </div>
    </div>
  )
}
