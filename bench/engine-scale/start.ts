// An engine at size: its providers and itself as processes, its hosts simulated in this one. All gone with the stack.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type SimulatedHost, startHost } from './hosts.ts'
import { fill, type Installation, size } from './installation.ts'
import { type Service, startService } from './services.ts'

export interface Scale {
  readonly engine: Service
  readonly providers: readonly Service[]
  readonly hosts: readonly SimulatedHost[]
  readonly installation: Installation
}

/** `database`: empty, a file of its own unless it is given. */
export async function startScale(stack: AsyncDisposableStack, firstPort: number, database?: string): Promise<Scale> {
  const dir = mkdtempSync(join(tmpdir(), 'patchbay-scale-'))
  stack.defer(() => rmSync(dir, { recursive: true, force: true }))
  const place = database ?? `sqlite:${join(dir, 'engine.sqlite')}`
  const providers = await Promise.all(
    Array.from({ length: size.providers }, (_, at) =>
      startService('provider', firstPort + 1 + at, ['--data-dir', join(dir, `provider-${at}`)]),
    ),
  )
  for (const provider of providers) stack.defer(() => provider.stop())
  const hosts = await Promise.all(Array.from({ length: size.hosts }, (_, at) => startHost(`host-${at}`)))
  for (const host of hosts) stack.defer(() => host.close())
  const installation = await fill(
    place,
    providers.map(({ url }) => url),
    hosts,
  )
  const engine = await startService('engine', firstPort, ['--database', place, '--data-dir', join(dir, 'engine')])
  stack.defer(() => engine.stop())
  return { engine, providers, hosts, installation }
}
