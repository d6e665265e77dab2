import AxeBuilder from '@axe-core/playwright'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { composer, message, richComposer, signedIn, startChromium, written } from './pages.mjs'

const ORG = '织云'
const CHUNK = /\/assets\/RichSurface-.*\.js$/

describe.skipIf(!BIN)('the composer', () => {
  let server, browser, ann, org, room, page, box

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    await server.person(ORG, 'Bob')
    const zhang = await server.person(ORG, 'Zhang')
    await zhang.api.me.update({ name: '张伟' })
    org = (await ann.api.me.get()).org.id
    room = await channel('room')
    browser = await startChromium()
    page = await signedIn(browser, server, 'Ann')
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => expect(page.faults.splice(0)).toEqual([]))

  const channel = async (name) =>
    (await ann.api.conversations.create({ kind: 'channel', name, members: [] })).id
  const url = (id) => `${server.base}/o/${org}/c/${id}`
  /** Drafts are told to the server a second after the last change. */
  const drafts = async () => (await ann.api.conversations.bootstrap()).drafts.map((d) => d.text).join()
  const noDraft = async () => (await drafts()) === ''
  const open = async (id = room, on = page) => {
    await until(noDraft, 'the end of the draft')
    await on.goto(url(id))
    box = await richComposer(on)
    await box.focus()
    return box
  }
  const type = (text) => page.keyboard.type(text)
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key)
  }
  const clear = () => press('Control+a', 'Delete', 'Backspace', 'Backspace')
  /** Sends by Enter and answers the text that the server got. */
  const send = async (id = room) => {
    const last = async () => (await ann.api.messages.page(id, { limit: 1 })).items.at(-1)
    const before = (await last())?.seq
    await press('Control+Enter')
    await until(async () => (await last()).seq !== before, 'the message')
    return (await last()).content.parts.map((p) => p.text).join('\n')
  }
  const paste = (data) =>
    box.evaluate((el, data) => {
      const clipboard = new DataTransfer()
      for (const [kind, text] of Object.entries(data)) clipboard.setData(kind, text)
      el.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: clipboard, bubbles: true, cancelable: true }),
      )
    }, data)

  it('turns Markdown into what it means while it is typed, also beside Chinese', async () => {
    await open()
    await type('请**务必**看 `a*b`、~~旧~~ [文档](https://weft.dev/x)')
    for (const [tag, text] of [
      ['strong', '务必'],
      ['code', 'a*b'],
      ['s', '旧'],
      ['a', '文档'],
    ])
      expect(await box.locator(tag).textContent()).toBe(text)
    await press('Shift+Enter')
    await type('- 一')
    await press('Shift+Enter')
    await type('[x] 二')
    await press('Shift+Enter', 'Shift+Enter')
    await type('> 引用')
    await press('Shift+Enter', 'Shift+Enter')
    await type('```rust')
    await press('Enter')
    await type('fn a() {}')
    await press('Enter')
    await type('*')
    expect(await send()).toBe(
      '请**务必**看 `a*b`、~~旧~~ [文档](https://weft.dev/x)\n\n- 一\n- [x] 二\n\n> 引用\n\n```rust\nfn a() {}\n*\n```',
    )
    expect(await written(box)).toBe('')
  })

  it('formats by keys, and takes it back by undo', async () => {
    await open()
    await press('Control+b')
    await type('bold')
    await press('Control+b')
    await type(' ')
    await press('Control+Shift+x')
    await type('gone')
    await press('Control+Shift+x', 'Shift+Enter', 'Control+Shift+8')
    await type('one')
    expect(await box.locator('ul > li').count()).toBe(1)
    await press('Control+Shift+7')
    expect(await box.locator('ol > li').count()).toBe(1)
    await press('Control+z')
    expect(await box.locator('ul > li').count()).toBe(1)
    expect(await send()).toBe('**bold** ~~gone~~\n\n- one')
  })

  it('sends as typed what only looks like Markdown', async () => {
    await open()
    await type('2*3*4 snake_case #1')
    await press('Shift+Enter')
    await type('1. ')
    await press('Control+z')
    await type('x')
    expect(await send()).toBe('2\\*3\\*4 snake_case #1\n1\\. x')
    expect(await message(page, '2*3*4').locator('em, ol').count()).toBe(0)
  })

  it('completes people by pinyin and keeps them as one character', async () => {
    await open()
    await type('请@zhangw')
    const option = page.getByRole('option', { name: /张伟/ })
    await option.waitFor()
    expect(await box.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'))
    await press('Enter')
    expect(await written(box)).toBe('请@张伟 ')
    await press('Backspace', 'Backspace')
    expect(await written(box)).toBe('请')
    await type('@zw')
    await option.waitFor()
    await press('Tab')
    await type('看 #roo')
    await page.getByRole('option', { name: /room/ }).waitFor()
    await press('Enter')
    expect(await send()).toMatch(/^请<@usr_\w+> 看 <#cnv_\w+>$/)
    await message(page, '请@张伟 看 #room').waitFor()
  })

  it('leaves keys to an input method that composes', async () => {
    await open()
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Input.imeSetComposition', { text: 'zhong', selectionStart: 5, selectionEnd: 5 })
    const enter = { key: 'Process', code: 'Enter', windowsVirtualKeyCode: 229 }
    await cdp.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter })
    expect(await written(box)).toBe('zhong')
    await cdp.send('Input.insertText', { text: '中' })
    await cdp.send('Input.imeSetComposition', { text: 'wen', selectionStart: 3, selectionEnd: 3 })
    await cdp.send('Input.insertText', { text: '文' })
    expect(await written(box)).toBe('中文')
    await press('Control+a', 'Control+b')
    expect(await send()).toBe('**中文**')
  })

  it('keeps a draft as it looks', async () => {
    await channel('elsewhere')
    await open()
    await type('**half** a @zw')
    await page.getByRole('option', { name: /张伟/ }).waitFor()
    await press('Enter')
    await page.getByRole('link', { name: /elsewhere/ }).click()
    await until(async () => (await written(composer(page))) === '', 'the other composer')
    await page.goBack()
    await until(async () => (await written(composer(page))).startsWith('half a @张伟'), 'the draft')
    expect(await composer(page).locator('strong').textContent()).toBe('half')
    await until(async () => /^\*\*half\*\* a <@usr_\w+>/.test(await drafts()), 'the draft on the server')
    await composer(page).focus()
    await clear()
    await until(noDraft, 'the end of the draft')
  })

  it('edits the last message by ↑, and leaves it alone on Escape', async () => {
    await open()
    await type('first **words**')
    await send()
    await message(page, 'first words').locator('[data-state=sent]').waitFor()
    await press('ArrowUp')
    const edit = page.locator('article [contenteditable=true]')
    await edit.waitFor()
    expect(await edit.locator('strong').textContent()).toBe('words')
    await type(' more')
    await press('Escape')
    await edit.waitFor({ state: 'detached' })
    await press('ArrowUp')
    await edit.waitFor()
    await type(' more')
    await press('Control+Enter')
    await message(page, 'first words more').getByText('(edited)').waitFor()
    expect(await message(page, 'first words more').locator('strong').textContent()).toMatch(/^words/)
  })

  it('pastes web pages, tables and links as their formats, and nothing that runs', async () => {
    await open()
    await paste({
      'text/html':
        '<p>see <b>this</b> <a href="javascript:window.hit=1">x</a><img src=x onerror="window.hit=1"></p><script>window.hit=1</script><ul><li>a<li>b</ul><table><tr><td>1</td><td>2|3</td></tr></table>',
      'text/plain': 'see this x a b 1 2',
    })
    expect(await send()).toBe('see **this** x\n\n- a\n- b\n\n| 1 | 2\\|3 |\n| --- | --- |')
    await paste({ 'text/html': '<p data-pm-slice="1 1 []">q <a href="javascript:window.hit=1">y</a></p>' })
    expect(await box.locator('a').count()).toBe(0)
    expect(await page.evaluate(() => window.hit)).toBeUndefined()
    await clear()
    await type('docs')
    await press('Control+a')
    await paste({ 'text/plain': 'https://weft.dev/a' })
    expect(await send()).toBe('[docs](https://weft.dev/a)')
    await paste({ 'text/plain': '**重要**\n- a\n- b' })
    expect(await send()).toBe('**重要**\n\n- a\n- b')
    await paste({ 'text/plain': 'ls *.rs *.ts\n# not a heading' })
    expect(await send()).toBe('ls \\*.rs \\*.ts\n\\# not a heading')
  })

  it('counts what is too long and does not send it', async () => {
    await open()
    await paste({ 'text/plain': 'words and more\n'.repeat(6_667) })
    await page.getByText(/60,?\d{3} characters too many/).waitFor()
    await press('Control+Enter')
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(true)
    await clear()
    await paste({ 'text/plain': '\n'.repeat(100_000) })
    await page.getByText(/too long to paste/).waitFor()
    expect(await written(box)).toBe('')
  })

  it('asks for a link’s address', async () => {
    await open()
    await type('docs')
    await press('Control+a', 'Control+Shift+u')
    await page.getByLabel('Address').fill('nowhere')
    await press('Enter')
    await page.getByText(/begins with https/).waitFor()
    await page.getByLabel('Address').fill('weft.dev/a')
    await press('Enter')
    expect(await send()).toBe('[docs](https://weft.dev/a)')
  })

  it('loses nothing that is typed before it is loaded', async () => {
    const other = await browser.newContext({
      storageState: await page.context().storageState(),
      serviceWorkers: 'block',
    })
    const late = await other.newPage()
    late.setDefaultTimeout(12_000)
    let letThrough
    const held = new Promise((resolve) => (letThrough = resolve))
    const asked = new Promise((resolve) => {
      void late.route(CHUNK, async (route) => {
        resolve(route.request().url())
        await held
        await route.continue()
      })
    })
    await late.goto(url(room))
    const plain = late.locator('section textarea')
    await plain.waitFor()
    await plain.pressSequentially('**early** ')
    const chunk = await asked
    letThrough()
    // As text, so that it is the page that imports.
    await late.evaluate(`import(${JSON.stringify(chunk)})`)
    await late.keyboard.type('words')
    expect(await written(plain)).toBe('**early** words')
    await late.keyboard.press('Enter')
    await message(late, 'early words').waitFor()
    const rich = await richComposer(late)
    await late.keyboard.type('**on**')
    expect(await rich.locator('strong').textContent()).toBe('on')
    await late.keyboard.press('Control+a')
    await late.keyboard.press('Delete')
    await other.close()
  })

  it('stays a text box for those who compose in Markdown', async () => {
    await page.goto(`${server.base}/o/${org}/settings/writing`)
    const choice = page.getByRole('switch', { name: 'Compose in Markdown' })
    await choice.click()
    await page.goto(url(room))
    await page.locator('section textarea').waitFor()
    await page.locator('section textarea').fill('- a\n- **b**')
    expect(await send()).toBe('- a\n- **b**')
    await page.goto(`${server.base}/o/${org}/settings/writing`)
    await choice.click()
    await open()
  })

  it('fits a phone, and is named and reachable', async () => {
    const context = await browser.newContext({
      storageState: await page.context().storageState(),
      viewport: { width: 390, height: 500 },
      hasTouch: true,
      isMobile: true,
    })
    const phone = await context.newPage()
    await phone.goto(url(room))
    const small = await richComposer(phone)
    expect(await small.getAttribute('aria-label')).toBe('Message room')
    expect(await small.getAttribute('aria-multiline')).toBe('true')
    await small.tap()
    for (let i = 0; i < 14; i++) {
      await phone.keyboard.type(`line ${i}`)
      await phone.keyboard.press('Shift+Enter')
    }
    const { height } = await small.boundingBox()
    expect(height).toBeLessThanOrEqual(200)
    expect(await phone.getByRole('button', { name: 'Send', exact: true }).isVisible()).toBe(true)
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    const found = await new AxeBuilder({ page: phone }).include('section [contenteditable=true]').analyze()
    expect(found.violations.map((v) => v.id)).toEqual([])
    await context.close()
  })
})
