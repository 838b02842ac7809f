// What is written down of the host's networks: what they are now (a reboot clears it, and them), the change that was
// begun, and the configuration to come back with after a reboot.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { WantedLink } from './layout.ts'
import { type NetworkConfiguration, nothingSetUp } from './network-configuration.ts'

export interface NetworkState {
  /** What is set up, once `change` is undone. */
  readonly running: NetworkConfiguration
  readonly change?: BegunChange
}

/** With all that it takes to undo it. */
export interface BegunChange {
  readonly target: NetworkConfiguration
  /** How NICs were that were none of ours. */
  readonly nics: readonly WantedLink[]
  /** The resolver's file as it was. */
  readonly resolver?: string
  /** Default routes that were none of ours. */
  readonly routes: readonly { readonly family: 4 | 6; readonly route: string; readonly dev: string }[]
}

export interface NetworkStore {
  /** undefined: the host was started since. */
  state(): NetworkState | undefined
  put(state: NetworkState): void
  safe(): NetworkConfiguration
  save(configuration: NetworkConfiguration): void
}

/** Hook scripts read them, too: the package vdsm beside `hooking`. */
export const networkFiles = (runDir: string, dataDir: string) => ({
  runFile: join(runDir, 'networks.json'),
  safeFile: join(dataDir, 'networks.json'),
})

/** Throws an error that names the file for one that cannot be read. */
export function openNetworkStore(runDir: string, dataDir: string): NetworkStore {
  for (const dir of [runDir, dataDir]) mkdirSync(dir, { recursive: true })
  const { runFile, safeFile } = networkFiles(runDir, dataDir)
  let state = readIfThere(runFile) as NetworkState | undefined
  let safe = (readIfThere(safeFile) as NetworkConfiguration | undefined) ?? nothingSetUp
  return {
    state: () => state,
    put(next) {
      writeWhole(runFile, next)
      state = next
    },
    safe: () => safe,
    save(configuration) {
      writeWhole(safeFile, configuration)
      safe = configuration
    },
  }
}

/** Whether a reboot would change the networks, as VDSM says it. */
export const netConfigDirty = (store: NetworkStore): 'True' | 'False' =>
  isDeepStrictEqual(store.state()?.running ?? nothingSetUp, store.safe()) ? 'False' : 'True'

/** A crash leaves the file from before, or the new one; so does a power cut. */
function writeWhole(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(value)}\n`, { flush: true })
  renameSync(`${path}.new`, path)
}

function readIfThere(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`${path} cannot be used (${(error as Error).message}): move it away to start without its networks`)
  }
}
