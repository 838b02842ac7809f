// Host.setupNetworks: hooks are asked, the change is written down and made, the engine has to be heard from, and
// whatever fails on the way is undone. What a crash cut short is undone at the next start.
import { isDeepStrictEqual } from 'node:util'
import { vdsmError, vdsmErrors } from '@patchbay/vdsm-rpc/errors.ts'
import type { HookRunner } from '../hooks/hook-runner.ts'
import type { Log } from '../vms/vm-parts.ts'
import { checkConfiguration, checkGuests, checkRemovals } from './check-configuration.ts'
import { type DhcpClients, dhcpLinks } from './dhcp-clients.ts'
import type { EngineContact } from './engine-contact.ts'
import { applyChanges, type LinkChange, readKernel } from './kernel-links.ts'
import { layoutOf } from './layout.ts'
import { linkChanges } from './link-changes.ts'
import { planChange, planUndo } from './link-plan.ts'
import {
  changedBy,
  haveableWith,
  type NetworkConfiguration,
  nothingSetUp,
  type SetupOptions,
  type SetupRequest,
} from './network-configuration.ts'
import type { NetworkStore } from './network-store.ts'
import type { Resolver } from './resolver.ts'
import { readSetupRequest } from './setup-request.ts'

export interface HostNetworks {
  /** Throws VDSM's errors, and HookError for a veto; the networks are as they were then. */
  setUp(given: Readonly<Record<string, unknown>>): Promise<void>
  /** What is set up now comes back after a reboot. */
  keep(): Promise<void>
  /** At the agent's start: a change that was begun is undone; after a reboot, what was kept is set up. Never rejects. */
  restore(): Promise<void>
}

export interface HostNetworksParts {
  readonly store: NetworkStore
  readonly hooks: HookRunner
  readonly contact: EngineContact
  readonly dhcp: DhcpClients
  readonly resolver: Resolver
  readonly log: Log
}

export function createHostNetworks({ store, hooks, contact, dhcp, resolver, log }: HostNetworksParts): HostNetworks {
  const running = () => store.state()?.running ?? nothingSetUp

  async function setUp(given: Readonly<Record<string, unknown>>): Promise<void> {
    let request: unknown = given
    try {
      const asked = readRequest(given, running())
      request = asked
      const agreed = await askHooks(asked)
      await undoBegun()
      await change(agreed)
      if (agreed.options.commitOnSuccess) store.save(running())
    } catch (error) {
      await hooks.runJson('after_network_setup_fail', { request })
      throw error
    }
    await hooks.runJson('after_network_setup', { request })
  }

  /** What the scripts leave is read like the engine's own request: a mistake of theirs must not cost the host. */
  async function askHooks(request: SetupRequest): Promise<SetupRequest> {
    const left = (await hooks.runJson('before_network_setup', { request })) as { request?: unknown } | null
    const edited = left?.request
    if (isDeepStrictEqual(edited, request)) return request
    if (typeof edited === 'object' && edited !== null) return readRequest(edited as SetupRequest & Given, running())
    throw vdsmError('HookFailed', `${vdsmErrors.HookFailed.text}: the scripts of before_network_setup left no request`)
  }

  async function change(request: SetupRequest): Promise<void> {
    const before = running()
    const target = changedBy(before, request)
    const seen = await readKernel()
    checkGuests(seen.links, before, target)
    const { changes, originals } = planChange(seen, layoutOf(before), layoutOf(target))
    store.put({ running: before, change: { target, ...originals, resolver: resolver.text() } })
    try {
      await reach(before, target, changes)
      await confirm(request.options)
    } catch (error) {
      await undoBegun()
      throw error
    }
    store.put({ running: target })
  }

  /** Leases end first: what they gave the links is not to be taken for somebody else's. */
  async function reach(
    before: NetworkConfiguration,
    target: NetworkConfiguration,
    planned: readonly LinkChange[],
  ): Promise<void> {
    const isSame = isDeepStrictEqual(dhcpLinks(before), dhcpLinks(target))
    if (!isSame) await dhcp.stopOthers(dhcpLinks(target))
    await applyChanges(isSame ? planned : linkChanges(await readKernel(), layoutOf(before), layoutOf(target)))
    resolver.set(target)
    await dhcp.start(dhcpLinks(target))
  }

  async function confirm({ connectivityCheck, connectivityTimeout }: SetupOptions): Promise<void> {
    if (!connectivityCheck || (await contact.within(connectivityTimeout * 1000))) return
    const waited = `nothing was heard from the engine within ${connectivityTimeout} s`
    throw vdsmError('NoConnectionToPeer', `connectivity check failed: ${waited}; the networks are as they were`)
  }

  /** It stays on record until it is undone. */
  async function undoBegun(): Promise<void> {
    const state = store.state()
    if (!state?.change) return
    const { running: before, change: begun } = state
    await dhcp.stopOthers(dhcpLinks(before))
    await applyChanges(planUndo(await readKernel(), layoutOf(before), layoutOf(begun.target), begun))
    if (begun.resolver !== undefined) resolver.putBack(begun.resolver, before)
    await dhcp.start(dhcpLinks(before))
    store.put({ running: before })
    log.warn({}, 'a change of networks was undone')
  }

  /** Hooks take part, as in VDSM: what a provider put below a network is gone as well. They have no veto here. */
  async function bringBack(kept: NetworkConfiguration): Promise<void> {
    const layout = layoutOf(kept)
    if (layout.length === 0 || linkChanges(await readKernel(), layout, layout).length === 0) return
    const options = { connectivityCheck: false, connectivityTimeout: 0, commitOnSuccess: false, _inRollback: true }
    const request = { ...kept, options }
    await hooks.runJson('before_network_setup', { request }).catch((error: Error) => {
      log.error({ reason: error.message }, 'before_network_setup failed; the networks are restored all the same')
    })
    const seen = await readKernel()
    const nics = new Set(seen.links.map(({ ifname }) => ifname))
    const { configuration, missing } = haveableWith(nics, kept)
    for (const network of missing) log.error({ network }, 'not restored: the NIC that it is on is not there')
    await applyChanges(linkChanges(seen, layout, layoutOf(configuration)))
    resolver.set(configuration)
    await hooks.runJson('after_network_setup', { request })
  }

  const alone = oneAtATime()
  return {
    setUp: (given) => alone(() => setUp(given)),
    keep: () => alone(async () => store.save(running())),
    async restore() {
      try {
        await undoBegun()
        const kept = store.state()?.running ?? store.safe()
        await bringBack(kept)
        if (!store.state()) store.put({ running: kept })
        await dhcp.start(dhcpLinks(kept))
      } catch (error) {
        log.error({ err: error }, 'the networks of this host could not be restored')
      }
    },
  }
}

type Given = Readonly<Record<string, unknown>>

function readRequest(given: Given, before: NetworkConfiguration): SetupRequest {
  const request = readSetupRequest(given)
  checkRemovals(before, request)
  checkConfiguration(changedBy(before, request))
  return request
}

/** VDSM refuses a second call with code 40. */
function oneAtATime(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let busy = false
  return async (work) => {
    if (busy) throw vdsmError('ResourceUnavailable', 'Resource unavailable: the networks are being set up')
    busy = true
    try {
      return await work()
    } finally {
      busy = false
    }
  }
}
