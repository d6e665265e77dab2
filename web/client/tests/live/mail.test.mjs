import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { signedIn, startChromium, violations } from './pages.mjs'

const ORG = '织云'

describe.skipIf(!BIN)('mails of what was missed', () => {
  let server, browser, ann, bob, org, annPage, bobPage

  beforeAll(async () => {
    // Nobody listens there: what is sent waits.
    const mail = ['--smtp-url', 'smtp://127.0.0.1:1?tls=none', '--mail-from', 'weft@weft.test']
    server = await LiveServer.start(mail)
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    org = (await ann.api.me.get()).org.id
    browser = await startChromium()
    annPage = await signedIn(browser, server, 'Ann')
    bobPage = await signedIn(browser, server, 'Bob', { viewport: { width: 390, height: 844 } })
    await bobPage.evaluate(() => localStorage.setItem('weft.locale', 'zh-CN'))
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => {
    for (const page of [annPage, bobPage]) expect(page.faults.splice(0)).toEqual([])
  })

  const wish = async () => (await bob.api.me.get()).settings['mail.digest']

  it('come when each chooses, by keyboard too', async () => {
    await bobPage.goto(`${server.base}/o/${org}/settings/notifications`)
    const group = bobPage.getByRole('group', { name: '用邮件通知' })
    await group.getByText('1 小时后').waitFor()
    await bobPage.getByText('邮件发往 bob@weft.test。').waitFor()
    expect(await group.getByRole('radio', { name: '1 小时后' }).isChecked()).toBe(true)
    expect(await violations(bobPage)).toEqual([])
    await group.getByText('每天一次').click()
    await until(async () => (await wish())?.when === 'day', 'the choice on the server')
    expect(await wish()).toEqual({ when: 'day', hour: 8 })
    await bobPage.getByLabel('时间').selectOption('18')
    await until(async () => (await wish())?.hour === 18, 'the hour on the server')
    expect(await violations(bobPage)).toEqual([])
    await group.getByRole('radio', { name: '每天一次' }).press('ArrowLeft')
    await until(async () => (await wish())?.when === 'hour', 'the choice by keyboard')
  })

  it('are governed by the owner, and everybody sees it', async () => {
    await annPage.goto(`${server.base}/o/${org}/admin/org`)
    await annPage.getByText('Mails hold what messages say').click()
    await until(async () => (await ann.api.me.get()).org.mail.texts === false, 'no texts')
    await annPage.getByText('Tell people by mail').click()
    await until(async () => (await ann.api.me.get()).org.mail.digests === false, 'no mails')
    await annPage.getByText('Mails hold what messages say').waitFor({ state: 'detached' })
    expect(await violations(annPage)).toEqual([])
    await bobPage.reload()
    await bobPage.getByText('组织已关闭这类邮件。').waitFor()
    expect(await violations(bobPage)).toEqual([])
  })
})
