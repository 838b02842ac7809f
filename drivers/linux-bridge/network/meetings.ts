// Where a provider's hosts know each other from the provider alone: a host that comes to a network makes sure that the
// others send it what is for everybody, and later they hear of its guests that come and go.
import type { DriverHost } from '@patchbay/vif-driver/contract.ts'
import { DriverError } from '@patchbay/vif-driver/driver-error.ts'
import { type Doorbell, openDoorbell } from './doorbell.ts'
import { underlayAddress } from './underlay-address.ts'

export interface Meetings extends Disposable {
  /** Hosts that come to networks of this one are heard from now on. Throws a DriverError: host-setup. */
  listen(): void
  /** Resolves when the other hosts know that this one has the network, or did not answer in time. */
  meet(networkId: string): Promise<void>
  /** Guests of this host came or went. The others look soon; who does not hear of it looks as ever. */
  tell(networkId: string, hosts: readonly string[]): void
  /** The network is no longer on this host. */
  forget(networkId: string): void
}

export interface MeetingsParts {
  readonly underlay: string
  readonly vxlanPort: number
  /** Puts the entries of a network on this host, and answers the addresses of the other hosts that have it. */
  follow(networkId: string): Promise<readonly string[]>
  followSoon(networkId: string): void
  isHere(networkId: string): boolean
  readonly log: DriverHost['log']
}

/** The doorbell of a provider's hosts is this much above its VXLAN port. */
const doorbellOffset = 10_000

export function createMeetings({ underlay, vxlanPort, follow, followSoon, isHere, log }: MeetingsParts): Meetings {
  /** Under way, or done. */
  const met = new Map<string, Promise<void>>()
  let doorbell: Doorbell | undefined

  function listen(): Doorbell {
    doorbell ??= openDoorbell(
      { address: usableAddress(), port: vxlanPort + doorbellOffset },
      {
        look: async (networkId) => void (isHere(networkId) && (await follow(networkId))),
        lookSoon: (networkId) => void (isHere(networkId) && followSoon(networkId)),
        failed: (err) => log.warn({ err }, 'a host that came to a network could not be answered'),
      },
    )
    return doorbell
  }

  function usableAddress(): string {
    const address = underlayAddress(underlay)
    if (address === undefined)
      throw new DriverError('host-setup', `${underlay} has no IPv4 address: the other hosts need one to send to`)
    return address
  }

  /** Asked after the provider was told: of two hosts that come at the same time, at least one sees the other. */
  async function introduce(networkId: string): Promise<void> {
    const hosts = await follow(networkId)
    const silent = await listen().ring(networkId, hosts)
    if (silent.length > 0)
      log.warn({ network: networkId, hosts: silent }, 'hosts did not answer that they know of this one on the network')
  }

  return {
    listen: () => void listen(),
    meet(networkId) {
      const meeting = met.get(networkId) ?? introduce(networkId)
      met.set(networkId, meeting)
      return meeting.catch((error) => {
        // The next port tries again.
        met.delete(networkId)
        throw error
      })
    },
    tell: (networkId, hosts) => void listen().tell(networkId, hosts),
    forget: (networkId) => void met.delete(networkId),
    [Symbol.dispose]: () => doorbell?.[Symbol.dispose](),
  }
}
