/** A Weft of one's own for a test: the binary of WEFT_BIN on a free port with fresh data. */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WebSocket } from 'undici'
import { Api, Weft } from '../../src/index.ts'

export const BIN = process.env.WEFT_BIN

/** Waits until something is so, and answers it. */
export async function until(what, label = String(what), deadlineMs = 10_000) {
  const deadline = Date.now() + deadlineMs
  for (;;) {
    const value = await what()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`waited in vain for ${label}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

export class LiveServer {
  #process
  #log = ''

  /** More arguments of `weft serve`. */
  args = []

  static async start(args = []) {
    const server = new LiveServer()
    server.args = args
    server.data = await mkdtemp(join(tmpdir(), 'weft-live-'))
    server.port = await freePort()
    server.base = `http://127.0.0.1:${server.port}`
    await server.run()
    return server
  }

  async run() {
    const args = ['serve', '--data', this.data, '--listen', `127.0.0.1:${this.port}`, ...this.args]
    this.#process = spawn(BIN, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.on('data', (chunk) => (this.#log = (this.#log + chunk).slice(-20_000)))
    }
    const ready = () =>
      fetch(`${this.base}/readyz`).then(
        (r) => r.ok,
        () => false,
      )
    await until(ready, 'the server').catch((error) => {
      throw new Error(`${error.message}\n${this.#log}`)
    })
  }

  /** What it has said so far, the last 20,000 characters. */
  get log() {
    return this.#log
  }

  /** As a power cut would. */
  async kill() {
    const gone = new Promise((resolve) => this.#process.once('exit', resolve))
    this.#process.kill('SIGKILL')
    await gone
  }

  async stop() {
    await this.kill()
    await rm(this.data, { recursive: true, force: true })
  }

  /** `weft admin …`; answers what it prints. */
  admin(args, input = '') {
    return new Promise((resolve, reject) => {
      const child = execFile(BIN, ['admin', ...args, '--data', this.data], (error, stdout, stderr) => {
        if (error) reject(new Error(`weft admin ${args.join(' ')}: ${stderr || error.message}`))
        else resolve(stdout.trim())
      })
      // A command that reads nothing may be over before its input is written.
      child.stdin.on('error', () => {})
      child.stdin.end(input)
    })
  }

  async person(org, name, owner = false) {
    const email = `${name.toLowerCase()}@weft.test`
    const args = ['create-user', '--org', org, '--email', email, '--name', name, '--password-stdin']
    await this.admin(owner ? [...args, '--owner'] : args, 'correct horse battery staple\n')
    const token = (await this.admin(['token', '--org', org, '--email', email])).split('\n').at(-1).trim()
    return new Person(this, token)
  }
}

/** Someone with a token, and their devices. */
export class Person {
  sockets = new Set()
  refuse = false
  #devices = []

  constructor(server, token) {
    this.server = server
    this.token = token
    this.api = new Api({ base: server.base, token })
  }

  async device(more = {}) {
    const me = await this.api.me.get()
    this.id = me.principal.id
    const socket = (url, headers) => {
      if (this.refuse) throw new Error('no network')
      const { Authorization } = headers
      const opened = new WebSocket(url, { headers: { Authorization } })
      this.sockets.add(opened)
      opened.addEventListener('close', () => this.sockets.delete(opened))
      return opened
    }
    const weft = await Weft.open({ api: this.api, org: me.org.id, me, storage: 'memory', socket, ...more })
    this.#devices.push(weft)
    await until(() => weft.connection.get().state === 'online', `${me.principal.name} online`)
    return weft
  }

  /** Breaks every connection. */
  cut() {
    for (const socket of this.sockets) socket.close()
  }

  close() {
    for (const weft of this.#devices.splice(0)) weft.close()
  }
}

export const textOf = (item) => {
  const part = item.message.content.parts.find((p) => p.type === 'markdown')
  return part?.text ?? ''
}

export const texts = (timeline) =>
  timeline.view
    .get()
    .items.filter((i) => i.message.n !== null || i.state !== 'sent')
    .map(textOf)
