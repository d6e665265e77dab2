import { stickerRoutes, type Sticker, type StickerPack } from '@weft/sdk'
import { useObservable, useWeft } from '@weft/sdk/react'
import { Button, IconButton, Modal, SkeletonRows, TextField, toast } from '@weft/ui'
import { Pencil, Trash2, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

import { useMayAddEmoji } from '../../../shared/emoji/useMayAdd'
import { useAction, useLoaded } from '../../../shared/hooks'
import { fieldError, ProblemBanner, toastProblem } from '../../../shared/problem'
import { Group } from '../../../shared/SectionPages'
import s from '../../../shared/sections.module.css'
import { StickerImage } from '../../../shared/stickers/StickerImage'
import '../../../shared/stickers/words'
import css from './stickersSection.module.css'

const TYPES = 'image/png,image/jpeg,image/gif,image/webp,.zip,application/zip'

type Asking = { kind: 'rename' | 'remove'; pack: StickerPack } | { kind: 'make' }

/** One's own stickers, and the packs that everybody of the org has. */
export default function StickersSection() {
  const { t } = useTranslation('stickers')
  const weft = useWeft()
  const routes = stickerRoutes(weft.api)
  const { principal } = useObservable(weft.meView)
  const admin = principal.role === 'owner' || principal.role === 'admin'
  const mayMake = useMayAddEmoji()
  const loaded = useLoaded(() => stickerRoutes(weft.api).all(), [weft])
  const [asking, setAsking] = useState<Asking | null>(null)
  const drop = (id: string) => void routes.remove(id).then(() => loaded.reload(), toastProblem)
  if (!loaded.data) {
    return loaded.problem ? (
      <ProblemBanner problem={loaded.problem} retry={loaded.reload} />
    ) : (
      <SkeletonRows rows={4} face={false} />
    )
  }
  const { mine, packs } = loaded.data
  const done = () => {
    setAsking(null)
    loaded.reload()
  }
  return (
    <>
      <Group title={t('mine')} note={t('mineNote')}>
        <Pictures stickers={mine} onRemove={drop} empty={t('mineEmpty')} />
        <Add pack={null} onAdded={loaded.reload} />
      </Group>
      <Group title={t('packs')} note={t(mayMake ? 'packsNote' : 'packsNotAllowed')}>
        {packs.length === 0 && <p className={s.quiet}>{t('packsEmpty')}</p>}
        {packs.map((pack) => {
          const own = admin || pack.by === weft.me
          return (
            <section key={pack.id} className={css.pack} aria-label={pack.name}>
              <header>
                <h3>{pack.name}</h3>
                {own && (
                  <>
                    <IconButton
                      label={t('renameOf', { name: pack.name })}
                      icon={<Pencil size={16} />}
                      onClick={() => setAsking({ kind: 'rename', pack })}
                    />
                    <IconButton
                      label={t('removeOf', { name: pack.name })}
                      icon={<Trash2 size={16} />}
                      onClick={() => setAsking({ kind: 'remove', pack })}
                    />
                  </>
                )}
              </header>
              <Pictures stickers={pack.stickers} onRemove={own ? drop : undefined} empty={t('packEmpty')} />
              {own && <Add pack={pack} onAdded={loaded.reload} />}
            </section>
          )
        })}
        {mayMake && (
          <div>
            <Button onClick={() => setAsking({ kind: 'make' })}>{t('make')}</Button>
          </div>
        )}
      </Group>
      {asking?.kind === 'make' && <NameDialog onDone={done} onClose={() => setAsking(null)} />}
      {asking?.kind === 'rename' && (
        <NameDialog pack={asking.pack} onDone={done} onClose={() => setAsking(null)} />
      )}
      {asking?.kind === 'remove' && (
        <RemoveDialog pack={asking.pack} onDone={done} onClose={() => setAsking(null)} />
      )}
    </>
  )
}

interface PicturesProps {
  stickers: readonly Sticker[]
  onRemove: ((id: string) => void) | undefined
  empty: string
}

function Pictures({ stickers, onRemove, empty }: PicturesProps) {
  const { t } = useTranslation('stickers')
  if (stickers.length === 0) return <p className={s.quiet}>{empty}</p>
  return (
    <ul className={css.pictures}>
      {stickers.map((sticker) => (
        <li key={sticker.id} title={sticker.name}>
          <StickerImage sticker={sticker} />
          {onRemove && (
            <button
              type="button"
              className={css.remove}
              aria-label={t('removeSticker', { name: sticker.name })}
              onClick={() => onRemove(sticker.id)}
            >
              <X size={14} aria-hidden />
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

/** Takes pictures and zips of them; what of them was not taken is said by name. */
function Add({ pack, onAdded }: { pack: StickerPack | null; onAdded: () => void }) {
  const { t } = useTranslation('stickers')
  const weft = useWeft()
  const input = useRef<HTMLInputElement>(null)
  const [refused, setRefused] = useState<readonly { name: string; code: string }[]>([])
  const add = useAction(async (files: File[]) => {
    const taken = await stickerRoutes(weft.api).add(pack?.id ?? null, files)
    setRefused(taken.refused)
    if (taken.added.length > 0) {
      toast({ text: t('added', { count: taken.added.length }) })
      onAdded()
    }
  })
  const label = pack ? t('addTo', { name: pack.name }) : t('addMine')
  return (
    <div className={css.add}>
      <Button busy={add.busy} onClick={() => input.current?.click()}>
        {t('add')}
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        accept={TYPES}
        className="visually-hidden"
        tabIndex={-1}
        aria-label={label}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          setRefused([])
          if (files.length > 0) void add.run(files)
        }}
      />
      <ProblemBanner problem={add.problem} />
      <div role="status">
        {refused.length > 0 && (
          <ul className={css.refused}>
            {refused.map(({ name, code }, i) => (
              <li key={i}>
                {t('refused', {
                  name,
                  why: t(`common:problem.${code}`, { defaultValue: t('common:problem.invalid') }),
                })}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

interface DialogProps {
  pack?: StickerPack
  onDone: () => void
  onClose: () => void
}

function NameDialog({ pack, onDone, onClose }: DialogProps) {
  const { t } = useTranslation('stickers')
  const weft = useWeft()
  const [name, setName] = useState(pack?.name ?? '')
  const save = useAction(async () => {
    const routes = stickerRoutes(weft.api)
    if (pack) await routes.renamePack(pack.id, name.trim())
    else await routes.makePack(name.trim())
    onDone()
  })
  return (
    <Modal
      size="s"
      title={pack ? t('renameOf', { name: pack.name }) : t('make')}
      onClose={onClose}
      onSubmit={() => void save.run()}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button type="submit" variant="primary" busy={save.busy} disabled={!name.trim()}>
            {t('common:save')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('packName')}
        value={name}
        maxLength={40}
        required
        data-autofocus
        error={fieldError(t, save.problem, 'name')}
        onChange={(event) => setName(event.target.value)}
      />
      {!save.problem?.field && <ProblemBanner problem={save.problem} />}
    </Modal>
  )
}

function RemoveDialog({ pack, onDone, onClose }: DialogProps & { pack: StickerPack }) {
  const { t } = useTranslation('stickers')
  const weft = useWeft()
  const act = useAction(async () => {
    await stickerRoutes(weft.api).removePack(pack.id)
    toast({ text: t('removed', { name: pack.name }) })
    onDone()
  })
  return (
    <Modal
      size="s"
      title={t('removeTitle', { name: pack.name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button variant="danger" busy={act.busy} onClick={() => void act.run()}>
            {t('remove')}
          </Button>
        </>
      }
    >
      <p>{t('removeNote')}</p>
      <ProblemBanner problem={act.problem} />
    </Modal>
  )
}
