// The embedded provider: how much of the disk's commit rate POST ports reaches, and whether look-ups stay flat with size.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { createNetworkingClient, type NetworkingClient } from '@patchbay/networking-api/client/client.ts'
import { createHttpClient } from '@patchbay/networking-api/client/http-client.ts'
import { load, median } from './load.ts'
import { report } from './report.ts'

const rounds = 5
const listen = '127.0.0.1:19697'
const url = `http://${listen}`
const dir = mkdtempSync(join(tmpdir(), 'patchbay-bench-'))
const main = resolve(import.meta.dirname, '../apps/provider/main.ts')
const provider = spawn(process.execPath, [main, '--listen', listen, '--no-auth', '--data-dir', join(dir, 'provider')], {
  stdio: 'ignore',
})
const http = createHttpClient()

try {
  await ready()
  process.exitCode = (await measure(createNetworkingClient(http, url))) ? 0 : 1
} finally {
  provider.kill('SIGKILL')
  await http.close()
  rmSync(dir, { recursive: true, force: true })
}

async function measure(client: NetworkingClient): Promise<boolean> {
  const { id: network_id } = await client.networks.create({ name: 'bench' })
  await client.subnets.create({ network_id, ip_version: 4, cidr: '10.0.0.0/8' })
  let made = 0
  const post = () => client.ports.create({ ...nic(made), network_id })
  const fill = async (size: number) => {
    await load(16, size - made, async () => {
      const device = made++
      await client.ports.create({ ...nic(device), network_id })
    })
  }
  const lookUp = () =>
    load(1, 2_000, (index) => client.ports.list({ device_id: `nic-${(index * 7919) % made}`, device_owner: 'oVirt' }))

  await fill(1_000)
  await lookUp()
  const few = await lookUp()

  const bare: number[] = []
  const sequential: number[] = []
  const concurrent: number[] = []
  for (let round = 0; round < rounds; round++) {
    bare.push(bareInserts(1_500))
    sequential.push((await load(1, 500, () => post().finally(() => made++))).perSecond)
    concurrent.push((await load(16, 3_000, () => client.ports.create({ ...nic(made++), network_id }))).perSecond)
  }
  await fill(100_000)
  const many = await lookUp()
  const busy = await load(16, 8_000, (index) =>
    client.ports.list({ device_id: `nic-${(index * 7919) % made}`, device_owner: 'oVirt' }),
  )

  return report('provider-embedded', [
    { what: 'bare SQLite, committed inserts', value: median(bare), unit: '/s' },
    { what: 'POST ports, sequential', value: median(sequential), unit: '/s' },
    { what: 'POST ports, sequential, share of bare', value: median(sequential) / median(bare), unit: '' },
    { what: 'POST ports, concurrency 16', value: median(concurrent), unit: '/s' },
    {
      what: 'POST ports, concurrency 16, share of bare',
      value: median(concurrent) / median(bare),
      unit: '',
      goal: '>= 0.5',
    },
    { what: 'GET ports?device_id, p50 at 1,000 ports', value: few.p50, unit: 'ms' },
    { what: 'GET ports?device_id, p50 at 100,000 ports', value: many.p50, unit: 'ms' },
    { what: 'GET ports?device_id, 100,000 against 1,000', value: many.p50 / few.p50, unit: '', goal: '<= 1.5' },
    { what: 'GET ports?device_id, concurrency 16 at 100,000', value: busy.perSecond, unit: '/s' },
  ])
}

function nic(index: number): object {
  return {
    name: 'nic1',
    device_id: `nic-${index}`,
    device_owner: 'oVirt',
    admin_state_up: true,
    'binding:host_id': 'host-a',
  }
}

/** What the disk gives: one committed row after the other, as large as a port, with the provider's own settings. */
function bareInserts(count: number): number {
  const database = new DatabaseSync(join(dir, `bare-${performance.now()}.sqlite`))
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE port (id TEXT PRIMARY KEY, body TEXT) STRICT',
  )
  const insert = database.prepare('INSERT INTO port VALUES (?, ?)')
  const body = 'x'.repeat(750)
  const started = performance.now()
  for (let index = 0; index < count; index++) insert.run(crypto.randomUUID(), body)
  const perSecond = (count / (performance.now() - started)) * 1000
  database.close()
  return perSecond
}

async function ready(): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.ok) return
    await delay(50)
  }
  throw new Error('the provider did not start')
}
