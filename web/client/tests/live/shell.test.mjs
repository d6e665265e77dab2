import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { startChromium, violations } from './pages.mjs'

const OWNER = { name: '林晓', email: 'lin@weft.test', password: 'threads over threads' }
const GUEST = { name: 'Ada Lovelace', email: 'ada@weft.test', password: 'engines weave algebra' }

describe.skipIf(!BIN)('from an empty server to two people', () => {
  let server, browser, owner, ada, org

  beforeAll(async () => {
    server = await LiveServer.start()
    browser = await startChromium()
    owner = await page({ locale: 'zh-CN' })
    ada = await page({ locale: 'en-US', colorScheme: 'dark' })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => {
    for (const each of [owner, ada]) expect(each.faults.splice(0)).toEqual([])
  })

  const page = async (options) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
    const made = await context.newPage()
    made.setDefaultTimeout(10_000)
    made.faults = []
    made.on('pageerror', (error) => made.faults.push(String(error)))
    return made
  }
  const at = (path) => `${server.base}/o/${org}${path}`
  const row = (on, name) => on.getByRole('navigation').getByRole('link', { name })
  const box = (on, name) => on.getByRole('textbox', { name })
  it('sets the server up with the link of its log', async () => {
    await owner.goto(`${server.base}/`)
    await owner.waitForURL(/\/setup/)
    const link = await until(() => server.log.match(/\/setup\?token=\w+/)?.[0], 'the link')
    await owner.goto(server.base + link)
    await box(owner, '组织名称').fill('织云')
    await box(owner, '姓名').fill(OWNER.name)
    await box(owner, '邮箱').fill(OWNER.email)
    await box(owner, '密码').fill(OWNER.password)
    expect(await violations(owner)).toEqual([])
    await owner.getByRole('button', { name: '创建组织' }).click()
    await owner.waitForURL(/\/o\/org_\w+\/c\/cnv_/)
    org = owner.url().match(/org_\w+/)[0]
  })

  it('invites by a link, and the invited joins in another language', async () => {
    await owner.goto(at('/admin/invitations'))
    await owner.getByRole('button', { name: '邀请成员' }).first().click()
    await owner.getByRole('button', { name: '创建链接' }).click()
    const link = new URL(await owner.locator('dialog code').innerText())
    await ada.goto(server.base + link.pathname)
    await box(ada, 'Your name').fill(GUEST.name)
    await box(ada, 'E-mail address').fill(GUEST.email)
    await box(ada, 'Password').fill(GUEST.password)
    await ada.getByRole('button', { name: 'Join 织云' }).click()
    await ada.waitForURL(/\/o\/org_\w+\/c\/cnv_/)
  })

  it('makes a channel that the other finds and joins', async () => {
    await owner.goto(at(''))
    await owner.getByRole('button', { name: '织云', exact: true }).click()
    await owner.getByRole('menuitem', { name: '创建频道' }).click()
    await box(owner, '名称').fill('产品发布')
    await owner.getByRole('button', { name: '创建', exact: true }).click()
    await row(owner, '产品发布').waitFor()
    await ada.goto(at('/browse'))
    await ada.getByRole('button', { name: 'Join 产品发布' }).click()
    await row(ada, '产品发布').waitFor()
  })

  it('opens a direct conversation by pinyin, and shows what is unread in list, title and icon', async () => {
    await owner.goto(at('/people'))
    await ada.keyboard.press('Alt+n')
    await ada.getByRole('combobox').fill('linxiao')
    await ada.getByRole('option', { name: OWNER.name }).waitFor()
    await ada.keyboard.press('Enter')
    await ada.getByRole('button', { name: 'Open conversation' }).click()
    await row(ada, OWNER.name).waitFor()
    await box(ada, OWNER.name).fill('在吗？')
    await ada.keyboard.press('Enter')
    await until(async () => (await owner.title()).startsWith('•'), 'the mark in the title')
    expect(await owner.locator('link[rel=icon]').getAttribute('href')).toBe('/favicon-unread.svg')
    await owner.goto(at('/people'))
    await owner.getByRole('link', { name: /消息/ }).click()
    await row(owner, GUEST.name).getByText('1 条未读消息').waitFor()
  })

  it('arranges the list in sections that another device sees', async () => {
    await row(owner, '产品发布').click({ button: 'right' })
    await owner.getByRole('menuitem', { name: '移动到' }).click()
    await owner.getByRole('menuitem', { name: '新建分组并移入' }).click()
    await box(owner, '名称').fill('重点')
    await owner.getByRole('button', { name: '保存' }).click()
    await owner.getByRole('button', { name: '重点', exact: true }).waitFor()
    const phone = await page({
      locale: 'zh-CN',
      viewport: { width: 390, height: 844 },
      isMobile: true,
      hasTouch: true,
    })
    await phone.goto(`${server.base}/sign-in`)
    await box(phone, '邮箱').fill(OWNER.email)
    await box(phone, '密码').fill(OWNER.password)
    await phone.getByRole('button', { name: '登录' }).click()
    await phone.getByRole('button', { name: '重点', exact: true }).waitFor()
    expect(await violations(phone)).toEqual([])
    await row(phone, '产品发布').click()
    await phone.getByRole('button', { name: '返回' }).click()
    await row(phone, '产品发布').waitFor()
    await phone.context().close()
  })

  it('has no accessibility violations on any page, in either theme', async () => {
    const settings = ['profile', 'appearance', 'writing', 'account', 'tokens'].map((p) => `/settings/${p}`)
    const admin = ['org', 'members', 'invitations', 'imports'].map((p) => `/admin/${p}`)
    for (const path of ['', '/people', '/browse', '/threads', ...settings, ...admin, '/nowhere']) {
      await owner.goto(at(path))
      await owner.locator('main').getByRole('heading').last().waitFor()
      await until(async () => (await owner.locator('main [aria-busy=true]').count()) === 0, 'the page')
      for (const colorScheme of ['light', 'dark']) {
        await owner.emulateMedia({ colorScheme })
        expect(await violations(owner), `${path} ${colorScheme}`).toEqual([])
      }
    }
    await owner.emulateMedia({ colorScheme: 'light' })
  }, 120_000)

  it('opens every layer by keyboard, closes the top one by Escape, and gives the focus back', async () => {
    await owner.goto(at(''))
    await row(owner, '产品发布').waitFor()
    const press = (keys) => owner.keyboard.press(keys)
    const focused = () => owner.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
    /** Opens a layer from where the focus is, looks at it in both themes, closes it, and comes back. */
    const layer = async (name, open, what) => {
      const before = await focused()
      await open()
      await what.waitFor()
      for (const colorScheme of ['light', 'dark']) {
        await owner.emulateMedia({ colorScheme })
        expect(await violations(owner), `${name} ${colorScheme}`).toEqual([])
      }
      await press('Escape')
      await what.waitFor({ state: 'hidden' })
      await until(async () => (await focused()) === before, `the focus back from ${name}`)
    }
    const dialog = owner.getByRole('dialog')
    const switcher = dialog.getByRole('combobox')
    const org = owner.getByRole('button', { name: '织云', exact: true })
    await org.focus()
    await layer('menu', () => press('Enter'), owner.getByRole('menu'))
    await layer('switcher', () => press('Control+k'), switcher)
    await layer('shortcuts', () => press('?'), dialog)
    await layer('new message', () => press('Alt+n'), dialog)
    await row(owner, '产品发布').focus()
    await layer('row menu', () => press('Shift+F10'), owner.getByRole('menu'))
    // A menu over a panel: Escape takes the menu only, then the panel.
    await row(owner, '产品发布').click()
    await owner.getByRole('button', { name: '详情', exact: true }).focus()
    await press('Enter')
    const panel = owner.locator('[data-panel]')
    await panel.waitFor()
    expect(await violations(owner)).toEqual([])
    await press('Control+k')
    await switcher.waitFor()
    await press('Escape')
    await switcher.waitFor({ state: 'hidden' })
    expect(await panel.isVisible()).toBe(true)
    await panel.getByRole('button').first().focus()
    await press('Escape')
    await panel.waitFor({ state: 'detached' })
    // Wherever Tab leads, something shows that it is there.
    for (let i = 0; i < 25; i++) {
      await press('Tab')
      const ring = await owner.evaluate(() => {
        const at = document.activeElement
        // A field's ring may be drawn by a box round it.
        const boxes = [at]
        for (let box = at.parentElement; box && boxes.length < 6; box = box.parentElement) boxes.push(box)
        const drawn = boxes.some((element) => {
          const style = element && getComputedStyle(element)
          const outlined = style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
          return outlined || (element?.matches(':focus-within') && style.boxShadow.includes('inset'))
        })
        return at === document.body || drawn ? '' : at.outerHTML.slice(0, 120)
      })
      expect(ring).toBe('')
    }
  }, 120_000)

  it('keeps the only owner, and cuts off a deactivated member at once', async () => {
    await owner.goto(at('/admin/members'))
    const role = owner.getByLabel(`${OWNER.name}的角色`)
    await until(() => role.isDisabled(), 'the only owner to be held')
    await owner.getByRole('button', { name: `${GUEST.name}的操作` }).click()
    await owner.getByRole('menuitem', { name: '停用' }).click()
    await owner.getByRole('dialog').getByRole('button', { name: '停用' }).click()
    await ada.waitForURL(/\/sign-in/)
    await ada.getByText('An administrator ended your access.').waitFor()
  })

  it('starts without a server once it was here, and signs out', async () => {
    await owner.goto(at(''))
    await row(owner, '产品发布').waitFor()
    await owner.evaluate(() => navigator.serviceWorker.ready)
    await owner.reload()
    await row(owner, '产品发布').waitFor()
    const kept = () => owner.evaluate(async () => (await caches.match('/')) !== undefined)
    await until(kept, 'the page in the cache')
    await server.kill()
    await owner.reload()
    await row(owner, '产品发布').waitFor()
    await owner.getByRole('status').getByText('连接已断开').waitFor()
    await server.run()
    await owner.getByText('连接已断开').waitFor({ state: 'hidden', timeout: 40_000 })
    await owner.getByRole('button', { name: /状态与设置/ }).click()
    await owner.getByRole('menuitem', { name: '退出登录' }).click()
    await owner.waitForURL(/\/sign-in/)
    expect(await owner.evaluate(() => localStorage.getItem('weft.me'))).toBeNull()
  }, 60_000)
})
