/** Office documents as they are laid out: by the LibreOffice of this machine, and where that fails. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BIN, LiveServer } from '../../../sdk/tests/live/server.mjs'
import { composer, signedIn, startChromium, violations } from './pages.mjs'
import { zip } from './zip.mjs'

const ORG = '织云'
/** Each has a server of its own, and LibreOffice starts slowly. */
const PATIENCE = 60_000
const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml'

/** A Word document of these paragraphs. */
function docx(...paragraphs) {
  const body = paragraphs.map((text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`).join('')
  return zip({
    '[Content_Types].xml': Buffer.from(
      `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="${WORD}.document.main+xml"/></Types>`,
    ),
    '_rels/.rels': Buffer.from(
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    ),
    'word/document.xml': Buffer.from(
      `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    ),
  })
}

/** A program in LibreOffice's place that waits for a word, and then leaves the PDF that it is given. */
const SLOW = (folder) => `#!/bin/sh
for n in $(seq 600); do [ -e ${folder}/go ] && break; sleep 0.05; done
[ -s ${folder}/go ] && cp ${folder}/go ../document.pdf
exit 0
`

/** A PDF of one page. */
function pdf() {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>',
    '<</Length 44>>stream\nBT /F 24 Tf 60 200 Td (Hello from Weft) Tj ET\nendstream',
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
  ]
  const body = objects.map((object, i) => `${i + 1} 0 obj\n${object}\nendobj\n`).join('')
  return `%PDF-1.4\n${body}trailer<</Root 1 0 R/Size 6>>\n%%EOF\n`
}

describe.skipIf(!BIN)('layouts of documents', () => {
  let browser, page, server, folder

  beforeAll(async () => {
    browser = await startChromium()
    folder = await mkdtemp(join(tmpdir(), 'weft-soffice-'))
    await writeFile(join(folder, 'soffice'), SLOW(folder))
    await chmod(join(folder, 'soffice'), 0o755)
  })
  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })
  afterEach(async () => {
    const faults = page.faults
    await page.context().close()
    await server.stop()
    expect(faults).toEqual([])
  })

  /** A conversation with a document, on a server of these arguments, looked at by Bob. */
  const shown = async (args, name, bytes, options = {}) => {
    server = await LiveServer.start(args)
    await server.admin(['create-org', ORG])
    const ann = await server.person(ORG, 'Ann', true)
    const bob = await server.person(ORG, 'Bob')
    const members = [(await bob.api.me.get()).principal.id]
    const { id } = await ann.api.conversations.create({ kind: 'channel', name: 'papers', members })
    const begun = await ann.api.files.begin({ name, size: bytes.length })
    const headers = { ...ann.api.http.headers(), 'Upload-Offset': '0' }
    await fetch(ann.api.files.uploadUrl(begun.id), { method: 'PATCH', headers, body: bytes })
    await ann.api.messages.send(id, { nonce: 'paper', text: '', files: [begun.id] })
    const org = (await ann.api.me.get()).org.id
    page = await signedIn(browser, server, 'Bob', options)
    await page.goto(`${server.base}/o/${org}/c/${id}`)
    await composer(page).waitFor()
    await page.getByRole('button', { name: `Open ${name}` }).click()
    return page.getByRole('dialog', { name })
  }
  const drawn = (sheet) =>
    sheet.evaluate((el) => {
      const { data } = el.getContext('2d').getImageData(0, 0, el.width, el.height)
      return data.some((value, i) => i % 4 === 0 && value < 100 && data[i + 3] > 0)
    })

  it(
    'are shown when they are made, and the text stays a press away',
    async () => {
      const dialog = await shown(
        ['--soffice', '/usr/bin/soffice'],
        '预算.docx',
        docx('第三季度预算', 'forecast'),
      )
      await dialog.getByRole('img', { name: 'Page 1' }).waitFor({ timeout: 45_000 })
      await expect
        .poll(() => drawn(dialog.getByRole('img', { name: 'Page 1' })), { timeout: 10_000 })
        .toBe(true)
      const views = dialog.getByRole('group', { name: 'How the document is shown' })
      expect(await views.getByRole('button', { pressed: true }).textContent()).toBe('Layout')
      expect(await violations(page)).toEqual([])
      await views.getByRole('button', { name: 'Text' }).press('Enter')
      await dialog.getByText('第三季度预算').waitFor()
      expect(await dialog.getByRole('img').count()).toBe(0)
      expect(await violations(page)).toEqual([])
      await views.getByRole('button', { name: 'Layout' }).click()
      await dialog.getByRole('img', { name: 'Page 1' }).waitFor()
      const download = page.waitForEvent('download')
      await dialog.getByRole('link', { name: 'Download' }).click()
      expect((await download).suggestedFilename()).toBe('预算.docx')
    },
    PATIENCE,
  )

  it(
    'wait as their text, and take its place by themselves',
    async () => {
      const dialog = await shown(['--soffice', join(folder, 'soffice')], 'a.docx', docx('some words'), {
        viewport: { width: 390, height: 844 },
      })
      await dialog.getByText('The layout is being prepared.').waitFor()
      await dialog.getByText('some words').waitFor()
      expect(await violations(page)).toEqual([])
      await writeFile(join(folder, 'go'), pdf())
      await dialog.getByRole('img', { name: 'Page 1' }).waitFor()
      const wide = await page.evaluate(() => document.scrollingElement.scrollWidth)
      expect(wide).toBeLessThanOrEqual(390)
      expect(await violations(page)).toEqual([])
    },
    PATIENCE,
  )

  it(
    'that cannot be made say why, under the text',
    async () => {
      await writeFile(join(folder, 'go'), '')
      const dialog = await shown(['--soffice', join(folder, 'soffice')], 'a.docx', docx('some words'))
      await dialog.getByText('The layout cannot be shown: the document is damaged or protected.').waitFor()
      await dialog.getByText('some words').waitFor()
      expect(await dialog.getByRole('group').count()).toBe(0)
      expect(await violations(page)).toEqual([])
    },
    PATIENCE,
  )

  it(
    'are not spoken of where there is no LibreOffice',
    async () => {
      const dialog = await shown(['--soffice', 'off'], 'a.docx', docx('some words'))
      await dialog.getByText('Only the text is shown. Download the file for its layout.').waitFor()
      await dialog.getByText('some words').waitFor()
      expect(await dialog.getByRole('group').count()).toBe(0)
    },
    PATIENCE,
  )
})
