import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Terminal } from 'lucide-react'
import { Banner, Button, Checkbox, EmptyState, Modal, SelectField, SkeletonRows, TextField } from '@weft/ui'
import type { Scope, Token } from '@weft/sdk'
import { useWeft } from '@weft/sdk/react'
import { CopyButton } from '../../shared/CopyButton'
import { useAction, useLoaded, useMe } from '../../shared/hooks'
import { fieldError, ProblemBanner } from '../../shared/problem'
import { Group, Secret } from '../../shared/SectionPages'
import { day, full } from '../../shared/time'
import own from './settings.module.css'
import s from '../../shared/sections.module.css'

const DAYS = [7, 30, 90, 365] as const

/** Personal access tokens: for scripts that act as oneself. */
export function TokensSection() {
  const { t } = useTranslation('settings')
  const weft = useWeft()
  const loaded = useLoaded(() => weft.api.tokens.list(), [weft])
  const [making, setMaking] = useState(false)
  const [removing, setRemoving] = useState<Token | null>(null)
  const tokens = loaded.data?.items
  return (
    <Group title={t('tokens.title')} note={t('tokens.note')}>
      <div className={s.row}>
        <Button variant="primary" onClick={() => setMaking(true)}>
          {t('tokens.create')}
        </Button>
      </div>
      <ProblemBanner problem={loaded.problem} retry={loaded.reload} />
      {!tokens && !loaded.problem && <SkeletonRows rows={2} face={false} />}
      {tokens?.length === 0 && (
        <EmptyState icon={<Terminal size={28} aria-hidden />} title={t('tokens.none')}>
          {t('tokens.what')}
        </EmptyState>
      )}
      {tokens && tokens.length > 0 && (
        <ul className={s.items}>
          {tokens.map((token) => (
            <li key={token.id}>
              <div className={s.what}>
                <div className={s.name}>{token.name}</div>
                <div className={s.quiet}>
                  {token.scopes.map((scope) => t(`tokens.scope.${scope}`)).join(', ')} ·{' '}
                  {token.expires_at ? (
                    <time title={full(token.expires_at)}>
                      {t('tokens.until', { day: day(token.expires_at) })}
                    </time>
                  ) : (
                    t('tokens.forever')
                  )}
                  {token.last_used_at && ` · ${t('tokens.used', { day: day(token.last_used_at) })}`}
                </div>
              </div>
              <Button size="s" onClick={() => setRemoving(token)}>
                {t('tokens.revoke')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {making && (
        <CreateToken
          onClose={() => {
            setMaking(false)
            loaded.reload()
          }}
        />
      )}
      {removing && (
        <RevokeToken
          token={removing}
          onClose={() => setRemoving(null)}
          onDone={() => {
            loaded.patch((page) => ({ ...page, items: page.items.filter((each) => each.id !== removing.id) }))
            setRemoving(null)
          }}
        />
      )}
    </Group>
  )
}

function RevokeToken({ token, onClose, onDone }: { token: Token; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('settings')
  const weft = useWeft()
  const revoke = useAction(async () => {
    await weft.api.tokens.remove(token.id)
    onDone()
  })
  return (
    <Modal
      size="s"
      title={t('tokens.revokeTitle', { name: token.name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button variant="danger" busy={revoke.busy} onClick={() => void revoke.run()}>
            {t('tokens.revoke')}
          </Button>
        </>
      }
    >
      <p>{t('tokens.revokeBody')}</p>
      <ProblemBanner problem={revoke.problem} />
    </Modal>
  )
}

function CreateToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('settings')
  const weft = useWeft()
  const me = useMe()
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Scope[]>(['read'])
  const [days, setDays] = useState<string>('90')
  const [secret, setSecret] = useState<string | null>(null)
  const admin = me.role === 'owner' || me.role === 'admin'
  const create = useAction(async () => {
    const until = days === 'never' ? {} : { expires_at: (Date.now() + Number(days) * 86_400_000) * 1000 }
    const made = await weft.api.tokens.create({ name: name.trim(), scopes, ...until })
    setSecret(made.secret)
  })
  if (secret) {
    return (
      <Modal
        title={t('tokens.made')}
        onClose={onClose}
        footer={
          <Button variant="primary" onClick={onClose}>
            {t('tokens.kept')}
          </Button>
        }
      >
        <Banner tone="warning">{t('tokens.once')}</Banner>
        <Secret value={secret}>
          <CopyButton text={secret} />
        </Secret>
      </Modal>
    )
  }
  return (
    <Modal
      title={t('tokens.create')}
      onClose={onClose}
      onSubmit={() => void create.run()}
      footer={
        <>
          <Button onClick={onClose}>{t('common:cancel')}</Button>
          <Button
            type="submit"
            variant="primary"
            busy={create.busy}
            disabled={!name.trim() || !scopes.length}
          >
            {t('common:create')}
          </Button>
        </>
      }
    >
      <TextField
        label={t('tokens.name')}
        placeholder={t('tokens.nameExample')}
        maxLength={80}
        value={name}
        error={fieldError(t, create.problem, 'name')}
        onChange={(event) => setName(event.target.value)}
      />
      <fieldset className={own.scopes}>
        <legend>{t('tokens.scopes')}</legend>
        {(['read', 'write', ...(admin ? ['admin'] : [])] as Scope[]).map((scope) => (
          <Checkbox
            key={scope}
            label={t(`tokens.scope.${scope}`)}
            hint={t(`tokens.scopeHint.${scope}`)}
            checked={scopes.includes(scope)}
            onChange={(event) =>
              setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((each) => each !== scope))
            }
          />
        ))}
      </fieldset>
      <SelectField label={t('tokens.expiry')} value={days} onChange={(event) => setDays(event.target.value)}>
        {DAYS.map((count) => (
          <option key={count} value={count}>
            {t('tokens.days', { count })}
          </option>
        ))}
        <option value="never">{t('tokens.forever')}</option>
      </SelectField>
      {!create.problem?.field && <ProblemBanner problem={create.problem} />}
    </Modal>
  )
}
