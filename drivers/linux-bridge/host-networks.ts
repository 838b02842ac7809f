// The networks that are on this host: they come with their first port and go with their last, and follow the provider in
// between.
import type { DriverHost } from '@patchbay/vif-driver/contract.ts'
import { createLocks } from '@patchbay/vif-driver/locks.ts'
import type { Attachment, Attachments } from './attachments.ts'
import { serveDhcp, stopDhcp, tellDhcp } from './dhcp/dhcp.ts'
import { createFollower } from './network/follower.ts'
import { putForwarding } from './network/forwarding.ts'
import { createMeetings } from './network/meetings.ts'
import type { Names } from './network/names.ts'
import { neighboursIn, putNeighbours } from './network/neighbours.ts'
import { ensureSegment, removeSegment } from './network/segment.ts'
import { underlayAddress } from './network/underlay-address.ts'
import { type Whereabouts, whereabouts } from './network/whereabouts.ts'
import type { LinuxBridgeOptions } from './options.ts'
import { enforcePortSecurity, liftPortSecurity, removePortSecurity } from './port-security/port-security.ts'
import { type NetworkFacts, type NetworkOnHost, type PortFacts, permitsOf } from './provider/facts.ts'
import type { ProviderSide } from './provider/provider-side.ts'

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

export function createHostNetworks(parts: HostNetworksParts): HostNetworks {
  const { names, options, attachments, provider, hostId, log } = parts
  const locks = createLocks()
  /** The last coming or going of a port, for who asks the provider and must not come back with older news. */
  const changes = new Map<string, number>()
  let lastChange = 0
  /** Networks whose guests here have changed, which the other hosts have not been told. */
  const news = new Set<string>()
  let isAnnounced = false
  const networksHere = () => [...new Set(attachments.all().map(({ networkId }) => networkId))]
  /** undefined: frames for everybody take another way. */
  const meetings =
    options.peers === 'provider'
      ? createMeetings({
          ...options,
          follow: async (networkId) => (await follow(networkId)).hosts,
          followSoon: (networkId) => follower.soon(networkId),
          isHere: (networkId) => attachments.of(networkId).length > 0,
          log,
        })
      : undefined
  const follower = createFollower({
    everyMs: options.refreshMs,
    networks: networksHere,
    async follow(networkId) {
      const { hosts } = await follow(networkId)
      if (news.delete(networkId)) meetings?.tell(networkId, hosts)
    },
    failed: (network, err) => log.warn({ network, err }, 'a network on this host could not be brought up to date'),
  })

  function changed(networkId: string): void {
    news.add(networkId)
    follower.soon(networkId)
  }

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
      await putForwarding(names, networkId, known, meetings !== undefined)
      // Where hosts do not tell each other, what this one knows may be too old to answer with.
      if (meetings && options.refreshMs > 0)
        await putNeighbours(names, networkId, neighboursIn(facts.ports, known.isComplete))
    })
    return known
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
    const address = underlayAddress(options.underlay)
    if (address === undefined) return
    await provider.announce(hostId, address)
    isAnnounced = true
  }

  async function removeNetwork(networkId: string, dir: string): Promise<void> {
    await stopDhcp(names, networkId, dir)
    await removeSegment(names, networkId)
    attachments.removeNetworkDir(networkId)
    changes.delete(networkId)
    meetings?.forget(networkId)
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
  if (networksHere().length > 0) meetings?.listen()

  return {
    join: (facts, signal) =>
      exclusive(facts.segment.networkId, async () => {
        // After an abort the release may have been here already. Otherwise it finds the attachment, and waits its turn.
        signal.throwIfAborted()
        meetings?.listen()
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
    async wired(networkId) {
      changed(networkId)
      await meetings?.meet(networkId)
    },
    changed,
    [Symbol.dispose]() {
      follower[Symbol.dispose]()
      meetings?.[Symbol.dispose]()
    },
  }
}
