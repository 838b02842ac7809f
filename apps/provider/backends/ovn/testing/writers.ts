// Sixteen writers who make and remove ports all the time, and remember what they were told.
import assert from 'node:assert/strict'
import { until } from '../../../../../lab/until.ts'
import type { TestProvider } from '../../../testing/test-provider.ts'
import { exhaust, ipsOf } from './ovn-provider.ts'

/** What a request may take when the database is away in its middle: waiting for it, for its turn, and for the answer. */
const boundMs = 7000
const most = 5

type Answer = { readonly status: number; readonly body?: any }
/** A provider, in this process or in another one. */
export interface Sender {
  send(method: string, path: string, body?: object): Promise<Answer>
}

export class Writers {
  /** By name: each is made at most once. */
  readonly there = new Map<string, any>()
  readonly gone = new Set<string>()
  readonly doubtful = new Set<string>()
  acknowledged = 0
  failed = 0
  #running = true
  readonly #all: Promise<unknown>
  readonly networkId: string

  /** `names`: what the names of their ports begin with. They end by themselves when there is no provider any more. */
  constructor(provider: Sender, networkId: string, names = 'w') {
    this.networkId = networkId
    this.#all = Promise.all(Array.from({ length: 16 }, (_, index) => this.#write(provider, `${names}${index}`)))
    this.#all.catch(() => {})
  }

  /** Resolves when there are so many more answers. */
  async more(what: 'acknowledged' | 'failed', count = 100): Promise<void> {
    const goal = this[what] + count
    assert.ok(await until(() => this[what] >= goal || !this.#running, 10_000), `no ${count} more ${what}`)
  }

  async stop(): Promise<void> {
    this.#running = false
    await this.#all
  }

  async #write(provider: Sender, worker: string): Promise<void> {
    try {
      for (let count = 0, mine: string[] = []; this.#running; count++) {
        const name = `${worker}-${count}`
        const port = { network_id: this.networkId, name }
        const made = await this.#send(provider, name, 'POST', '/ports', { port })
        if (!made) continue
        this.there.set(name, made.port)
        mine = [...mine, name]
        if (mine.length > most) await this.#remove(provider, mine.shift()!)
      }
    } finally {
      this.#running = false
    }
  }

  async #remove(provider: Sender, name: string): Promise<void> {
    const { id } = this.there.get(name)
    this.there.delete(name)
    if (await this.#send(provider, name, 'DELETE', `/ports/${id}`)) this.gone.add(name)
  }

  /** The body, or undefined when it failed as it may. */
  async #send(provider: Sender, name: string, method: string, path: string, sent?: object): Promise<any> {
    const start = performance.now()
    const answer = await provider.send(method, path, sent).catch(noAnswer)
    assert.ok(performance.now() - start < boundMs, `${method} took ${Math.round(performance.now() - start)} ms`)
    if (answer === undefined || answer.status === 503) {
      if (answer === undefined) this.#running = false
      else assert.equal(answer.body.NeutronError.type, 'ServiceUnavailable')
      this.doubtful.add(name)
      this.failed++
      return undefined
    }
    assert.equal(answer.status, method === 'POST' ? 201 : 204, JSON.stringify(answer.body))
    this.acknowledged++
    return answer.body ?? {}
  }

  /** Compares what they were told with what is there; `size`: how many addresses the network has. */
  verify(provider: TestProvider, size: number): Promise<void> {
    return verifyTogether([this], provider, size)
  }
}

/** The same for several who wrote to one network, one after the other or at the same time. */
export async function verifyTogether(all: readonly Writers[], provider: TestProvider, size: number): Promise<void> {
  const networkId = all[0]!.networkId
  const { ports } = (await provider.send('GET', `/ports?network_id=${networkId}`)).body
  const names = ports.map((port: any) => port.name)
  assert.equal(new Set(names).size, names.length, 'a write was done twice')
  const byName = new Map(ports.map((port: any) => [port.name, port]))
  for (const { there, gone } of all) {
    for (const [name, port] of there) assert.deepEqual(byName.get(name), port, `${name} was acknowledged`)
    for (const name of gone) assert.equal(byName.get(name), undefined, `${name} was acknowledged as removed`)
  }
  const known = (name: string) => all.some(({ there, doubtful }) => there.has(name) || doubtful.has(name))
  for (const name of names) assert.ok(known(name), `${name} came from nowhere`)
  for (const list of [ports.flatMap(ipsOf), ports.map((port: any) => port.mac_address)])
    assert.equal(new Set(list).size, ports.length, 'given twice')
  const rest = await exhaust(provider, networkId)
  assert.equal(new Set([...rest, ...ports.flatMap(ipsOf)]).size, size, 'an address was lost')
  assert.equal(rest.length + ports.length, size)
}

/** The connection broke, or there was none. */
function noAnswer(error: unknown): undefined {
  if (!(error instanceof TypeError)) throw error
}
