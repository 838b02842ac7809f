// The source's side of a live migration: one `virsh migrate`, peer to peer, which two libvirtd then carry out alone.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { CommandError } from '@patchbay/vif-driver/command.ts'
import type { MigrationTarget, MigrationWatch } from '../hypervisor.ts'
import { noJob, noSuchDomain, type Virsh, virshArgv } from './virsh.ts'

export interface Departures {
  /** See Hypervisor.migrate. `stopped` tells of libvirt's events that the guest was stopped here. */
  send(vmId: string, destination: MigrationTarget, watch: MigrationWatch): Promise<void>
  /** An event: libvirt stopped the guest to hand it over. */
  stoppedHere(vmId: string): void
  /** See Hypervisor.cancelMigration. */
  cancel(vmId: string): Promise<void>
}

export interface DepartureOptions {
  readonly uri: string
  readonly virsh: Virsh
  /** Certificates for TLS between libvirtd, as libvirt names them in one folder. undefined: plain TCP. */
  readonly pkiDir: string | undefined
}

const cancelMs = 30_000
const pauseMs = 100

export function createDepartures({ uri, virsh, pkiDir }: DepartureOptions): Departures {
  const underWay = new Map<string, MigrationWatch & { handedOver: boolean }>()

  async function send(vmId: string, destination: MigrationTarget, watch: MigrationWatch): Promise<void> {
    const move = { ...watch, handedOver: false }
    underWay.set(vmId, move)
    try {
      await runMigration(
        [...virshArgv(uri).filter((word) => word !== '-q'), ...migrateArgs(vmId, destination, pkiDir)],
        watch.progress,
      )
    } catch (error) {
      // libvirt let it go on here, although the destination may have it running: never both.
      if (move.handedOver) await stop(vmId)
      throw error
    } finally {
      underWay.delete(vmId)
    }
  }

  async function stop(vmId: string): Promise<void> {
    await virsh(['suspend', vmId]).catch((error) => {
      if (!noSuchDomain(error)) throw error
    })
  }

  async function cancel(vmId: string): Promise<void> {
    const deadline = performance.now() + cancelMs
    while (performance.now() < deadline) {
      const answer = await abortJob(vmId)
      // Its job may not have begun yet.
      if (answer !== 'aborted' && !underWay.has(vmId)) return
      await delay(pauseMs)
    }
    throw new Error(`the migration of ${vmId} does not end within ${cancelMs / 1000} s`)
  }

  async function abortJob(vmId: string): Promise<'aborted' | 'nothing to abort'> {
    try {
      await virsh(['domjobabort', vmId])
      return 'aborted'
    } catch (error) {
      if (noJob(error) || noSuchDomain(error) || isOver(error)) return 'nothing to abort'
      throw error
    }
  }

  return {
    send,
    cancel,
    stoppedHere(vmId) {
      const move = underWay.get(vmId)
      if (!move || move.handedOver) return
      move.handedOver = true
      move.handingOver()
    },
  }
}

/** A job that has come to its last step cannot be aborted. */
const isOver = (error: unknown) => error instanceof CommandError && /cannot abort/.test(error.stderr)

function migrateArgs(vmId: string, { host }: MigrationTarget, pkiDir: string | undefined): string[] {
  const address = host.includes(':') ? `[${host}]` : host
  // Over TLS, the guest's memory goes the way of the commands. Otherwise QEMU sends it by itself.
  const way = pkiDir
    ? ['--tunnelled', vmId, `qemu+tls://${address}/system?pkipath=${pkiDir}`]
    : [vmId, `qemu+tcp://${address}/system`]
  return ['migrate', '--live', '--p2p', '--abort-on-error', '--verbose', ...way]
}

/** Its end may take as long as the guest is big. virsh says `Migration: [ 45 %]` as it goes on. */
async function runMigration(argv: readonly string[], progress: (percent: number) => void): Promise<void> {
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-4096)
    const percent = /.*Migration: \[\s*(\d+)/s.exec(said)?.[1]
    if (percent !== undefined) progress(Number(percent))
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0)
    throw new CommandError(argv, code ?? undefined, said.replaceAll(/\r?Migration: \[[^\]]*\]/g, ''), 'it was killed')
}
