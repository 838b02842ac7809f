// The networks that are on this host: they come with their first port and go with their last, and follow the provider in
// between.
import { networkInterfaces } from 'node:os'
import type { DriverHost } from '@patchbay/vif-driver/contract.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import { createLocks } from '@patchbay/vif-driver/locks.ts'
import type { Attachment, Attachments } from '../attachments.ts'
import { serveDhcp, stopDhcp, tellDhcp } from '../dhcp/dhcp.ts'
import type { LinuxBridgeOptions } from '../options.ts'
import { enforcePortSecurity, liftPortSecurity, removePortSecurity } from '../port-security/port-security.ts'
import { type NetworkFacts, type NetworkOnHost, type PortFacts, permitsOf } from '../provider/facts.ts'
import type { ProviderSide } from '../provider/provider-side.ts'
import { type Doorbell, openDoorbell } from './doorbell.ts'
import { createFollower } from './follower.ts'
import { putForwarding } from './forwarding.ts'
import type { Names } from './names.ts'
import { ensureSegment, removeSegment } from './segment.ts'
import { type Whereabouts, whereabouts } from './whereabouts.ts'

export interface HostNetworks extends Disposable {
  /** The port's network is on this host, and expects it. */
  join(facts: PortFacts, signal: AbortSignal): Promise<void>
  /** The port is forgotten, and with the last one its network. */
  leave(attachment: Attachment): Promise<void>
  /** A port of the network was wired here. Resolves when what is for everybody comes here. Throws a DriverError. */
  wired(networkId: string): Promise<void>
  /** Who is where has changed on this network. */
  changed(networkId: string): void
}

export interface HostNetworksParts {
  readonly names: Names
  readonly options: LinuxBridgeOptions
  readonly attachments: Attachments
  readonly provider: ProviderSide
  readonly hostId: string
  readonly log: DriverHost['log']
}

/** The doorbell of a provider's hosts is this much above its VXLAN port. */
const doorbellOffset = 10_000

export function createHostNetworks(parts: HostNetworksParts): HostNetworks {
  const { names, options, attachments, provider, hostId, log } = parts
  const locks = createLocks()
  /** The last coming or going of a port, for who asks the provider and must not come back with older news. */
  const changes = new Map<string, number>()
  let lastChange = 0
  let isAnnounced = false
  /** Networks whose other hosts know, or are being told, that this one has it. */
  const meetings = new Map<string, Promise<void>>()
  const networksHere = () => [...new Set(attachments.all().map(({ networkId }) => networkId))]
  let opened: Doorbell | undefined
  const follower = createFollower({
    everyMs: options.refreshMs,
    networks: networksHere,
    follow,
    failed: (network, err) => log.warn({ network, err }, 'a network on this host could not be brought up to date'),
  })

  /** Hosts that come to networks of this one are heard from now on. undefined: frames for everybody take another way. */
  function doorbell(): Doorbell | undefined {
    if (options.peers !== 'provider') return undefined
    const address = underlayAddress()
    if (address === undefined)
      throw new DriverError(
        'host-setup',
        `${options.underlay} has no IPv4 address: the other hosts need one to send to`,
      )
    const failed = (err: unknown) => log.warn({ err }, 'a host that came to a network could not be answered')
    opened ??= openDoorbell({ address, port: options.vxlanPort + doorbellOffset }, hasCome, failed)
    return opened
  }

  const underlayAddress = () => networkInterfaces()[options.underlay]?.find(({ family }) => family === 'IPv4')?.address

  const exclusive = (networkId: string, work: () => Promise<void>) =>
    locks.exclusive(networkId, async () => {
      changes.set(networkId, ++lastChange)
      await work()
    })

  /** Links, their MTU, and DHCP, as the provider says. */
  async function establish({ segment, subnets }: NetworkOnHost): Promise<void> {
    const guests = attachments.of(segment.networkId)
    const taps = guests.map((guest) => names.tap(guest.portId))
    await ensureSegment(names, segment, options, taps)
    const dir = attachments.networkDir(segment.networkId)
    if (subnets.length > 0) await serveDhcp(names, { ...segment, subnets }, guests, dir)
    else await stopDhcp(names, segment.networkId, dir)
  }

  /** Answers where the network's guests are. */
  async function follow(networkId: string): Promise<Whereabouts> {
    await announce()
    const seen = changes.get(networkId)
    const facts = await provider.networkOf(networkId)
    const known = whereabouts(facts.ports, facts.endpoints, hostId)
    await locks.exclusive(networkId, async () => {
      const guests = attachments.of(networkId)
      if (guests.length === 0) return
      if (changes.get(networkId) === seen) {
        for (const guest of guests) await followPort(guest, facts)
        await establish(facts)
      } else follower.soon(networkId)
      await putForwarding(names, networkId, known, options.peers === 'provider')
    })
    return known
  }

  /** The other hosts send this one what is for everybody on the network; those that do not answer learn it in time. */
  async function meet(networkId: string): Promise<void> {
    const bell = doorbell()
    if (!bell) return
    const { hosts } = await follow(networkId)
    const silent = await bell.ring(networkId, hosts)
    if (silent.length > 0)
      log.warn({ network: networkId, hosts: silent }, 'hosts did not hear that this one has the network')
  }

  /** Another host came to a network. */
  async function hasCome(networkId: string): Promise<void> {
    if (attachments.of(networkId).length > 0) await follow(networkId)
  }

  /** Addresses and port security that changed. The MAC is the guest's until it is plugged again. */
  async function followPort(guest: Attachment, { ports }: NetworkFacts): Promise<void> {
    const port = ports.find(({ id }) => id === guest.portId)
    if (!port) return
    const now = { ...guest, ...permitsOf(port) }
    if (JSON.stringify(now) === JSON.stringify(guest)) return
    attachments.put(now)
    await secure(now)
  }

  /** Others send this host what is for its guests. */
  async function announce(): Promise<void> {
    if (isAnnounced) return
    const address = underlayAddress()
    if (address === undefined) return
    await provider.announce(hostId, address)
    isAnnounced = true
  }

  async function removeNetwork(networkId: string, dir: string): Promise<void> {
    await stopDhcp(names, networkId, dir)
    await removeSegment(names, networkId)
    attachments.removeNetworkDir(networkId)
    changes.delete(networkId)
    meetings.delete(networkId)
  }

  /** One after the other for all networks: the table that one port puts its rules in is what another takes away. */
  function secure(attachment: Attachment): Promise<void> {
    return locks.exclusive('port-security', () =>
      attachment.portSecurity ? enforcePortSecurity(names, attachment) : liftPortSecurity(names, attachment.portId),
    )
  }

  /** The port is forgotten last, so that a release that was cut short is done again. */
  function forget({ portId }: Attachment): Promise<void> {
    return locks.exclusive('port-security', async () => {
      const isLast = attachments.all().every((other) => other.portId === portId)
      await (isLast ? removePortSecurity(names) : liftPortSecurity(names, portId))
      attachments.remove(portId)
    })
  }

  // What changed while this host's agent did not run.
  for (const networkId of networksHere()) follower.soon(networkId)
  if (networksHere().length > 0) doorbell()

  return {
    join: (facts, signal) =>
      exclusive(facts.segment.networkId, async () => {
        // After an abort the release may have been here already. Otherwise it finds the attachment, and waits its turn.
        signal.throwIfAborted()
        doorbell()
        attachments.put(facts.attachment)
        await secure(facts.attachment)
        await establish(facts)
      }),
    leave: (attachment) =>
      exclusive(attachment.networkId, async () => {
        const { networkId, portId } = attachment
        const others = attachments.of(networkId).filter((other) => other.portId !== portId)
        const dir = attachments.networkDir(networkId)
        if (others.length > 0) tellDhcp(others, dir)
        else await removeNetwork(networkId, dir)
        await forget(attachment)
      }),
    wired(networkId) {
      follower.soon(networkId)
      const meeting = meetings.get(networkId) ?? meet(networkId)
      meetings.set(networkId, meeting)
      // The next port tries again.
      return meeting.catch((error) => {
        meetings.delete(networkId)
        throw error
      })
    },
    changed: (networkId) => follower.soon(networkId),
    [Symbol.dispose]() {
      follower[Symbol.dispose]()
      opened?.[Symbol.dispose]()
    },
  }
}
