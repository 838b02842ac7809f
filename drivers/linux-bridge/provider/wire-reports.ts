// What the provider believes of which ports are wired on this host. What it does not hear at once of a port that left, it
// hears as soon as it answers again; also from a driver that was started since.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DriverHost } from '@patchbay/vif-driver/contract.ts'
import { createLocks } from '@patchbay/vif-driver/locks.ts'
import { isPortId, type ProviderSide } from './provider-side.ts'

export interface WireReports extends Disposable {
  /** Throws as ProviderSide does; and when `signal` has aborted before its turn came. */
  wired(portId: string, signal: AbortSignal): Promise<void>
  /** Never fails: a port leaves without the provider, too. */
  unwired(portId: string): Promise<void>
}

interface WireReportsOptions {
  readonly provider: Pick<ProviderSide, 'setWired'>
  readonly hostId: string
  /** The driver's; ports that the provider has yet to hear of are files in a folder of it. */
  readonly stateDir: string
  readonly log: DriverHost['log']
}

/** ms between two attempts to reach a provider that did not hear. */
const pauseMs = 2_000

export function openWireReports({ provider, hostId, stateDir, log }: WireReportsOptions): WireReports {
  const dir = join(stateDir, 'unheard')
  mkdirSync(dir, { recursive: true })
  const unheard = new Set(readdirSync(dir))
  // In turn for each port, because what the provider hears last is what it believes.
  const locks = createLocks()
  const inTurn = (portId: string, tell: () => Promise<unknown>) => locks.exclusive(`wire of ${portId}`, tell)
  let timer: NodeJS.Timeout | undefined
  let isDisposed = false

  const later = () => {
    if (unheard.size === 0 || isDisposed) return
    timer ??= setTimeout(() => void catchUp(), pauseMs).unref()
  }

  function remember(portId: string): void {
    // No provider has such a port.
    if (!isPortId(portId)) return
    unheard.add(portId)
    later()
    writeFileSync(join(dir, portId), '')
  }

  function forget(portId: string): void {
    if (!unheard.delete(portId)) return
    rmSync(join(dir, portId), { force: true })
  }

  /** Ends at the first port that the provider does not hear of: the others would not be heard either. */
  async function catchUp(): Promise<void> {
    try {
      for (const portId of [...unheard]) await inTurn(portId, () => tellLate(portId))
    } catch {
      // It was logged when it was heard of first.
    }
    timer = undefined
    later()
  }

  async function tellLate(portId: string): Promise<void> {
    // It may be wired again by now.
    if (isDisposed || !unheard.has(portId)) return
    await provider.setWired(portId, hostId, false)
    forget(portId)
    log.info({ port: portId }, 'the provider has heard that the port is no longer wired')
  }

  later()
  return {
    async wired(portId, signal) {
      await inTurn(portId, async () => {
        signal.throwIfAborted()
        await provider.setWired(portId, hostId, true)
        forget(portId)
      })
    },
    async unwired(portId) {
      try {
        await inTurn(portId, async () => {
          await provider.setWired(portId, hostId, false)
          forget(portId)
        }).catch((error) => {
          log.warn({ port: portId, err: error }, 'the provider has yet to hear that the port is no longer wired')
          remember(portId)
        })
      } catch (error) {
        log.warn({ port: portId, err: error }, 'what the provider has yet to hear could not be written down')
      }
    },
    [Symbol.dispose]() {
      isDisposed = true
      clearTimeout(timer)
    },
  }
}
