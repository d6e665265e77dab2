import AxeBuilder from '@axe-core/playwright'
import { deflateSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer, until } from '../../../sdk/tests/live/server.mjs'
import { composer, say, signedIn, startChromium } from './pages.mjs'

const ORG = '织云'

/** A PNG with a gradient. */
function png(width, height, hue = 0) {
  const rows = Buffer.alloc(height * (1 + width * 3))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * (1 + width * 3) + 1 + x * 3
      rows[at] = (x * 255) / width
      rows[at + 1] = (y * 255) / height
      rows[at + 2] = hue
    }
  }
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data])
    let crc = ~0
    for (const byte of body) {
      crc ^= byte
      for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1))
    }
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length)
    body.copy(out, 4)
    out.writeUInt32BE(~crc >>> 0, body.length + 4)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10])
  const parts = [chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]
  return Buffer.concat([signature, ...parts])
}

/** A PDF of one page that says hello. */
function pdf() {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>',
    '<</Length 44>>stream\nBT /F 24 Tf 60 200 Td (Hello from Weft) Tj ET\nendstream',
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ]
  const body = objects.map((object, i) => `${i + 1} 0 obj\n${object}\nendobj\n`).join('')
  return Buffer.from(`%PDF-1.4\n${body}trailer<</Root 1 0 R/Size 6>>\n%%EOF\n`)
}

/** A WAV of silence. */
function wav() {
  const data = Buffer.alloc(8_000, 128)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + data.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8_000, 24)
  head.writeUInt32LE(8_000, 28)
  head.writeUInt16LE(1, 32)
  head.writeUInt16LE(8, 34)
  head.write('data', 36)
  head.writeUInt32LE(data.length, 40)
  return Buffer.concat([head, data])
}

const photo = (name, width = 1200, height = 800, hue = 0) => ({
  name,
  mimeType: 'image/png',
  buffer: png(width, height, hue),
})
const text = (name, words) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(words) })

describe.skipIf(!BIN)('files', () => {
  let server, browser, ann, bob, org, page

  beforeAll(async () => {
    server = await LiveServer.start()
    await server.admin(['create-org', ORG])
    ann = await server.person(ORG, 'Ann', true)
    bob = await server.person(ORG, 'Bob')
    org = (await ann.api.me.get()).org.id
    browser = await startChromium()
    page = await signedIn(browser, server, 'Ann', { permissions: ['microphone'] })
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
  })
  afterEach(() => expect(page.faults.splice(0)).toEqual([]))

  const bobId = async () => (await bob.api.me.get()).principal.id
  const open = async (name, on = page) => {
    const members = [await bobId()]
    const { id } = await ann.api.conversations.create({ kind: 'channel', name, members })
    await on.goto(`${server.base}/o/${org}/c/${id}`)
    await composer(on).waitFor()
    return id
  }
  const attachButton = (on = page) => on.getByRole('button', { name: 'Attach', exact: true })
  const choose = async (files, on = page, item = 'Files') => {
    await attachButton(on).click()
    const chooser = on.waitForEvent('filechooser')
    await on.getByRole('menuitem', { name: item, exact: true }).click()
    await (await chooser).setFiles(files)
  }
  const cards = (on = page) => on.getByRole('list', { name: 'Attached files' }).getByRole('listitem')
  const send = (on = page) => on.getByRole('button', { name: 'Send', exact: true }).click()
  const newest = async (id) => (await ann.api.messages.page(id, { limit: 1 })).items.at(-1)
  const sentFiles = async (id, count) =>
    until(async () => {
      const files = (await newest(id))?.content.parts.find((part) => part.type === 'files')?.files ?? []
      return files.length === count ? files : null
    }, `${count} files`)
  const axe = async (on = page, part = 'body') => {
    const found = await new AxeBuilder({ page: on })
      .include(part)
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze()
    expect(found.violations.map((each) => `${each.id}: ${each.nodes[0]?.html}`)).toEqual([])
  }

  it('are chosen, shown while they upload, and sent with or without words', async () => {
    const id = await open('choose')
    await choose([photo('one.png'), photo('two.png', 800, 900, 200), text('main.rs', 'fn main() {}\n')])
    await expect.poll(() => cards().count()).toBe(3)
    await axe()
    await page.getByRole('button', { name: 'Remove main.rs' }).click()
    await expect.poll(() => cards().count()).toBe(2)
    await send()
    const files = await sentFiles(id, 2)
    expect(files.map((file) => [file.name, file.kind, file.width, file.thumb])).toEqual([
      ['one.png', 'image', 1200, true],
      ['two.png', 'image', 800, true],
    ])
    expect(await cards().count()).toBe(0)
    await page.getByRole('button', { name: 'Open one.png' }).waitFor()
    await axe()
  })

  it('are looked at over the whole window, by keys and pointer', async () => {
    await page.getByRole('button', { name: 'Open one.png' }).click()
    const viewer = page.getByRole('dialog', { name: 'one.png' })
    await viewer.getByText('1 of 2').waitFor()
    await page.keyboard.press('ArrowRight')
    await page.getByRole('dialog', { name: 'two.png' }).getByText('2 of 2').waitFor()
    const image = page.getByRole('img', { name: 'two.png' })
    await page.keyboard.press('+')
    await expect.poll(() => image.evaluate((el) => el.style.transform)).toContain('scale(1.5)')
    await axe()
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download two.png' }).click()
    expect((await download).suggestedFilename()).toBe('two.png')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  })

  it('are dropped and pasted', async () => {
    const id = await open('drop')
    const data = await page.evaluateHandle(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }))
      return transfer
    })
    const room = page.locator('section[aria-label=drop]')
    await room.dispatchEvent('dragenter', { dataTransfer: data })
    await page.getByText('Drop the files to attach them').waitFor()
    await room.dispatchEvent('drop', { dataTransfer: data })
    await expect.poll(() => cards().count()).toBe(1)
    await composer(page).evaluate((el) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['pasted'], 'pasted.txt', { type: 'text/plain' }))
      el.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }),
      )
    })
    await expect.poll(() => cards().count()).toBe(2)
    await say(page, 'both')
    const files = await sentFiles(id, 2)
    expect(files.map((file) => file.name)).toEqual(['dropped.txt', 'pasted.txt'])
  })

  it('stay attached through other conversations and a reload', async () => {
    const id = await open('stay')
    await choose([text('kept.txt', 'kept')])
    await expect.poll(() => cards().count()).toBe(1)
    await cards().getByText('4 B', { exact: true }).waitFor()
    await page.goto(`${server.base}/o/${org}/people`)
    await page.goto(`${server.base}/o/${org}/c/${id}`)
    await cards().getByText('kept.txt').waitFor()
    await send()
    await sentFiles(id, 1)
  })

  it('go on where they broke off, and leave with their message when the network is back', async () => {
    const id = await open('offline')
    const context = page.context()
    let cut = true
    await context.route('**/files/uploads/*', (route) => (cut ? route.abort() : route.fallback()))
    await choose([
      { name: 'big.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(9_000_000, 7) },
    ])
    await expect.poll(() => cards().count()).toBe(1)
    await composer(page).fill('with a file')
    await page.keyboard.press('Enter')
    await expect.poll(() => cards().count()).toBe(0)
    await page.getByRole('article').filter({ hasText: 'with a file' }).getByText('big.bin').waitFor()
    expect(await newest(id).then((m) => m?.n ?? null)).toBeNull()
    cut = false
    const [file] = await sentFiles(id, 1)
    expect(file.size).toBe(9_000_000)
    await context.unroute('**/files/uploads/*')
  })

  it('that are refused say why and can be removed', async () => {
    await open('refused')
    await ann.api.files.setSettings({ max_file_size: 10 })
    await choose([text('large.txt', 'more than ten bytes')])
    await page.getByText('The file is larger than your organisation allows.').waitFor()
    await ann.api.files.setSettings({ max_file_size: 1 << 30 })
    await axe()
    await page.getByRole('button', { name: 'Remove large.txt' }).click()
  })

  it('are read without leaving: PDF, text and code', async () => {
    await open('read')
    await choose([
      { name: 'paper.pdf', mimeType: 'application/pdf', buffer: pdf() },
      text('notes.txt', '第一行\nsecond line'),
      text('main.py', 'def main():\n    return 1\n'),
    ])
    await expect.poll(() => cards().count()).toBe(3)
    await send()
    await page.getByRole('article').last().getByText('return').first().waitFor()
    await page.getByRole('button', { name: 'Open notes.txt' }).click()
    await page.getByRole('dialog').getByText('第一行').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Open paper.pdf' }).click()
    const sheet = page.getByRole('img', { name: 'Page 1' })
    await sheet.waitFor()
    const drawn = () =>
      sheet.evaluate((el) => {
        const { data } = el.getContext('2d').getImageData(0, 0, el.width, el.height)
        return data.some((value, i) => i % 4 === 0 && value < 100 && data[i + 3] > 0)
      })
    await expect.poll(drawn, { timeout: 10_000 }).toBe(true)
    await axe()
    await page.keyboard.press('Escape')
  })

  it('can be snippets with a language', async () => {
    const id = await open('snippet')
    await attachButton().click()
    await page.getByRole('menuitem', { name: 'Code snippet' }).click()
    await page.getByLabel('Name').fill('query')
    await page.getByLabel('Language').selectOption('sql')
    await page.getByLabel('Code', { exact: true }).fill('SELECT 1')
    await axe()
    await page.getByRole('dialog').getByRole('button', { name: 'Attach' }).click()
    await expect.poll(() => cards().count()).toBe(1)
    await send()
    const [file] = await sentFiles(id, 1)
    expect([file.name, file.kind]).toEqual(['query.sql', 'code'])
  })

  it('that are voice have a waveform and speeds', async () => {
    const id = await open('voice')
    const bytes = wav()
    const waveform = Array.from({ length: 60 }, (_, i) => (i * 37) % 256)
    const begun = await ann.api.files.begin({
      name: 'voice.wav',
      size: bytes.length,
      mime: 'audio/wav',
      duration_ms: 1000,
      waveform,
    })
    const headers = { ...ann.api.http.headers(), 'Upload-Offset': '0' }
    await fetch(ann.api.files.uploadUrl(begun.id), { method: 'PATCH', headers, body: bytes })
    await ann.api.messages.send(id, { nonce: 'voice', text: '', files: [begun.id] })
    const voice = page.getByRole('group', { name: 'Voice message' })
    await voice.waitFor()
    await voice.getByRole('button', { name: 'Speed 1×' }).click()
    await voice.getByRole('button', { name: 'Speed 1.5×' }).click()
    await voice.getByRole('button', { name: 'Speed 2×' }).waitFor()
    await axe()
  })

  it('of a conversation and of all are found by kind and name', async () => {
    const id = await open('find')
    await choose([photo('sunset.png', 300, 200), text('readme.md', '# Read me')])
    await expect.poll(() => cards().count()).toBe(2)
    await send()
    await sentFiles(id, 2)
    await page.getByRole('button', { name: 'Files', exact: true }).click()
    const panel = page.getByRole('complementary', { name: 'Files' })
    const names = () => panel.getByRole('listitem').count()
    await expect.poll(names).toBe(2)
    await axe()
    await panel.getByRole('combobox', { name: 'Kind' }).selectOption('media')
    await expect.poll(names).toBe(1)
    await panel.getByText('sunset.png').waitFor()
    await page.getByRole('link', { name: 'Files', exact: true }).click()
    await page.getByRole('heading', { name: 'Files' }).waitFor()
    await page.getByRole('searchbox', { name: 'Search files by name' }).fill('readme')
    const all = page.getByRole('region', { name: 'Files' }).getByRole('listitem')
    await expect.poll(() => all.count()).toBe(1)
    await axe()
    await all.getByRole('link', { name: 'Show in conversation' }).click()
    await page.waitForURL(new RegExp(`/c/${id}/`))
  })

  it('fit a phone', async () => {
    const phone = await signedIn(browser, server, 'Bob', { viewport: { width: 390, height: 844 } })
    await open('phone', phone)
    await choose(
      [photo('wide.png', 3000, 900), text('a long name of a file that will not fit.txt', 'x')],
      phone,
    )
    await expect.poll(() => cards(phone).count()).toBe(2)
    await axe(phone, '[aria-label="Attached files"]')
    await send(phone)
    await phone.getByRole('button', { name: 'Open wide.png' }).waitFor()
    const wide = await phone.evaluate(() => document.scrollingElement.scrollWidth)
    expect(wide).toBeLessThanOrEqual(390)
    await axe(phone, 'article')
    expect(phone.faults).toEqual([])
    await phone.context().close()
  })
})
